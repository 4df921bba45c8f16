"""The indicators: which counts make each, what they add up to.

Each line of an indicator shares out a whole: the conversations of the view, or the plans given among them. Where
several may be true at once (a plan has many steps), each has a line of its own with what is left of the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.following import EMPLOYMENT
from bot.orientation.steps import ORDER

POINTS = ("no_answer", "not_kept", "opening", "questions", "recap", "plan")
"""Furthest point of a conversation: each has exactly one."""
REST = "rest"
_KEPT = ("opening", "questions", "recap", "plan")
_LENGTHS = ((4, "to_4"), (8, "to_8"), (12, "to_12"), (99, "more"))
_TIMES = ("0002", "0005", "0010", "0015", "0020", "0030", "0060", "1440", "more")


@dataclass(frozen=True)
class Indicator:
    """One table: a line shared out in columns, or a line for each item where `base` is the whole of each."""

    name: str
    measure: str
    columns: tuple[str, ...]
    base: tuple[str, ...] = ()
    """Points of POINTS that make the whole; empty when the columns alone do."""

    def column(self, key: str) -> tuple[str, str]:
        """Item and column of a key of the measure."""
        if self.name == "length":
            return "", next(name for most, name in _LENGTHS if int(key) <= most)
        item, slash, column = key.rpartition("/")
        if self.base and not slash:
            return key, self.columns[0]
        return item, column

    def lines(self, keys: Mapping[str, int], points: Mapping[str, int]) -> dict[str, list[int]]:
        """Counts in the order of the columns, for each item; with what is left of the whole where there is one."""
        found: dict[str, list[int]] = {} if self.base else {"": [0] * len(self.columns)}
        for key, count in keys.items():
            item, column = self.column(key)
            if column in self.columns:
                line = found.setdefault(item, [0] * len(self.columns))
                line[self.columns.index(column)] += count
        if self.base:
            whole = sum(points.get(point, 0) for point in self.base)
            return {item: [*line, max(0, whole - sum(line))] for item, line in found.items()}
        return found

    @property
    def shown(self) -> tuple[str, ...]:
        """Columns with the rest."""
        return (*self.columns, REST) if self.base else self.columns


REACHED = Indicator("reached", "reached", POINTS)
INDICATORS = (
    Indicator("question", "question", ("answered", "unknown", "left"), _KEPT),
    Indicator("flag", "flag", ("said",), _KEPT),
    Indicator("first", "first", tuple(ORDER)),
    Indicator("step", "step", ("now", "next", "if_needed"), ("plan",)),
    Indicator("device", "device", ("open", "later"), ("plan",)),
    Indicator("follow", "follow", ("done", "appointment"), ("plan",)),
    Indicator("employment", "employment", EMPLOYMENT),
    Indicator("minutes", "minutes", _TIMES),
    Indicator("length", "length", tuple(name for _, name in _LENGTHS)),
    Indicator("feedback", "feedback", ("yes", "partly", "no")),
)
BY_NAME = {indicator.name: indicator for indicator in (REACHED, *INDICATORS)}
