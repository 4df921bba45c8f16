"""The facts that describe a situation: their kinds, accepted values and French labels.

They come from `data/orientation/facts.yml`; names and values are those of the contract's Situation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import yaml

DATA = Path(__file__).resolve().parents[2] / "data" / "orientation"

Kind = Literal["choice", "boolean", "integer", "date", "place"]
Value = str | int | bool | date
"""A fact's value inside the engine; dates are `datetime.date`, JSON has them as ISO text."""

_DEPARTMENT = re.compile(r"(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[12346])\Z")


class RefusedValueError(ValueError):
    """A value that a fact does not accept. The message is one French line: the field, what it accepts."""


@dataclass(frozen=True)
class FactType:
    """One fact: what it is called for people, and the values it accepts."""

    name: str
    kind: Kind
    label: str
    question: str
    employer_question: str
    why: str
    values: Mapping[str, str]
    """Accepted values of a choice, each with its French label, in the order in which they are offered."""
    minimum: int
    maximum: int
    unit: str
    clears: frozenset[str]
    """Facts to forget when the answer to this one changes."""
    presumed: Value | None
    """What the plan supposes while the answer is not known; None: nothing, all possibilities are kept."""
    employer_presumed: Value | None
    """The same when an employer is asking."""

    @property
    def accepted(self) -> str:
        """What the fact accepts, in French, for an error message."""
        if self.kind == "choice":
            return ", ".join(self.values)
        if self.kind == "boolean":
            return "true, false"
        if self.kind == "integer":
            return f"un nombre entier de {self.minimum} à {self.maximum}"
        if self.kind == "date":
            return "une date AAAA-MM-JJ"
        return "un code de département comme 52, 2A ou 974" if self.name == "department" else "un nom"

    def read(self, value: object) -> Value:
        """The value in the engine's form. Raises RefusedValueError, in one French line, when it is not accepted."""
        found = _READERS[self.kind](self, value)
        if found is None:
            raise RefusedValueError(
                f"{self.name} : valeur {value!r} refusée, valeurs acceptées : {self.accepted}"
            )
        return found

    def value_label(self, value: Value) -> str:
        """How the value reads in French: « Salarié du privé », « Oui », « 25 juillet 2026 »."""
        if isinstance(value, bool):
            return "Oui" if value else "Non"
        if isinstance(value, date):
            return value.strftime("%d/%m/%Y")
        if self.kind == "choice":
            return self.values[str(value)]
        return f"{value} {self.unit}".strip()


def _read_choice(fact: FactType, value: object) -> Value | None:
    return value if isinstance(value, str) and value in fact.values else None


def _read_boolean(fact: FactType, value: object) -> Value | None:
    return value if isinstance(value, bool) else None


def _read_integer(fact: FactType, value: object) -> Value | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if fact.minimum <= value <= fact.maximum else None


def _read_date(fact: FactType, value: object) -> Value | None:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _read_place(fact: FactType, value: object) -> Value | None:
    if not isinstance(value, str):
        return None
    if fact.name == "department":
        return value if _DEPARTMENT.match(value) else None
    name = value.strip()
    return name if 0 < len(name) <= 100 and name.isprintable() else None


_READERS = {
    "choice": _read_choice,
    "boolean": _read_boolean,
    "integer": _read_integer,
    "date": _read_date,
    "place": _read_place,
}


@cache
def load_yaml(name: str) -> Any:
    """One file of `data/orientation`, read once per process."""
    with (DATA / name).open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe loaders


def _fact(name: str, entry: Mapping[str, Any]) -> FactType:
    return FactType(
        name=name,
        kind=entry["kind"],
        label=entry["label"],
        question=entry["question"],
        employer_question=entry.get("employer_question", entry["question"]),
        why=entry["why"],
        values=MappingProxyType(dict(entry.get("values", {}))),
        minimum=entry.get("minimum", 0),
        maximum=entry.get("maximum", 0),
        unit=entry.get("unit", ""),
        clears=frozenset(entry.get("clears", ())),
        presumed=entry.get("presumed"),
        employer_presumed=entry.get("employer_presumed", entry.get("presumed")),
    )


FACTS: Mapping[str, FactType] = MappingProxyType(
    {name: _fact(name, entry) for name, entry in load_yaml("facts.yml").items()}
)
"""Every fact of the contract's Situation, in the order of `facts.yml`."""


def invalidated_by(fact: str) -> frozenset[str]:
    """Facts that depended on this one's answer, to be forgotten when it changes (directly or through another)."""
    found: set[str] = set()
    waiting = [fact]
    while waiting:
        for name in FACTS[waiting.pop()].clears - found - {fact}:
            found.add(name)
            waiting.append(name)
    return frozenset(found)
