"""The measures to take away: a CSV that spreadsheets open, a PDF for a steering committee. Same numbers as the page."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from bot.console.measure.dashboard import Line, Section
from bot.console.measure.views import View
from bot.console.measure.wording import value_label, view_label
from bot.console.pages import words
from bot.web.text import french_date
from bot.web.typesetting import pdf

_TEMPLATE = Path(__file__).parent / "documents" / "report.typ"


def file_name(view: View, extension: str) -> str:
    """Name of a file of this view."""
    period = view.filters.get("month", str(view.year))
    return str(words("measure")["file"].format(period=period, extension=extension))


def csv_file(view: View, sections: Iterable[Section]) -> bytes:
    """One line a number; `;` and a byte-order mark, as French spreadsheets expect. A hidden number is left empty."""
    said = words("measure")
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(said["csv_columns"])
    writer.writerow([view_label(view), "", "", "", ""])
    for section in sections:
        for line in (*section.lines, *([section.totals] if section.totals else [])):
            for column, cell in zip(section.columns, line.cells, strict=True):
                number = "" if cell.value is None else str(cell.value)
                writer.writerow([section.title, line.label, column, number, line.share])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


async def report(
    view: View, headline: Sequence[tuple[str, str]], sections: Iterable[Section], today: date
) -> bytes:
    """The measures as PDF/UA-1."""
    said = words("measure")
    own = said["report"]
    shown = {
        "title": own["title"],
        "words": {"page": own["page"]},
        "day": [today.year, today.month, today.day],
        "subtitle": own["subtitle"].format(date=french_date(today.isoformat())),
        "view": view_label(view),
        "scope": _scope(view),
        "hidden_why": said["hidden_why"],
        "counted": said["counted"],
        "headline": [{"number": number, "label": label} for number, label in headline],
        "sections": [_printed(section) for section in sections],
    }
    return await pdf(_TEMPLATE, shown)


def _scope(view: View) -> str:
    own = words("measure")["report"]
    if view.departments is None:
        return str(own["scope_all"])
    names = ", ".join(value_label("department", each) for each in sorted(view.departments))
    return str(own["scope"].format(names=names))


def _printed(section: Section) -> dict[str, object]:
    columns = [section.first, *section.columns, *([section.share] if section.share else [])]
    lines = [*section.lines, *([section.totals] if section.totals else [])]
    return {
        "title": section.title,
        "note": section.note,
        "chart": str(section.chart),
        "described": section.described,
        "columns": columns,
        "lines": [_cells(line, section) for line in lines],
    }


def _cells(line: Line, section: Section) -> list[str]:
    return [line.label, *(cell.shown for cell in line.cells), *([line.share] if section.share else [])]
