"""Chaque profil, à chaque moment : le chemin attendu, avec l'article de chaque dispositif."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.orientation import Situation, orient
from bot.orientation.law import SOURCES
from bot.orientation.wording import device_words

ON = date(2026, 11, 22)
PROFILES = yaml.safe_load((Path(__file__).parent / "profiles.yml").read_text(encoding="utf-8"))


def plan_of(facts):
    return orient(Situation.from_json(facts), ON)


@pytest.mark.parametrize("profile", PROFILES)
def test_le_chemin_du_profil(profile):
    expected = PROFILES[profile]
    plan = plan_of(expected["facts"])
    assert {step.id: step.when for step in plan.steps} == expected["steps"]
    assert list(expected["steps"]) == [step.id for step in plan.steps]
    assert [step.id for step in plan.not_concerned] == expected["not_concerned"]
    assert plan.first_step == expected["first_step"]
    assert {s.id: " ".join(s.contact_types) for s in plan.steps if s.contact_types} == expected["contacts"]


@pytest.mark.parametrize("profile", PROFILES)
def test_les_dispositifs_du_profil_et_leurs_articles(profile):
    expected = PROFILES[profile]
    plan = plan_of(expected["facts"])
    found = {"open": {}, "later": {}, "closed": {}}
    for device in plan.devices:
        article = plan.source_of(device.id).article
        found[device.status][device.id] = device.opens_on.isoformat() if device.opens_on else article
    assert found["open"] == expected["open"]
    assert found["later"] == expected["later"]
    assert set(found["closed"]) == set(device_words()) - set(expected["open"]) - set(expected["later"])


@pytest.mark.parametrize("profile", PROFILES)
def test_les_echeances_du_profil_et_leurs_articles(profile):
    plan = plan_of(PROFILES[profile]["facts"])
    found = {f"{d.day} {SOURCES[d.source].article}" for step in plan.steps for d in step.deadlines}
    assert sorted(found) == PROFILES[profile]["deadlines"]


def test_tous_les_profils_sont_la():
    names = " ".join(PROFILES)
    numbers = [*range(1, 12), *range(20, 32)]
    assert all(f"P{number:02}" in names for number in numbers)
    assert all(f"E{number:02}" in names for number in range(1, 7))
