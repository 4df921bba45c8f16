"""Facts in French words, for what is shown back, the recap and its buttons."""

import datetime
from typing import Any

from bot.directory.places import department_name
from bot.orientation import FACTS

HIDDEN = ("commune", "leave_start", "danger")
"""Said together with another fact, or never shown."""
MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre")


def date(iso: str) -> str:
    """« 24 août 2026 » for an ISO date."""
    day = datetime.date.fromisoformat(iso)
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def value(name: str, known: dict[str, Any]) -> str:
    """The value of one fact in words. `known` holds it and the facts said with it (commune, leave_start)."""
    given = known[name]
    fact = FACTS[name]
    if name == "department":
        place = f"{department_name(given)} ({given})"
        return f"{known['commune']}, {place}" if known.get("commune") else place
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


def facts(known: dict[str, Any]) -> list[str]:
    """The facts as short pieces of a sentence."""
    return list(lines(known).values())
