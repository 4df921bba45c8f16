"""The page of the measures, its CSV and its report. Nobody sees figures beyond their departments."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import adviser_of, record
from bot.console.context import console_of
from bot.console.measure.dashboard import Section, headline, sections
from bot.console.measure.files import csv_file, file_name, report
from bot.console.measure.reading import values, years
from bot.console.measure.tables import Figures
from bot.console.measure.views import DIMENSIONS, Dimension, View, territory
from bot.console.measure.wording import value_label, view_label
from bot.console.pages import page

routes = web.RouteTableDef()
T = TypeVar("T")


@dataclass(frozen=True)
class Choice:
    """One list of the filters."""

    name: str
    chosen: str
    options: list[tuple[str, str]]


async def _read(request: web.Request, work: Callable[[Connection], T]) -> T:
    return await console_of(request).store.read(work)


def _asked(request: web.Request, connection: Connection) -> tuple[View, list[int]]:
    """The view that the address asks for. What does not exist, or is not theirs, is not looked at."""
    known = years(connection) or [console_of(request).clock().year]
    typed = request.query.get("year", "")
    year = int(typed) if typed.isdecimal() and int(typed) in known else known[0]
    base = View(year, {}, territory(adviser_of(request)))
    filters: dict[Dimension, str] = {}
    for dimension in DIMENSIONS:
        value = request.query.get(dimension, "")
        if value and _stored(value) in values(connection, base, dimension):
            filters[dimension] = _stored(value)
    return View(year, filters, base.departments), known


_NOT_KNOWN = "-"
"""How an address writes the value that is not known."""


def _stored(value: str) -> str:
    return "" if value == _NOT_KNOWN else value


def _choices(connection: Connection, view: View, known: list[int]) -> list[Choice]:
    base = View(view.year, {}, view.departments)
    made = [Choice("year", str(view.year), [(str(year), str(year)) for year in known])]
    for dimension in DIMENSIONS:
        options = [
            (value or _NOT_KNOWN, value_label(dimension, value))
            for value in values(connection, base, dimension)
        ]
        chosen = view.filters.get(dimension)
        made.append(Choice(dimension, "" if chosen is None else chosen or _NOT_KNOWN, [("", ""), *options]))
    return made


@routes.get("/mesures")
async def dashboard(request: web.Request) -> web.Response:
    """The measures of a year or a month, by territory, audience and channel."""

    def work(connection: Connection) -> tuple[View, list[Choice], list[tuple[str, str]], list[Section]]:
        view, known = _asked(request, connection)
        figures = Figures(connection, view)
        return view, _choices(connection, view, known), headline(figures), sections(figures)

    view, choices, first, shown = await _read(request, work)
    return page(
        request,
        "measure/dashboard.html",
        view=view_label(view),
        choices=choices,
        headline=first,
        sections=shown,
        query=request.query_string,
    )


@routes.get("/mesures.csv")
async def table_file(request: web.Request) -> web.Response:
    """The same numbers for a spreadsheet."""

    def work(connection: Connection) -> tuple[View, list[Section]]:
        view = _asked(request, connection)[0]
        return view, sections(Figures(connection, view))

    view, shown = await _read(request, work)
    await record(request, "measure.csv")
    return _file(csv_file(view, shown), "text/csv", file_name(view, "csv"))


@routes.get("/mesures.pdf")
async def report_file(request: web.Request) -> web.Response:
    """The report for a steering committee."""

    def work(connection: Connection) -> tuple[View, list[tuple[str, str]], list[Section]]:
        view = _asked(request, connection)[0]
        figures = Figures(connection, view)
        return view, headline(figures), sections(figures)

    view, first, shown = await _read(request, work)
    await record(request, "measure.pdf")
    body = await report(view, first, shown, console_of(request).clock().date())
    return _file(body, "application/pdf", file_name(view, "pdf"))


def _file(body: bytes, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    charset = "utf-8" if kind.startswith("text/") else None
    return web.Response(body=body, content_type=kind, charset=charset, headers=headers)
