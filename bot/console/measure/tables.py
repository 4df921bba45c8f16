"""The tables of a view, with what must be hidden: in each table, and because of the wider tables it is a line of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from bot.console.measure.indicators import INDICATORS, POINTS, REACHED, Indicator
from bot.console.measure.reading import Readings
from bot.console.measure.suppression import Line, protect, protect_line
from bot.console.measure.views import DIMENSIONS, Dimension, View

NOTHING = Line((), False)


@dataclass(frozen=True)
class Row:
    """One line of a table. None is a hidden count."""

    item: str
    """Value of the dimension, or item of the indicator; empty where there is one line only."""
    counts: tuple[int | None, ...]
    total: int | None

    @property
    def said(self) -> int | None:
        """The total without what is left of the whole (the last count); None when it cannot be said."""
        rest = self.counts[-1]
        return None if rest is None or self.total is None else self.total - rest


@dataclass(frozen=True)
class Table:
    """Rows with the names of their columns. `totals` is the last line of a breakdown."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    totals: Row | None = None


class Figures:
    """The figures of one view, read once; every table of the dashboard, the CSV and the report comes from here."""

    def __init__(self, connection: Connection, view: View) -> None:
        self._readings, self.view = Readings(connection), view
        self._points_by: dict[
            tuple[object, ...], tuple[dict[str, list[int]], Line, list[tuple[bool, ...]]]
        ] = {}
        self._groups: dict[tuple[object, ...], tuple[dict[str, tuple[dict[str, list[int]], int]], Line]] = {}

    def breakdown(self, dimension: Dimension) -> Table:
        """Furthest points of the conversations by value of a dimension, with totals."""
        lines, rows, masks = self._broken_down(self.view, dimension)
        shown = tuple(
            _row(item, line, Line(mask, hidden))
            for (item, line), mask, hidden in zip(lines.items(), masks, rows.cells, strict=True)
        )
        return Table(dimension, POINTS, shown, self.reached)

    @cached_property
    def reached(self) -> Row:
        """Furthest points of all the conversations of the view."""
        return _row("", self._points(self.view), self._reached(self.view))

    @cached_property
    def indicators(self) -> dict[str, Table]:
        """Every indicator by name, items in the order of the biggest first column."""
        return {indicator.name: self._indicator(indicator) for indicator in INDICATORS}

    def _indicator(self, indicator: Indicator) -> Table:
        lines = self._lines(self.view, indicator)
        forced = self._inherited(indicator)
        rows = []
        for item, line in lines.items():
            mask = self._mask(self.view, indicator, line, forced.get(item, NOTHING))
            rows.append(_row(item, line, mask))
        width = len(indicator.columns)
        if indicator.items:
            rows.sort(key=lambda row: (-sum(count or 0 for count in row.counts[:width]), row.item))
        return Table(indicator.name, indicator.shown, tuple(rows))

    def _mask(self, view: View, indicator: Indicator, line: list[int], forced: Line) -> Line:
        hidden = {rank for rank, gone in enumerate(forced.cells) if gone}
        if not indicator.base:
            return protect_line(line, total=forced.total, forced=hidden)
        whole_hidden = forced.total or self._base_hidden(self._reached(view), indicator)
        if whole_hidden:
            hidden.add(len(line) - 1)
        return protect_line(line, total=whole_hidden, forced=hidden)

    def _inherited(self, indicator: Indicator) -> dict[str, Line]:
        """What the tables of the wider views hide of this view's lines."""
        found: dict[str, Line] = {}
        for dimension, value in self.view.filters.items():
            wider = self.view.without(dimension)
            self._readings.of(wider, dimension)  # the first: the lines below are its sum
            for item, total in self._lines(wider, indicator).items():
                mask = self._line_of(wider, dimension, value, indicator, item, total)
                found[item] = _either(found.get(item), mask)
        return found

    def _line_of(
        self, wider: View, dimension: Dimension, value: str, indicator: Indicator, item: str, total: list[int]
    ) -> Line:
        """What the table « item by dimension » of a wider view hides on the line of `value`."""
        groups, rows = self._grouped(wider, dimension, indicator)
        if value not in groups:
            return NOTHING
        place = list(groups).index(value)
        nothing = [0] * len(total)
        matrix = []
        for lines, whole in groups.values():
            rest = [*nothing[:-1], whole] if indicator.base else nothing
            matrix.append(lines.get(item, rest))
        if not indicator.base:
            rows = protect_line([sum(row) for row in matrix])
        masks = protect(matrix, rows, self._mask(wider, indicator, total, NOTHING))
        return Line(masks[place], rows.cells[place])

    def _grouped(
        self, wider: View, dimension: Dimension, indicator: Indicator
    ) -> tuple[dict[str, tuple[dict[str, list[int]], int]], Line]:
        """An indicator by value of a dimension, each with its whole; and which of these wholes are hidden."""
        key = (tuple(sorted(wider.filters.items())), dimension, indicator.name)
        if key not in self._groups:
            points, rows, masks = self._broken_down(wider, dimension)
            keys = self._readings.of(wider, dimension).get(indicator.measure, {})
            names = list(points) if indicator.base else sorted({*points, *keys})
            nobody = [0] * len(POINTS)
            groups = {
                name: (
                    indicator.lines(keys.get(name, {}), _named(points.get(name, nobody))),
                    self._whole(indicator, points.get(name, nobody)),
                )
                for name in names
            }
            cells = tuple(
                hidden or self._base_hidden(Line(mask, hidden), indicator)
                for mask, hidden in zip(masks, rows.cells, strict=True)
            )
            grand = self._base_hidden(self._reached(wider), indicator)
            self._groups[key] = groups, Line(cells, grand)
        return self._groups[key]

    @staticmethod
    def _whole(indicator: Indicator, points: list[int]) -> int:
        return sum(points[POINTS.index(point)] for point in indicator.base) if indicator.base else 0

    @staticmethod
    def _base_hidden(reached: Line, indicator: Indicator) -> bool:
        return any(reached.cells[POINTS.index(point)] for point in indicator.base)

    def _reached(self, view: View) -> Line:
        """What is hidden of a view's furthest points: its own small counts, and what a wider table hides of it."""
        forced: Line | None = None
        for dimension in view.filters:
            lines, rows, masks = self._broken_down(view.without(dimension), dimension)
            if view.filters[dimension] in lines:
                place = list(lines).index(view.filters[dimension])
                forced = _either(forced, Line(masks[place], rows.cells[place]))
        forced = forced or NOTHING
        hidden = [rank for rank, gone in enumerate(forced.cells) if gone]
        return protect_line(self._points(view), total=forced.total, forced=hidden)

    def _broken_down(
        self, view: View, dimension: Dimension
    ) -> tuple[dict[str, list[int]], Line, list[tuple[bool, ...]]]:
        key = (tuple(sorted(view.filters.items())), dimension)
        if key not in self._points_by:
            found = self._readings.of(view, dimension, ("reached",)).get("reached", {})
            lines = {group: REACHED.lines(found[group], {})[""] for group in sorted(found)}
            columns = self._reached(view)
            rows = protect_line([sum(line) for line in lines.values()], total=columns.total)
            self._points_by[key] = lines, rows, protect(list(lines.values()), rows, columns)
        return self._points_by[key]

    def _points(self, view: View) -> list[int]:
        return REACHED.lines(self._readings.of(view, None, ("reached",)).get("reached", {}).get("", {}), {})[
            ""
        ]

    def _lines(self, view: View, indicator: Indicator) -> dict[str, list[int]]:
        keys = self._readings.of(view).get(indicator.measure, {}).get("", {})
        return indicator.lines(keys, _named(self._points(view)))


def _named(points: list[int]) -> Mapping[str, int]:
    return dict(zip(POINTS, points, strict=True))


def _either(one: Line | None, other: Line) -> Line:
    if one is None or not one.cells:
        return other
    if not other.cells:
        return one
    cells = tuple(a or b for a, b in zip(one.cells, other.cells, strict=True))
    return Line(cells, one.total or other.total)


def _row(item: str, counts: list[int], mask: Line) -> Row:
    shown = tuple(None if hidden else count for count, hidden in zip(counts, mask.cells, strict=True))
    return Row(item, shown, None if mask.total else sum(counts))


def breakdowns(figures: Figures) -> list[Table]:
    """The view by each dimension that it is not already limited to."""
    return [figures.breakdown(name) for name in DIMENSIONS if name not in figures.view.filters]
