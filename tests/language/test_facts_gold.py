"""Facts read in sentences written for this project: `facts/*.yml`, sentence → exact facts."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.language.facts import Fact, extract

TODAY = date(2026, 11, 22)
GOLD = Path(__file__).parent / "facts"
LEFT_OUT = {"audience": None, "health_problem": True, "sector": "general", "concern": "one_person"}
"""Facts that a sentence of the gold may leave out when they are only deduced."""


def _cases() -> list:
    return [
        pytest.param(case, id=f"{path.stem}-{number}")
        for path in sorted(GOLD.glob("*.yml"))
        for number, case in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), 1)
    ]


def _value(value):
    return value.isoformat() if isinstance(value, date) else value


def _expected(facts: dict) -> dict:
    """A day of start also gives the days since; the gold does not repeat them."""
    expected = {name: _value(value) for name, value in facts.items()}
    if "leave_start" in expected and "leave_days" not in expected:
        expected["leave_days"] = (TODAY - facts["leave_start"]).days
    return expected


def _may_be_left_out(fact: Fact) -> bool:
    expected = LEFT_OUT.get(fact.name, "")
    return fact.deduced and (expected is None or expected == fact.value)


@pytest.mark.parametrize("case", _cases())
def test_les_faits_d_une_phrase_sont_lus_exactement(case):
    found = extract(case["say"], today=TODAY, asked=case.get("asked"), audience=case.get("audience"))
    expected = _expected(case["facts"])
    said = {f.name: f.value for f in found if f.name in expected or not _may_be_left_out(f)}
    assert said == expected, case["say"]
    for fact in found:
        assert case["say"][fact.start : fact.end] == fact.words
        assert fact.words.strip()
