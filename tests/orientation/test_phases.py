"""Chaque statut, à chaque moment : les étapes avec leurs textes, les échéances, ce qui est ouvert aujourd'hui.

La table est large et courte ; `profiles.yml` dit tout d'un plan, pour moins de personnes.
"""

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.orientation import Situation, orient
from bot.orientation.law import SOURCES

ON = date(2026, 11, 22)
TABLE = yaml.safe_load((Path(__file__).parent / "phases.yml").read_text(encoding="utf-8"))
BASE = {
    "audience": "worker", "department": "35", "sector": "general", "health_problem": True, "unfit": "none",
    "boeth": "no", "cause": "non_professional",
}  # fmt: skip
CASES = [(status, phase) for status in TABLE["statuses"] for phase in TABLE["phases"]]


def described(status, phase):
    facts = {**BASE, **TABLE["statuses"][status], **TABLE["phases"][phase]}
    plan = orient(Situation.from_json(facts), ON)
    assert plan.missing == ()
    return {
        "steps": [
            f"{step.id} {step.when}: {' '.join(dict.fromkeys(said.source for said in step.why))}"
            for step in plan.steps
        ],
        "deadlines": [f"{d.day} {d.source}" for step in plan.steps for d in step.deadlines],
        "open": " ".join(device.id for device in plan.devices if device.status == "open"),
    }


@pytest.mark.parametrize(("status", "phase"), CASES)
def test_le_chemin_de_chaque_statut_a_chaque_moment(status, phase):
    assert described(status, phase) == TABLE["plans"][status][phase]


def test_la_table_ne_cite_que_des_textes_connus():
    plans = [plan for phases in TABLE["plans"].values() for plan in phases.values()]
    assert len(plans) == len(CASES)
    cited = {name for plan in plans for step in plan["steps"] for name in step.split(": ")[1].split()}
    assert cited <= set(SOURCES)
