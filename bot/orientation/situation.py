"""A person's situation: the facts known so far. Unknown facts are absent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from bot.orientation.facts import FACTS, RefusedValueError, Value


class InvalidSituation(ValueError):  # noqa: N818 - the name that the contract gives
    """The facts given cannot be a situation. The message is one French line that names the field."""


@dataclass(frozen=True)
class Situation:
    """Known facts, by name. Immutable; build one with `from_json`, extend it with `with_facts`.

    `leave_days` (calendar days since the leave began) and `leave_start` (its first day) are the same fact:
    giving one replaces the other, and the methods `leave_start(on)` and `leave_days(on)` read either.
    """

    facts: Mapping[str, Value]

    @classmethod
    def from_json(cls, mapping: object) -> "Situation":
        """Read the contract's Situation. Unknown facts are absent or null.

        Raises InvalidSituation for anything that is not an object, a name that is no fact, or a value that the
        fact does not accept. Where `leave_days` and `leave_start` disagree, `leave_start` is believed.
        """
        if not isinstance(mapping, Mapping):
            raise InvalidSituation("situation : un objet JSON est attendu")
        return cls(MappingProxyType(dict(_read(mapping))))

    def to_json(self) -> dict[str, Any]:
        """The contract's shape: unknown facts left out, dates as ISO text, facts in the contract's order."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name in FACTS
            if (value := self.facts.get(name)) is not None
        }

    def get(self, name: str) -> Value | None:
        """The fact's value, or None while it is unknown. Raises KeyError for a name that is no fact."""
        FACTS[name]
        return self.facts.get(name)

    @property
    def department(self) -> str | None:
        """Code of the department, « 52 », « 2A », « 974 »."""
        return self._text("department")

    @property
    def commune(self) -> str | None:
        """Official name of the commune."""
        return self._text("commune")

    @property
    def audience(self) -> str | None:
        """Who is asking: worker or employer."""
        return self._text("audience")

    @property
    def status(self) -> str | None:
        """Status of the person, or of the employee that an employer asks about."""
        return self._text("status")

    @property
    def sector(self) -> str | None:
        """Sector: general, btp or agricole."""
        return self._text("sector")

    def _text(self, name: str) -> str | None:
        value = self.facts.get(name)
        return value if isinstance(value, str) else None

    def with_facts(self, changes: Mapping[str, Any]) -> "Situation":
        """The situation with these facts set, or forgotten where the value is None.

        Setting `leave_days` forgets `leave_start` and the reverse, unless both are given.
        Raises InvalidSituation as `from_json`.
        """
        facts = dict(self.facts)
        for one, other in (("leave_days", "leave_start"), ("leave_start", "leave_days")):
            if one in changes and other not in changes:
                facts.pop(other, None)
        for name in changes:
            facts.pop(name, None)
        facts.update(_read(changes))
        return Situation(MappingProxyType(facts))

    def leave_start(self, on: date) -> date | None:
        """First day of the leave, from either form of the fact."""
        start = self.facts.get("leave_start")
        if isinstance(start, date):
            return start
        days = self.facts.get("leave_days")
        return on - timedelta(days=days) if isinstance(days, int) else None

    def leave_days(self, on: date) -> int | None:
        """Calendar days of leave on that day, from either form of the fact; never negative."""
        start = self.leave_start(on)
        return None if start is None else max(0, (on - start).days)

    def __hash__(self) -> int:
        return hash(frozenset(self.facts.items()))


def _read(mapping: Mapping[Any, Any]) -> Iterator[tuple[str, Value]]:
    for name, value in mapping.items():
        if name not in FACTS:
            raise InvalidSituation(f"{name} : fait inconnu, faits acceptés : {', '.join(FACTS)}")
        if value is None:
            continue
        try:
            yield name, FACTS[name].read(value)
        except RefusedValueError as refused:
            raise InvalidSituation(str(refused)) from None
