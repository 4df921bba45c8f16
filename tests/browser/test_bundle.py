"""The script as it is served: its weight, what it may not contain, how it is cached."""

import gzip
import re
from typing import Any

import pytest
import yaml
from aiohttp.test_utils import TestClient

from bot.settings import ROOT
from bot.widget.bundle import BUDGET, HERE, MODULES, bundle, words
from tests.gateway.conftest import Person
from tests.gateway.conftest import person as person
from tests.gateway.conftest import rasa as rasa
from tests.gateway.conftest import settings as settings
from tests.gateway.conftest import start as start

SOURCES = {name: (HERE / f"{name}.js").read_text(encoding="utf-8") for name in MODULES}


def test_le_script_pese_moins_de_25_ko():
    assert len(bundle().gzipped) <= BUDGET
    assert gzip.decompress(bundle().gzipped) == bundle().script


def test_tous_les_modules_y_sont_et_aucun_n_est_importe_apres():
    assert {path.stem for path in HERE.glob("*.js")} == set(MODULES)
    for rank, name in enumerate(MODULES):
        imported = set(re.findall(r'from "\./(\w+)\.js"', SOURCES[name]))
        assert imported <= set(MODULES[:rank]), name


def test_deux_modules_ne_nomment_pas_deux_choses_pareil():
    """They share one function: the second name would silently replace the first."""
    declared = [
        name
        for source in SOURCES.values()
        for name in re.findall(
            r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", source, re.MULTILINE
        )
    ]
    assert len(declared) > 30
    assert len(declared) == len(set(declared))


def test_ce_qui_est_importe_est_exporte():
    for name, source in SOURCES.items():
        for names, module in re.findall(r'^import \{ (.+) \} from "\./(\w+)\.js";$', source, re.MULTILINE):
            for imported in names.split(", "):
                assert re.search(
                    rf"^export (?:async )?(?:function|class|const) {imported}\b", SOURCES[module], re.M
                ), name


FORBIDDEN = """innerHTML outerHTML insertAdjacentHTML eval( Function( document.write .style. sessionStorage"""


@pytest.mark.parametrize("forbidden", FORBIDDEN.split())
def test_rien_n_est_lu_comme_du_html_ni_execute(forbidden: str):
    for name, source in SOURCES.items():
        assert forbidden not in source, name


def test_aucune_adresse_d_ailleurs_sauf_la_page_neutre_et_la_carte():
    script = bundle().script.decode()
    assert set(re.findall(r"https?://[\w.]+", script)) == {
        "https://meteofrance.com",
        "https://www.openstreetmap.org",
    }


def test_chaque_phrase_sert_et_chaque_phrase_existe():
    sources = "\n".join(SOURCES.values())
    said: dict[str, Any] = words()
    used = set(re.findall(r"(?:[wW]ords|WORDS)\.(?:plan\.)?(\w+)", sources)) | {"date", "number"}
    composed = {f"{kind}_{problem}" for kind in ("date", "number") for problem in ("missing", "wrong")}
    composed |= {"send_date", "send_number", "send_place", "place_hint", "place_missing", "contrast", "aloud"}
    for name in set(said) | set(said["plan"]):
        assert name in used | composed, name
    for name in used - {"date", "number", "length", "slice", "matchAll", "replace"}:  # some words are strings
        assert name in set(said) | set(said["plan"]), name


def test_les_numeros_d_urgence_sont_ceux_de_la_passerelle():
    gateway = yaml.safe_load((ROOT / "data/gateway.yml").read_text(encoding="utf-8"))["links"]
    for number in words()["emergency_numbers"]:
        assert number["url"] in {link["url"] for link in gateway.values()}


@pytest.fixture
def client(person: Person) -> TestClient[Any, Any]:
    return person.client


async def test_le_script_se_met_en_cache_et_se_verifie(client: TestClient[Any, Any]):
    response = await client.get("/relais.js", headers={"Accept-Encoding": "gzip"})
    assert response.status == 200
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=600"
    assert await response.read() == bundle().script
    again = await client.get("/relais.js", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status == 304


async def test_n_importe_quel_site_peut_charger_le_script(client: TestClient[Any, Any]):
    response = await client.get("/relais.js", headers={"Origin": "https://ailleurs.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
