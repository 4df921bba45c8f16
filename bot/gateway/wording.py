"""What the gateway says itself, from `data/gateway.yml`."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from bot.settings import ROOT

KINDS = ("soft", "suicide", "emergency", "violence", "child")


@dataclass(frozen=True)
class Emergency:
    """Answer to one kind of alarm, when Rasa cannot give it."""

    to_self: str
    to_other: str
    links: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Wording:
    """Sentences by name. All in French."""

    errors: dict[str, str]
    masked: str
    only_slash: str
    withheld: str
    resumed: str
    emergencies: dict[str, Emergency]

    def error(self, code: str, **values: object) -> str:
        """The sentence of an error code, with its values."""
        return self.errors[code].format(**values)

    def emergency(self, kind: str) -> Emergency:
        """The answer to an alarm; an unknown kind gets the strongest one rather than none."""
        return self.emergencies.get(kind, self.emergencies["suicide"])


@cache
def wording() -> Wording:
    """Read once. Raises KeyError if a sentence is missing: seen at start, not by a person later."""
    with (ROOT / "data" / "gateway.yml").open(encoding="utf-8") as stream:
        raw: dict[str, Any] = yaml.safe_load(stream)
    emergencies = {
        kind: Emergency(
            raw["emergency"][kind]["self"],
            raw["emergency"][kind]["other"],
            tuple(raw["links"][name] for name in raw["emergency"][kind]["links"]),
        )
        for kind in KINDS
    }
    return Wording(
        errors=raw["errors"],
        masked=raw["masked"],
        only_slash=raw["only_slash"],
        withheld=raw["withheld"],
        resumed=raw["resumed"],
        emergencies=emergencies,
    )
