"""The evaluation messages: reads the files of each hand into `Message`s and halves the set in a fixed way."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

HANDS = tuple(Path(__file__).with_name(name) for name in ("messages.yml", "four_voices.yml"))
"""One file for each hand that wrote messages."""
AS_OF = date(2026, 11, 22)
"""The day on which the messages are read: « 4 mois » is 123 days."""
CRISES = ("suicide", "emergency", "violence", "child")
KINDS = (*CRISES, "soft")
OUT_OF_SCOPE = "out_of_scope"
ANY = "*"
"""In `may`: whatever the value."""

Value = str | int | bool


@dataclass(frozen=True)
class Message:
    """One message and everything that may rightly be understood in it."""

    text: str = field(repr=False)
    """Not in repr: a failing test must not print messages of the test half."""
    intents: frozenset[str]
    facts: Mapping[str, tuple[Value, ...]] | None
    """Fact → the values that are right; None: facts are not judged."""
    may: Mapping[str, tuple[Value, ...]]
    safety: frozenset[str | None]

    @property
    def half(self) -> str:
        """`dev`, whose errors developers may read, or `test`, of which only counts are shown."""
        return "dev" if hashlib.sha256(self.text.encode()).digest()[0] % 2 else "test"

    @property
    def crisis(self) -> bool:
        """Someone may die or be hurt: an alarm is due."""
        return None not in self.safety and bool(self.safety & set(CRISES)) and "soft" not in self.safety

    @property
    def soft(self) -> bool:
        """Words that sound like distress: a gentle question is due."""
        return None not in self.safety and "soft" in self.safety

    @property
    def ordinary(self) -> bool:
        """No alarm is due."""
        return None in self.safety

    @property
    def in_scope(self) -> bool:
        """Ordinary, and nothing but a thing Relais answers."""
        return self.ordinary and OUT_OF_SCOPE not in self.intents

    @property
    def out_of_scope(self) -> bool:
        """Ordinary, and nothing that Relais answers."""
        return self.ordinary and self.intents == {OUT_OF_SCOPE}


def read(*paths: Path, half: str | None = None) -> list[Message]:
    """All messages, or those of some hands, or of one half (`dev` or `test`)."""
    rows = [row for path in paths or HANDS for row in yaml.safe_load(path.read_text(encoding="utf-8"))]
    messages = [_message(row) for row in rows]
    return [message for message in messages if half in (None, message.half)]


def canonical(name: str, value: Value) -> tuple[str, Value]:
    """A fact in the form that is compared: the start of a leave becomes its length in days as of `AS_OF`."""
    if name == "leave_start":
        return "leave_days", (AS_OF - date.fromisoformat(str(value))).days if value != ANY else ANY
    return name, value


def _message(row: Mapping[str, Any]) -> Message:
    unknown = set(row) - {"text", "intent", "facts", "may", "safety"}
    if unknown:
        raise ValueError(f"{row.get('text')!r}: unknown keys {sorted(unknown)}")
    return Message(
        text=row["text"],
        intents=frozenset(_several(row["intent"])),
        facts=_facts(row["facts"]) if "facts" in row else None,
        may=_facts(row.get("may", {})),
        safety=frozenset(_several(row.get("safety"))),
    )


def _facts(row: Mapping[str, Any]) -> dict[str, tuple[Value, ...]]:
    facts: dict[str, tuple[Value, ...]] = {}
    for given, values in row.items():
        for given_value in _several(values):
            name, value = canonical(given, given_value)
            facts[name] = (*facts.get(name, ()), value)
    return facts


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
