"""The indicators: which counts make each, what they add up to.

Each line of an indicator shares out a whole: the conversations of the view, or the plans given among them, with what
is left of it (REST). Where several may be true at once (a plan has many steps), each has a line of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.following import EMPLOYMENT
from bot.orientation.steps import ORDER

POINTS = ("no_answer", "not_kept", "opening", "questions", "recap", "plan")
"""Furthest point of a conversation: each has exactly one."""
REST = "rest"
_KEPT = ("opening", "questions", "recap", "plan")
_PLANS = ("plan",)
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
    items: bool = False
    """Whether there is a line for each item (« step:pdp_cell/now »), or one line."""

    def column(self, key: str) -> tuple[str, str]:
        """Item and column of a key of the measure."""
        if self.name == "length":
            return "", next(name for most, name in _LENGTHS if int(key) <= most)
        if not self.items:
            return "", key
        item, slash, column = key.rpartition("/")
        return (item, column) if slash else (key, self.columns[0])

    def lines(self, keys: Mapping[str, int], points: Mapping[str, int]) -> dict[str, list[int]]:
        """Counts in the order of the columns, for each item; with what is left of the whole where there is one."""
        found: dict[str, list[int]] = {} if self.items else {"": [0] * len(self.columns)}
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
    Indicator("question", "question", ("answered", "unknown", "left"), _KEPT, items=True),
    Indicator("flag", "flag", ("said",), _KEPT, items=True),
    Indicator("first", "first", tuple(ORDER), _PLANS),
    Indicator("step", "step", ("now", "next", "if_needed"), _PLANS, items=True),
    Indicator("device", "device", ("open", "later"), _PLANS, items=True),
    Indicator("follow", "follow", ("done", "appointment"), _PLANS, items=True),
    Indicator("employment", "employment", EMPLOYMENT, _PLANS),
    Indicator("minutes", "minutes", _TIMES, _PLANS),
    Indicator("length", "length", tuple(name for _, name in _LENGTHS), _PLANS),
    Indicator("feedback", "feedback", ("yes", "partly", "no")),
)
