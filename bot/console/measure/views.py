"""What part of the figures is looked at: a calendar year or one month of it, and at most one value of each dimension.

No other period can be asked for: two that differ by a few days would tell what those days were.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from bot.console.adviser import Adviser, sees_unplaced

Dimension = Literal["month", "department", "audience", "channel"]
DIMENSIONS: tuple[Dimension, ...] = ("month", "department", "audience", "channel")
UNKNOWN = ""
"""Value of a dimension that is not known, or that the person did not agree to keep."""


@dataclass(frozen=True)
class View:
    """A year, filters by dimension, and the territory beyond which nothing is read."""

    year: int
    filters: Mapping[Dimension, str] = field(default_factory=dict)
    departments: frozenset[str] | None = None
    """Departments that the reader may see, « » for those not known; None: all."""

    def without(self, dimension: Dimension) -> "View":
        """The wider view that this one is a row of."""
        return replace(
            self, filters={name: value for name, value in self.filters.items() if name != dimension}
        )

    @property
    def first(self) -> date:
        """First month of the year."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """Last month of the year."""
        return date(self.year, 12, 1)


def territory(adviser: Adviser) -> frozenset[str] | None:
    """The departments whose figures an adviser sees: those of the conversations they see."""
    if adviser.departments is None:
        return None
    return adviser.departments | ({UNKNOWN} if sees_unplaced(adviser) else frozenset())


def month_key(month: date) -> str:
    """« 2026-11 »."""
    return month.isoformat()[:7]
