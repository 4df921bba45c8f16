"""Facts in French words, for what is shown back, the recap and its buttons."""

import datetime
from typing import Any

from bot.directory.places import Place
from bot.orientation import FACTS

HIDDEN = ("commune", "leave_start", "danger")
"""Said together with another fact, or never shown."""
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


def value(name: str, known: dict[str, Any]) -> str:
    """The value of one fact in words. `known` holds it and the facts said with it (commune, leave_start)."""
    given = known[name]
    fact = FACTS[name]
    if name == "department":
        return Place(given, known.get("commune")).label
    if name == "leave_days":
        start = f", depuis le {date(known['leave_start'])}" if known.get("leave_start") else ""
        return f"{given} jours{start}"
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
        name: f"{FACTS[name].label} : {value(name, known)}"
        for name in FACTS
        if known.get(name) is not None and name not in HIDDEN
    }


NEEDS_ITS_LABEL = ("unfit", "boeth", "same_job_possible", "cause")
"""Choices whose value alone (« Non ») would say nothing."""
SAID_BY = {"on_leave": "leave_days", "health_problem": "on_leave"}
"""Facts that another one says already, when both were just understood."""


def facts(known: dict[str, Any]) -> list[str]:
    """What was just understood, in as few words as possible: values that speak alone stand without their label."""
    pieces = []
    for name in FACTS:
        if known.get(name) is None or name in HIDDEN or known.get(SAID_BY.get(name, "")):
            continue
        if name == "audience" and known[name] == "worker":
            continue
        alone = FACTS[name].kind in ("choice", "place") and name not in NEEDS_ITS_LABEL
        pieces.append(value(name, known) if alone else f"{FACTS[name].label} : {value(name, known)}")
    return [piece[0].lower() + piece[1:] if _is_common(piece) else piece for piece in pieces]


def _is_common(piece: str) -> bool:
    """False for a place or an acronym, whose capital stays."""
    return "(" not in piece and not piece[:2].isupper()
