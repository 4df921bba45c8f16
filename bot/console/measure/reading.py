"""Reads the figures of a view from the database: counts by measure, by value of one dimension, by key."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Table, extract, func, select

from bot.console.measure.views import DIMENSIONS, Dimension, View, month_key
from bot.conversation.models import FeedbackEvent, Figure

_F = cast(Table, Figure.__table__).c
_B = cast(Table, FeedbackEvent.__table__).c
FEEDBACK = "feedback"
"""Measure that has its own table: those who refused that anything be kept answer too."""

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]
"""measure → value of the dimension (« » when there is none) → key → count."""


def read(
    connection: Connection, view: View, by: Dimension | None = None, measures: tuple[str, ...] = ()
) -> Counts:
    """The counts of a view; `measures` limits which (all of them when empty)."""
    found: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for measure, group, key, count in _figures(connection, view, by, measures):
        if count:
            value = month_key(group) if isinstance(group, date) else str(group)
            found[measure][value][key] = int(count)
    if not measures or FEEDBACK in measures:
        for group, key, count in _feedback(connection, view, by):
            found[FEEDBACK][group][key] = found[FEEDBACK][group].get(key, 0) + count
    return found


def _figures(
    connection: Connection, view: View, by: Dimension | None, measures: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    group: list[ColumnElement[Any]] = [_F[by]] if by else []
    wanted = (
        [_F.month == date.fromisoformat(f"{view.filters['month']}-01")] if "month" in view.filters else []
    )
    wanted += [_F[name] == value for name, value in view.filters.items() if name != "month"]
    if not wanted or "month" not in view.filters:
        wanted.append(_F.month.between(view.first, view.last))
    if view.departments is not None:
        wanted.append(_F.department.in_(sorted(view.departments)))
    if measures:
        wanted.append(_F.measure.in_(measures))
    query = select(_F.measure, *group, _F.key, func.sum(_F.count)).where(*wanted)
    rows = connection.execute(query.group_by(_F.measure, *group, _F.key))
    return [tuple(row) if by else (row[0], "", row[1], row[2]) for row in rows]


def _feedback(connection: Connection, view: View, by: Dimension | None) -> list[tuple[str, str, int]]:
    month = extract("month", _B.day)
    group: list[ColumnElement[Any]] = [] if by is None else [month if by == "month" else _B[by]]
    wanted = [_B.day >= view.first, _B.day < date(view.year + 1, 1, 1)]
    for name, value in view.filters.items():
        wanted.append(month == int(value[5:]) if name == "month" else _B[name] == value)
    if view.departments is not None:
        wanted.append(_B.department.in_(sorted(view.departments)))
    query = select(*group, _B.answer, func.sum(_B.count)).where(*wanted).group_by(*group, _B.answer)
    rows = connection.execute(query)
    if by is None:
        return [("", row[0], int(row[1])) for row in rows]
    named = (lambda value: f"{view.year}-{int(value):02d}") if by == "month" else str
    return [(named(row[0]), row[1], int(row[2])) for row in rows]


def years(connection: Connection) -> list[int]:
    """Calendar years that have figures, the latest first."""
    months = connection.execute(select(_F.month).where(_F.measure == "reached").distinct()).scalars()
    return sorted({month.year for month in months}, reverse=True)


def values(connection: Connection, view: View, dimension: Dimension) -> list[str]:
    """Values of a dimension in the view, in order."""
    return sorted(read(connection, view.without(dimension), dimension, ("reached",)).get("reached", {}))


class Readings:
    """The counts of one page: none is asked of the database twice, nor when a reading already made holds it.

    On 54,000 figures a sum over everything takes most of the time of a page, and a filtered view needs its wider
    views by value, to hide what would give small numbers away: the view itself is a line of these.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._made: dict[tuple[object, ...], Counts] = {}

    def of(self, view: View, by: Dimension | None = None, measures: tuple[str, ...] = ()) -> Counts:
        """As `read`. What is given may hold more measures than asked."""
        key = _key(view, by, measures)
        if key not in self._made:
            held = self._held(view, by, measures)
            self._made[key] = read(self._connection, view, by, measures) if held is None else held
        return self._made[key]

    def _held(self, view: View, by: Dimension | None, measures: tuple[str, ...]) -> Counts | None:
        if measures and (whole := self._made.get(_key(view, by, ()))) is not None:
            return whole
        if by is not None:
            return None
        for dimension in DIMENSIONS:
            if (grouped := self._made.get(_key(view, dimension, measures))) is not None:
                return _summed(grouped)
        for dimension, value in view.filters.items():
            wider = self.of(view.without(dimension), dimension, measures)
            return {measure: {"": groups[value]} for measure, groups in wider.items() if value in groups}
        return None


def _key(view: View, by: Dimension | None, measures: tuple[str, ...]) -> tuple[object, ...]:
    return view.year, view.departments, tuple(sorted(view.filters.items())), by, measures


def _summed(grouped: Counts) -> Counts:
    """What the groups of each measure make together."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for measure, groups in grouped.items():
        keys: Counter[str] = Counter()
        for counts in groups.values():
            keys.update(counts)
        found[measure] = {"": dict(keys)}
    return found
