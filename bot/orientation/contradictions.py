"""Answers that cannot hold together, said plainly: « vos deux réponses se contredisent »."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from bot.orientation.facts import load_yaml
from bot.orientation.plan import Contradiction
from bot.orientation.situation import Situation


def contradictions(situation: Situation, on: date) -> tuple[Contradiction, ...]:
    """The contradictions of a situation on a day. Sentences are in `data/orientation/contradictions.yml`."""
    facts = situation.facts
    start = situation.leave_start(on)
    back = facts.get("return_date")
    found = [entry for entry in _of_facts() if _holds(entry["if"], facts)]
    named = _of_dates()
    if isinstance(back, date) and start is not None and back < start:
        found.append(named["return_before_leave"])
    if isinstance(back, date) and back < on and facts.get("on_leave") is True:
        found.append(named["return_passed"])
    if start is not None and start > on:
        found.append(named["leave_in_the_future"])
    unfit_date = facts.get("unfit_date")
    if isinstance(unfit_date, date) and unfit_date > on:
        found.append(named["unfit_in_the_future"])
    days = facts.get("leave_days")
    if start is not None and "leave_start" in facts and isinstance(days, int) and days != (on - start).days:
        found.append(named["leave_two_lengths"])
    return tuple(Contradiction(entry["text"], tuple(entry["facts"])) for entry in found)


@cache
def _of_facts() -> tuple[Mapping[str, Any], ...]:
    return tuple(entry for entry in load_yaml("contradictions.yml") if "if" in entry)


@cache
def _of_dates() -> Mapping[str, Mapping[str, Any]]:
    return {entry["id"]: entry for entry in load_yaml("contradictions.yml") if "id" in entry}


def _holds(conditions: dict[str, list[object]], facts: Any) -> bool:
    return all(
        name in facts and (facts[name] in accepted or accepted == ["*"])
        for name, accepted in conditions.items()
    )
