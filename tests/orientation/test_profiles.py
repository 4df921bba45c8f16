"""Chaque profil, à chaque moment : le chemin attendu, avec l'article de chaque dispositif."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.orientation import Situation, orient
from bot.orientation.findings import findings
from bot.orientation.law import SOURCES
from bot.orientation.outcomes import Advice, NotConcerned
from bot.orientation.wording import device_words

ON = date(2026, 11, 22)
TABLE = Path(__file__).parent / "profiles.yml"
PROFILES = yaml.safe_load(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}


def described(facts):
    """Le chemin d'une situation, dans la forme de la table."""
    situation = Situation.from_json(facts)
    plan, outcomes = orient(situation, ON), findings(situation, ON).outcomes
    found = {"open": {}, "later": {}, "closed": {}}
    for device in plan.devices:
        shown = device.opens_on.isoformat() if device.opens_on else plan.source_of(device.id).article
        reason = outcomes[f"device:{device.id}"].reason
        found[device.status][device.id] = reason if device.status == "closed" else f"{reason}, {shown}"
    return {
        "first_step": plan.first_step,
        "steps": {step.id: " ".join((step.when, *keys(outcomes, step.id))) for step in plan.steps},
        "say": {step.id: outcomes[f"step:{step.id}"].say for step in plan.steps},
        "bring": {step.id: outcomes[f"step:{step.id}"].bring for step in plan.steps},
        "informed": {step.id: step.employer_informed for step in plan.steps},
        "not_concerned": {
            step.id: outcome.why
            for step in plan.not_concerned
            if isinstance(outcome := outcomes[f"step:{step.id}"], NotConcerned)
        },
        "contacts": {step.id: " ".join(step.contact_types) for step in plan.steps if step.contact_types},
        "deadlines": [
            f"{step.id} {d.day} {SOURCES[d.source].article}" for step in plan.steps for d in step.deadlines
        ],
        **found,
    }


def keys(outcomes, step):
    """Clés des raisons d'une étape, celles de son territoire exceptées."""
    advice = outcomes[f"step:{step}"]
    assert isinstance(advice, Advice)
    return (*advice.why, *outcomes.get(f"reasons:{step}", ()))


@pytest.mark.parametrize("profile", PROFILES)
def test_le_chemin_du_profil(profile):
    expected = dict(PROFILES[profile])
    facts = expected.pop("facts")
    found = described(facts)
    assert list(found["steps"]) == list(expected["steps"])
    assert found == expected


@pytest.mark.parametrize("profile", PROFILES)
def test_le_profil_a_repondu_a_tout(profile):
    assert orient(Situation.from_json(PROFILES[profile]["facts"]), ON).missing == ()


@pytest.mark.parametrize("profile", PROFILES)
def test_chaque_dispositif_a_un_etat(profile):
    expected = PROFILES[profile]
    assert {*expected["open"], *expected["later"], *expected["closed"]} == set(device_words())


def test_tous_les_profils_sont_la():
    names = " ".join(PROFILES)
    numbers = [*range(1, 12), *range(20, 32)]
    assert all(f"P{number:02}" in names for number in numbers)
    assert all(f"E{number:02}" in names for number in range(1, 7))
