"""The dashboard as plain values: headline, then sections of one table and one chart each, in the order they are read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bot.console.measure.charts import Bar, bar_chart
from bot.console.measure.indicators import POINTS, REST
from bot.console.measure.tables import Figures, Row, Table, breakdowns
from bot.console.measure.wording import column_label, item_label, value_label
from bot.console.pages import words
from bot.web.text import thousands

_MOST_BARS = 20
"""A chart with more bars than this shows the longest ones; the table shows all."""
_KEPT = ("opening", "questions", "recap", "plan")
_TURNED = ("minutes", "length", "first", "feedback", "employment")
"""Indicators of one line: shown as a column, which reads better."""
_ORDER = (
    "question", "minutes", "length", "first", "step", "device", "feedback", "follow", "employment", "flag",
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A number as it is shown, and its value (None: hidden)."""

    shown: str
    value: int | None


@dataclass(frozen=True)
class Line:
    """One line of a section: its name and its numbers. A share is empty where it cannot be said."""

    label: str
    cells: tuple[Cell, ...]
    share: str = ""


@dataclass(frozen=True)
class Section:
    """One indicator: a chart and the table that says the same."""

    name: str
    title: str
    note: str
    first: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    share: str
    """Head of the column of shares; empty when there is none."""
    chart: Markup
    described: str
    """What the chart says, in words."""
    totals: Line | None = None


def sections(figures: Figures) -> list[Section]:
    """Everything but the headline; an indicator without any count is left out."""
    made = [_turned(Table("reached", POINTS, (figures.reached,)))]
    for name in _ORDER:
        table = figures.indicators[name]
        if any(any(count != 0 for count in _without_rest(row, table)) for row in table.rows):
            made.append(_turned(table) if name in _TURNED else _listed(table))
    made += [_broken_down(table) for table in breakdowns(figures) if len(table.rows) > 1]
    return made


def _without_rest(row: Row, table: Table) -> tuple[int | None, ...]:
    return row.counts[:-1] if table.columns[-1] == REST else row.counts


def headline(figures: Figures) -> list[tuple[str, str]]:
    """The few numbers that are read first: number and what it counts; those that cannot be said are left out."""
    said = words("measure")["headline"]
    reached = figures.reached
    named = dict(zip(POINTS, reached.counts, strict=True))
    kept = [named[point] for point in _KEPT]
    agreed = None if None in kept else sum(count or 0 for count in kept)
    one = {name: figures.indicators[name].rows[0] for name in ("feedback", "employment", "minutes")}
    found = [
        (_number(reached.total), said["conversations"]),
        (_number(agreed), said["kept"]),
        (_number(named["plan"]), said["plans"]),
        (_percent(named["plan"], agreed), said["completion"]),
        (_percent(one["feedback"].counts[0], one["feedback"].total), said["helped"]),
        (_percent(_employed(one["employment"]), one["employment"].said), said["employed"]),
    ]
    median = _median(one["minutes"], figures.indicators["minutes"].columns)
    shown = [(number, label) for number, label in found if number]
    return [*shown, (median, said["median"])] if median else shown


def _employed(row: Row) -> int | None:
    gone, said = row.counts[-2], row.said
    return None if gone is None or said is None else said - gone


def _median(row: Row, columns: tuple[str, ...]) -> str:
    """The class in which the middle plan falls; said only when no class up to there is hidden."""
    bounds, below, whole = words("measure")["bounds"], 0, row.said
    for column, count in zip(columns, row.counts, strict=True):
        if count is None or not whole:
            return ""
        below += count
        if 2 * below >= whole:
            return str(bounds.get(column, ""))
    return ""


def _number(value: int | None) -> str:
    return "" if value is None else thousands(value)


def _percent(part: int | None, whole: int | None) -> str:
    return f"{100 * part / whole:.0f}\u00a0%" if part is not None and whole else ""


def _cell(value: int | None) -> Cell:
    return Cell(words("measure")["hidden"] if value is None else _number(value), value)


def _turned(table: Table) -> Section:
    """A single line, shown as one line for each of its columns."""
    row = table.rows[0]
    whole = row.said if table.columns[-1] == REST else row.total
    lines = [
        Line(column_label(table.name, column), (_cell(count),), _percent(count, whole))
        for column, count in zip(table.columns, row.counts, strict=True)
        if column != REST and (count != 0 or table.name != "first")
    ]
    total = Line(words("measure")["total"], (_cell(whole),))
    return _section(table.name, (words("measure")["count"],), lines, share=True, totals=total)


def _listed(table: Table) -> Section:
    """A line for each item; the share is that of its conversations among all those of the whole."""
    columns = [column for column in table.columns if column != REST]
    lines = []
    for row in table.rows:
        counts = row.counts[: len(columns)]
        if table.name == "question":
            part, asked = counts[2], None if None in counts else sum(count or 0 for count in counts)
            share = _percent(part, asked)
        else:
            share = _percent(row.said, row.total)
        lines.append(Line(item_label(table.name, row.item), tuple(map(_cell, counts)), share))
    return _section(table.name, tuple(column_label(table.name, each) for each in columns), lines, share=True)


def _broken_down(table: Table) -> Section:
    name = table.name
    labelled: Callable[[str], str] = lambda item: value_label(name, item)  # type: ignore[arg-type]  # noqa: E731
    lines = [_whole_line(labelled(row.item), row) for row in table.rows]
    columns = (*(column_label(name, column) for column in table.columns), words("measure")["total"])
    totals = _whole_line(words("measure")["total"], table.totals) if table.totals else None
    return _section(name, columns, lines, share=False, totals=totals, bar=-1)


def _whole_line(label: str, row: Row) -> Line:
    return Line(label, tuple(map(_cell, (*row.counts, row.total))))


def _section(
    name: str,
    columns: tuple[str, ...],
    lines: list[Line],
    *,
    share: bool,
    totals: Line | None = None,
    bar: int | None = None,
) -> Section:
    said = words("measure")["sections"][name]
    bars = list(_bars(lines, bar, by_share=share and totals is None and name == "question"))
    if len(bars) > _MOST_BARS:
        bars = sorted(bars, key=lambda bar: -(bar.count or 0))[:_MOST_BARS]
    described = words("measure")["chart"].format(bars="; ".join(f"{bar.label} : {bar.shown}" for bar in bars))
    return Section(
        name=name,
        title=said["title"],
        note=said["note"],
        first=said["first"],
        columns=columns,
        lines=tuple(lines),
        share=said.get("share", words("measure")["share"]) if share else "",
        described=described,
        chart=bar_chart(f"graphe-{name}", said["title"], described, bars),
        totals=totals,
    )


def _bars(lines: list[Line], column: int | None, *, by_share: bool) -> Iterator[Bar]:
    """A bar for each line: the share of drop-out, one column, or the sum of them all."""
    for line in lines:
        if by_share:
            share = line.share.split("\u00a0")[0]
            yield Bar(line.label, int(share) if share else None, line.share or words("measure")["hidden"])
            continue
        cells = line.cells if column is None else (line.cells[column],)
        values = [cell.value for cell in cells]
        count = None if None in values else sum(value or 0 for value in values)
        yield Bar(line.label, count, _cell(count).shown)
