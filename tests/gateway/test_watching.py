"""Metrics: those that exist, those that the dashboard, the alerts and the page name."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from sqlalchemy.exc import OperationalError

from bot.gateway.measures import Measures
from bot.settings import ROOT
from tests.gateway.conftest import Person, break_rasa
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.test_advisers import waiting

DASHBOARD: dict[str, Any] = json.loads(
    (ROOT / "deploy" / "grafana" / "relais.json").read_text(encoding="utf-8")
)
ALERTS: dict[str, Any] = yaml.safe_load(
    (ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
)
PAGE = (ROOT / "docs" / "surveiller.md").read_text(encoding="utf-8")
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
METRIC = re.compile(r"\brelais_[a-z_]+\b")
OF_PROMETHEUS = {"le", "job", "instance"}


def exposed() -> dict[str, set[str]]:
    """Each series that `Measures` can give, with its labels."""
    measures, found = Measures(), {}
    for each in vars(measures).values():
        if hasattr(each, "describe"):
            [family] = each.describe()
            endings = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}.get(
                family.type, [""]
            )
            found |= {family.name + ending: set(each._labelnames) for ending in endings}
    return found


def expressions() -> Iterator[tuple[str, str]]:
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield f"panel {panel['title']}", target["expr"]
    for rule in RULES:
        yield rule["alert"], rule["expr"]


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_le_tableau_de_bord_et_les_alertes_nomment_de_vraies_mesures(where: str, expression: str) -> None:
    known = exposed()
    named = set(METRIC.findall(re.sub(r'"[^"]*"', '""', expression)))
    assert named <= set(known), where
    assert named or "up{" in expression, where
    labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", expression))
    labels |= {
        label.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(",")
    }
    assert labels <= OF_PROMETHEUS.union(*(known[name] for name in named)), where
    assert expression.count("(") == expression.count(")"), where


def test_la_page_dit_chaque_mesure_et_rien_d_autre() -> None:
    assert set(METRIC.findall(PAGE)) == {re.sub(r"_(bucket|sum|count)$", "", name) for name in exposed()}


def test_chaque_alerte_dit_sa_gravite_et_quoi_faire() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["labels"]["severity"] in ("critical", "warning"), rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]
        assert rule["annotations"]["action"], rule["alert"]
        assert re.fullmatch(r"\d+[mh]", rule.get("for", "1m")), rule["alert"]


def test_les_panneaux_ne_se_recouvrent_pas_et_lisent_la_source_choisie() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(at["x"] + x, at["y"] + y) for x in range(at["w"]) for y in range(at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        assert panel["datasource"]["uid"] == "${source}", panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


async def scraped(person: Person) -> dict[str, float]:
    text = await (await person.client.get("/metrics")).text()
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def test_les_mesures_disent_rasa_et_l_attente_d_un_conseiller(person: Person, rasa: FakeRasa) -> None:
    await waiting(person)
    seen = await scraped(person)
    assert seen["relais_rasa_up"] == 1
    assert seen["relais_advisers_waited_for"] == 1
    break_rasa(person, rasa, "error")
    assert (await scraped(person))["relais_rasa_up"] == 0


async def test_ce_qui_n_est_pas_compris_se_compte(person: Person, rasa: FakeRasa) -> None:
    await person.begin(consent="yes")
    await person.say("bonjour")
    assert 'relais_not_understood_total{channel="web"}' not in await scraped(person)
    rasa.understood = "nlu_fallback"
    await person.say("blabla")
    assert (await scraped(person))['relais_not_understood_total{channel="web"}'] == 1


async def test_sans_base_les_mesures_repondent(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(_departments: object) -> int:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(person.gateway.advisers.handoffs, "waiting", away)
    assert math.isnan((await scraped(person))["relais_advisers_waited_for"])
