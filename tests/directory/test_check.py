"""The check sees what a person would regret: bad numbers, doubles, holes, age; links are opened politely."""

import datetime as dt
import re
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.directory import check, links
from bot.directory.contact import Entry, Value
from bot.directory.form import problem_of
from bot.directory.gazetteer import DATA
from bot.directory.importer import read_csv
from bot.directory.lookup import Directory

TODAY = dt.date(2026, 11, 26)


def test_les_donnees_du_projet_n_ont_aucune_erreur(directory):
    errors = [p for p in check.check(directory, TODAY) if p.severity == "error"]
    assert errors == []


def test_chaque_champ_du_projet_dit_d_ou_il_vient():
    for line in read_csv(DATA / "champs.csv", ("organism_id", "value", "source_url", "confidence")):
        assert re.match(r"https?://\S+$", line["source_url"]), line
        assert line["confidence"] in ("official", "mirror", "secondary"), line


def value(text, date=TODAY, source="https://a.fr"):
    return Value(text, "", source, date)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (Entry("x", "banque", {"name": value("X")}), "type inconnu"),
        (Entry("x", "mdph", {}), "nom absent"),
        (Entry("x", "mdph", {"name": value("X"), "phone": value("01 02")}), "numérotation"),
        (Entry("x", "carsat", {"name": value("X"), "phone": value("3960")}), "retraite"),
        (Entry("x", "mdph", {"name": value("X"), "website": value("www.a.fr")}), "adresse web"),
        (Entry("x", "mdph", {"name": value("X"), "phone": value("3646", source="un ami")}), "source absente"),
        (
            Entry("x", "mdph", {"name": value("X"), "phone": value("3646", dt.date(2027, 1, 1))}),
            "date à venir",
        ),
        (Entry("x", "mdph", {"name": value("X"), "departments": value("52 99")}), "département inconnu"),
        (Entry("x", "mdph", {"name": value("X"), "couleur": value("bleu")}), "champ inconnu"),
    ],
)
def test_chaque_defaut_est_dit(entry, message):
    problems = check.check(Directory([entry]), TODAY)
    assert any(p.organism_id == "x" and message in p.message for p in problems), problems


def test_un_double_et_un_trou_de_couverture_sont_dits():
    one = Entry("a", "mdph", {"name": value("MDPH Haute-Marne")}, ("52",))
    two = Entry("b", "mdph", {"name": value("MDPH Haute Marne")}, ("52",))
    messages = [p.message for p in check.check(Directory([one, two]), TODAY)]
    assert "en double avec a" in messages
    assert any(message.startswith("aucun moyen de joindre") for message in messages)


def test_un_numero_d_urgence_ancien_reste_mais_se_signale():
    samu = Entry(
        "samu",
        "national",
        {"name": value("SAMU"), "phone": value("15", None)},
        ("FR",),
        frozenset({"emergency"}),
    )
    problems = [p for p in check.check(Directory([samu]), TODAY) if p.organism_id == "samu"]
    assert [(p.severity, p.field) for p in problems] == [("warning", "phone")]


@pytest.mark.parametrize(
    "phone",
    [
        "15",
        "112",
        "114",
        "3114",
        "3646",
        "36 46",
        "116 117",
        "0 800 11 10 09",
        "03 25 30 20 20",
        "0262 90 00 00",
        "0590 41 00 00",
    ],
)
def test_les_numeros_de_france_et_d_outre_mer_sont_reconnus(phone):
    assert problem_of("phone", phone) == ""


def test_le_readme_dit_les_vrais_comptes(directory):
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    found = re.search(
        r"<!-- comptes du (\d{4}-\d{2}-\d{2}) -->\n(.*?)\n<!-- fin des comptes -->", readme, re.S
    )
    assert found, "data/directory/README.md doit tenir le tableau entre ses deux marques"
    entries = directory.entries()
    table = check.counts_table(check.counts(entries, dt.date.fromisoformat(found[1])))
    table += f"\n\n{check.without_service(entries)}"
    assert found[2] == table, f"tableau à jour :\n{table}"


@pytest.fixture
async def site():
    seen = {"at_once": 0, "most": 0, "methods": []}

    async def page(request: web.Request) -> web.Response:
        seen["at_once"] += 1
        seen["most"] = max(seen["most"], seen["at_once"])
        seen["methods"].append(request.method)
        await request.read()
        seen["at_once"] -= 1
        status = {
            "/ok": 200,
            "/gone": 404,
            "/robots": 403,
            "/nohead": 405 if request.method == "HEAD" else 200,
        }
        return web.Response(status=status[request.path])

    app = web.Application()
    app.router.add_route("*", "/{name}", page)
    server = TestServer(app)
    await server.start_server()
    yield server, seen
    await server.close()


async def test_les_liens_sont_ouverts_un_par_un_sur_chaque_site(site):
    server, seen = site
    urls = [str(server.make_url(path)) for path in ("/ok", "/gone", "/robots", "/nohead")]
    async with aiohttp.ClientSession() as session:
        results = await links.open_links(session, [*urls, "http://127.0.0.1:1/ferme"], pause=0, timeout=2)
    works = {result.url.rsplit("/", 1)[1]: result.works for result in results}
    assert works == {"ok": True, "gone": False, "robots": True, "nohead": True, "ferme": False}
    assert seen["most"] == 1
    report = links.links_report(results)
    assert "2 en panne" in report
    assert "/gone (404)" in report


def test_tous_les_liens_montres_sont_a_ouvrir(directory):
    urls = links.links_of(directory.entries())
    assert "https://lannuaire.service-public.gouv.fr/navigation/maison_handicapees" in urls
    assert "https://spstn.org" in urls
    assert len(urls) == len(set(urls))
    assert Path(DATA / "types.yml").exists()
