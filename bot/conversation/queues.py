"""Queues of the advisers by territory: opening hours, and whom to name when nobody is there."""

import os
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.settings import ROOT, SettingsError

_PARIS = ZoneInfo("Europe/Paris")
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_EVERYWHERE = "tous"


@dataclass(frozen=True)
class Opening:
    """Some hours of some days of the week, in Paris."""

    days: frozenset[int]
    """0 is Monday."""
    start: time
    end: time

    def holds(self, moment: datetime) -> bool:
        """Whether this local moment is within."""
        return moment.weekday() in self.days and self.start <= moment.time() < self.end


@dataclass(frozen=True)
class Queue:
    """Where the requests of a territory go."""

    id: str
    name: str
    departments: frozenset[str] | None
    """None: all of them."""
    hours: tuple[Opening, ...]
    """Empty: as soon as an adviser is on duty."""
    said: str
    closed_on: frozenset[date]
    structure: tuple[str, ...]
    """Types of organisms of the directory, in the order in which to name them."""

    def open_at(self, moment: datetime) -> bool:
        """Whether advisers answer at this moment (with its zone)."""
        local = moment.astimezone(_PARIS)
        if local.date() in self.closed_on:
            return False
        return not self.hours or any(opening.holds(local) for opening in self.hours)


def queue_of(department: str | None) -> Queue | None:
    """The queue of a department, or None where there is none.

    Someone of nowhere yet goes to that of everywhere, or to the first of the file where each has its territory.
    """
    found = (each for each in queues() if each.departments is None or department in each.departments)
    return next(found, queues()[0] if department is None and queues() else None)


def queues() -> tuple[Queue, ...]:
    """The queues of `RELAIS_PERMANENCES` or of the project, in order. Raises SettingsError, naming the wrong one."""
    path = os.environ.get("RELAIS_PERMANENCES", "")
    return _read(Path(path) if path else ROOT / "data" / "console" / "permanences.yml")


@lru_cache(maxsize=4)
def _read(path: Path) -> tuple[Queue, ...]:
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        entries = list(raw["queues"])
    except (OSError, yaml.YAMLError, KeyError, TypeError) as problem:
        raise SettingsError(f"{path}: a YAML file with a list « queues » is expected") from problem
    return tuple(_queue(path, entry) for entry in entries)


def _queue(path: Path, entry: dict[str, Any]) -> Queue:
    try:
        everywhere = entry["departments"] == _EVERYWHERE
        queue = Queue(
            id=str(entry["id"]),
            name=str(entry["name"]),
            departments=None if everywhere else frozenset(str(each) for each in entry["departments"]),
            hours=tuple(_opening(each) for each in entry["hours"]),
            said=str(entry["said"]),
            closed_on=frozenset(date.fromisoformat(str(each)) for each in entry["closed_on"]),
            structure=tuple(entry["structure"]),
        )
    except (KeyError, TypeError, ValueError) as problem:
        name = entry.get("id", "?") if isinstance(entry, dict) else "?"
        raise SettingsError(f"{path}: queue {name}: {problem}") from problem
    if queue.hours and not queue.said:
        raise SettingsError(f"{path}: queue {queue.id}: « said » is needed where there are hours")
    return queue


def _opening(entry: dict[str, Any]) -> Opening:
    days = frozenset(_DAYS.index(day) for day in entry["days"])
    opening = Opening(days, time.fromisoformat(entry["from"]), time.fromisoformat(entry["to"]))
    if opening.start >= opening.end:
        raise ValueError(f"{entry['from']} is not before {entry['to']}")
    return opening
