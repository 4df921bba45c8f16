"""The law in force on a day: parameters by date, and the articles that set them.

Values live in `data/orientation/thresholds.yml`, articles in `articles.yml`, other public pages in `pages.yml`.
A parameter keeps every value it ever had: `Law(on)` reads the one in force that day.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from bot.orientation.facts import load_yaml

Status = Literal["read", "third_party", "to_recheck"]
"""read: the text itself was read; third_party: in a concordant transcription; to_recheck: changed, not read."""

STALE_AFTER = timedelta(days=365)
"""A value last checked longer ago than this is shown with « à vérifier »."""


@dataclass(frozen=True)
class Source:
    """Where a sentence comes from: an article of a code, or a public page."""

    id: str
    article: str
    """Short legal reference, for example « C. trav. R4624-29 »."""
    title: str
    url: str
    in_force_since: date | None
    last_checked: date
    version: str | None
    """Légifrance identifier of the version in force (LEGIARTI…), when the source is an article."""
    status: Status

    def is_stale(self, on: date) -> bool:
        """Whether the last check is older than a year on that day."""
        return on - self.last_checked > STALE_AFTER

    def to_json(self, on: date) -> dict[str, Any]:
        """The contract's shape, with the warning that a reader needs when the text has moved."""
        found: dict[str, Any] = {"title": self.title, "url": self.url}
        if self.in_force_since:
            found["in_force_since"] = self.in_force_since.isoformat()
        found["last_checked"] = self.last_checked.isoformat()
        if self.status == "to_recheck" or self.is_stale(on):
            found["warning"] = "à vérifier"
        return found


@dataclass(frozen=True)
class Parameter:
    """One number, date or label of the law, with every value it has had."""

    id: str
    description: str
    unit: str
    comparison: str | None
    """How the person's datum compares with the value for the rule to apply: `>`, `>=`, `<`, `<=`, `==`."""
    values: Mapping[date, Any]
    article: str
    url: str
    last_checked: date
    status: Status

    def value(self, on: date) -> Any:
        """The value in force that day; before the first one known, the first one; None when none is known."""
        if not self.values:
            return None
        since = [start for start in self.values if start <= on]
        return self.values[max(since)] if since else self.values[min(self.values)]


@dataclass(frozen=True)
class Law:
    """The law as it stands on one day. Rules ask it for numbers; they never hold one themselves."""

    on: date

    def number(self, parameter: str) -> int:
        """A whole number of the law (days, months, employees), by parameter id."""
        value = PARAMETERS[parameter].value(self.on)
        assert isinstance(value, int)
        return value

    def day(self, parameter: str) -> date:
        """A date of the law, by parameter id."""
        value = PARAMETERS[parameter].value(self.on)
        assert isinstance(value, date)
        return value


def _source(name: str, entry: Mapping[str, Any]) -> Source:
    return Source(
        id=name,
        article=entry.get("article", entry["title"]),
        title=entry["title"],
        url=entry["url"],
        in_force_since=entry.get("in_force_since"),
        last_checked=entry["last_checked"],
        version=entry.get("version"),
        status=entry["status"],
    )


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    return Parameter(
        id=name,
        description=entry["description"],
        unit=entry["unit"],
        comparison=entry.get("comparison"),
        values=MappingProxyType(dict(entry["values"])),
        article=entry["reference"]["article"],
        url=entry["reference"]["url"],
        last_checked=entry["last_checked"],
        status=entry["status"],
    )


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        name: _source(name, entry)
        for file in ("articles.yml", "pages.yml")
        for name, entry in load_yaml(file).items()
    }
)
"""Every source that a rule or a sentence may cite, by id."""

PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {name: _parameter(name, entry) for name, entry in load_yaml("thresholds.yml").items()}
)
"""Every parameter of the law, by id."""


@cache
def law_on(on: date) -> Law:
    """The law of that day."""
    return Law(on)


_EPOCHS: dict[tuple[Any, ...], date] = {}


@cache
def epoch(on: date) -> date:
    """A day with the same law as this one: all rules give the same answers, shifted by the days in between."""
    version = tuple(
        on >= value if isinstance(value, date) else value
        for value in (p.value(on) for p in PARAMETERS.values())
    )
    return _EPOCHS.setdefault(version, on)


def add_months(start: date, months: int) -> date:
    """The same day some months later, or the last day of that month when it has no such day.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
