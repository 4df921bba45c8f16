"""The question of `/conversation` as plain HTML controls, and what is said by the one that was filled in."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.directory.gazetteer import gazetteer
from bot.gateway.advisers import TOWARDS_ADVISER
from bot.web.text import french_date
from bot.widget.bundle import words

TOOLS = ("dont_know", "go_back", "why_question")
FIELD = "value"
"""Name of the native control; `asks` says which question it answers."""


def controls(question: Mapping[str, Any] | None, today: date) -> dict[str, Any]:
    """What the template shows: answers, changes of the recap, help, a native control, the rank of the question."""
    question = question or {}
    said, choices = words(), list(question.get("choices") or [])
    recap = question.get("asks") == "confirm"
    answers = [each for each in choices if each["id"] not in TOOLS]
    changes = [each for each in answers if recap and each["id"] not in ("yes", *TOWARDS_ADVISER)]
    progress = question.get("progress")
    return {
        "answers": [each for each in answers if each not in changes],
        "changes": changes,
        "tools": [each for name in TOOLS for each in choices if each["id"] == name],
        "native": _native(question.get("asks"), said, today),
        "progress": said["progress"].format(**progress) if progress else None,
        "words": said,
    }


def _native(asks: str | None, said: Mapping[str, Any], today: date) -> dict[str, Any] | None:
    found = said["inputs"].get(asks)
    if found is None:
        return None
    kind = found["type"]
    limit = found.get("max") or (today.isoformat() if found.get("until_today") else None)
    departments = gazetteer().departments.values() if kind == "place" else ()
    return {
        "asks": asks,
        "type": kind,
        "label": found["label"],
        "send": said[f"send_{kind}"],
        "hint": said.get(f"{kind}_hint"),
        "max": limit,
        "places": [f"{each.name} ({each.code})" for each in departments],
    }


def spoken(asks: str, value: str) -> str:
    """The sentence that a native control stands for; what cannot be read as its type is said as it was typed."""
    found = words()["inputs"].get(asks)
    value = value.strip()
    if found is None or not value:
        return value
    if found["type"] == "date":
        try:
            value = french_date(datetime.strptime(value, "%Y-%m-%d").date().isoformat())  # noqa: DTZ007 (a day)
        except ValueError:
            return value
    if found["type"] == "number" and not value.isdecimal():
        return value
    sentence: str = found["say"]
    return sentence.format(value=value)
