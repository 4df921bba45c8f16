"""What an adviser looks for: read from the inbox's address, and written back to it. Unknown values are left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bot.console.review.queues import Queue

STATUSES = ("todo", "doing", "check", "done", "off_topic", "wrong")
OPEN = ("todo", "doing", "check")
"""Statuses of what still waits for someone."""
_EVENT = re.compile(r"[a-z_]+(:[A-Za-z0-9_]+(=[A-Za-z0-9_-]+)?)?\Z")
_WORD = re.compile(r"[A-Za-z0-9_]{1,32}\Z")
_LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Filters:
    """One field per parameter of the address; empty or None: not filtered by."""

    words: str = ""
    """Every one of these words was written, in any form."""
    queue: Queue | None = None
    status: str = "open"
    """open (todo, doing, check), any, or one of STATUSES."""
    reader: str = ""
    """me, none, or an adviser's number: the one it is assigned to, or its second reader."""
    tag: str = ""
    department: str = ""
    audience: str = ""
    profile: str = ""
    channel: str = ""
    step: str = ""
    outcome: str = ""
    """plan, human, stopped, or none."""
    since: date | None = None
    """Active from this day on, in France."""
    until: date | None = None
    shortest: int | None = None
    """Least number of turns."""
    longest: int | None = None
    surest: int | None = None
    """The least sure message is at most this sure, in hundredths."""
    least_sure: int | None = None
    intent: str = ""
    fact: str = ""
    """« status », or « status=salarie_prive »."""
    orientation: str = ""
    """A step of the plan given."""
    flag: str = ""
    event: str = ""
    """Name of an event (`ReviewEvent.name`)."""
    then: str = ""
    """Another one, later than `event`."""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """From the parameters of an address."""
        values = {name: _READERS[name](query.get(parameter, "").strip()) for name, parameter in NAMES.items()}
        return cls(**{name: value for name, value in values.items() if value not in (None, "")})

    def address(self, **other: Any) -> str:
        """The query string that reads back as these filters, with some of them replaced."""
        values = {field.name: getattr(self, field.name) for field in fields(self)} | other
        default = Filters()
        kept = {
            NAMES[name]: _write(value) for name, value in values.items() if value != getattr(default, name)
        }
        return urlencode(kept)

    @property
    def narrowed(self) -> list[str]:
        """Names of the filters in use, but the queue and the status, which have their own place in the page."""
        default = Filters()
        shown = (field.name for field in fields(self) if field.name not in ("queue", "status"))
        return [name for name in shown if getattr(self, name) != getattr(default, name)]

    @property
    def events(self) -> list[str]:
        """The events that must have happened, in whatever order."""
        named = (
            ("intent", self.intent),
            ("fact", self.fact),
            ("plan", self.orientation),
            ("flag", self.flag),
        )
        return [f"{kind}:{value}" for kind, value in named if value]


NAMES = {
    "words": "q", "queue": "file", "status": "statut", "reader": "relecteur", "tag": "etiquette",
    "department": "departement", "audience": "public", "profile": "profil", "channel": "canal", "step": "etape",
    "outcome": "issue", "since": "du", "until": "au", "shortest": "tours_min", "longest": "tours_max",
    "least_sure": "confiance_min", "surest": "confiance_max", "intent": "intention", "fact": "fait",
    "orientation": "orientation", "flag": "signal", "event": "evenement", "then": "puis",
}  # fmt: skip
"""Field → parameter of the address."""


def _word(text: str) -> str:
    return text if _WORD.match(text) else ""


def _event(text: str) -> str:
    return text if len(text) <= 64 and _EVENT.match(text) else ""


def _fact(text: str) -> str:
    return text if _event(f"fact:{text}") else ""


def _status(text: str) -> str:
    return text if text in STATUSES or text == "any" else ""


def _queue(text: str) -> Queue | None:
    return next((queue for queue in Queue if queue.slug == text), None)


def _number(text: str) -> int | None:
    return min(int(text), 1_000_000) if text.isdecimal() and len(text) < 10 else None


def _percent(text: str) -> int | None:
    number = _number(text)
    return None if number is None or number > 100 else number


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_READERS: dict[str, Any] = dict.fromkeys(NAMES, _word) | {
    "words": lambda text: text[:_LONGEST_SEARCH], "tag": lambda text: text[:40], "queue": _queue,
    "status": _status, "since": _day, "until": _day, "shortest": _number, "longest": _number,
    "surest": _percent, "least_sure": _percent, "fact": _fact, "event": _event, "then": _event,
}  # fmt: skip


def _write(value: Any) -> str:
    if isinstance(value, Queue):
        return value.slug
    return value.isoformat() if isinstance(value, date) else str(value)
