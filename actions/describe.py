"""Facts in French words, for what is shown back, the recap and its buttons."""

import datetime
from typing import Any

from bot.directory.places import Place
from bot.orientation import FACTS

HIDDEN = ("commune", "leave_start", "danger")
"""Said together with another fact, or never shown."""
COUNTED_IN_DAYS = 46
DAYS_OF_A_MONTH = 30.44
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def date(iso: str) -> str:
    """« 24 août 2026 » for an ISO date."""
    day = datetime.date.fromisoformat(iso)
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def length(days: int) -> str:
    """« 40 jours », « environ 4 mois et demi »: nobody counts a long leave in days."""
    if days < COUNTED_IN_DAYS:
        return f"{days} jour{'s' if days > 1 else ''}"
    halves = round(2 * days / DAYS_OF_A_MONTH)
    return f"environ {halves // 2} mois{' et demi' if halves % 2 else ''}"


def value(name: str, known: dict[str, Any]) -> str:
    """The value of one fact in words. `known` holds it and the facts said with it (commune, leave_start)."""
    given = known[name]
    fact = FACTS[name]
    if name == "department":
        return Place(given, known.get("commune")).label
    if name == "leave_days":
        start = known.get("leave_start")
        return f"depuis le {date(start)} ({length(given)})" if start else f"depuis {length(given)}"
    if name == "boeth":
        return fact.values[given].split(",")[0]  # the button tells the equivalents, the recap need not
    if fact.kind == "date":
        return date(given)
    if fact.kind == "boolean":
        return "oui" if given else "non"
    if fact.kind == "integer":
        return str(given)
    return fact.values[given]


def lines(known: dict[str, Any]) -> dict[str, str]:
    """Fact → « label : valeur », in the order of the Situation; unknown and hidden facts are left out."""
    return {
        name: f"{FACTS[name].label} : {_said(name, known)}"
        for name in FACTS
        if known.get(name) is not None and name not in HIDDEN
    }


NEEDS_ITS_LABEL = ("unfit", "boeth", "same_job_possible", "cause")
"""Choices whose value alone (« Non ») would say nothing."""
PLACES = ("department",)
GOES_WITHOUT_SAYING = {
    "audience": "worker",
    "concern": "one_person",
    "health_problem": True,
    "sector": "general",
}
"""Values not worth showing back at once: they stand in the recap."""
SAID_BY = {"on_leave": "leave_days", "health_problem": "on_leave"}
"""Facts that another one says already, when both were just understood."""


def facts(known: dict[str, Any]) -> list[str]:
    """What was just understood, in as few words as possible: values that speak alone stand without their label."""
    pieces = []
    for name in FACTS:
        if known.get(name) is None or name in HIDDEN or known.get(SAID_BY.get(name, "")):
            continue
        if known[name] == GOES_WITHOUT_SAYING.get(name):
            continue
        if name == "leave_days":
            pieces.append(f"{inside(FACTS['on_leave'].label)} {value(name, known)}")
            continue
        alone = FACTS[name].kind in ("choice", "place") and name not in NEEDS_ITS_LABEL
        said = _said(name, known)
        pieces.append(said if alone else f"{inside(FACTS[name].label)} : {said}")
    return pieces


def _said(name: str, known: dict[str, Any]) -> str:
    """The value as it stands in a sentence; a place keeps its capital."""
    words = value(name, known)
    return words if name in PLACES else inside(words)


def inside(words: str) -> str:
    """The words as they stand in a sentence; an acronym keeps its capital."""
    return words if words[:2].isupper() else words[0].lower() + words[1:]
