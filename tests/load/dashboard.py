"""Time the measures on a filled database (`python -m tests.load.populate`): the counting pass, then each page.

`python -m tests.load.dashboard --database URL` counts what was not counted yet, opens the dashboard, its filters and
its files several times, and prints one JSON line. What it measures is the reading and drawing of the page; the guard
and the network come on top.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, func, select

from bot.console.measure.dashboard import headline, sections
from bot.console.measure.files import csv_file, report
from bot.console.measure.reading import values, years
from bot.console.measure.tables import Figures
from bot.console.measure.views import DIMENSIONS, View
from bot.conversation.counting import count
from bot.conversation.models import Figure
from bot.conversation.state import now
from bot.conversation.store import Store
from bot.database import sync_engine
from bot.settings import Settings

TIMES = 7


def drawn(view: View) -> Callable[[Connection], Any]:
    """Everything that the page reads for a view, its lists of filters included."""

    def work(connection: Connection) -> Any:
        years(connection)
        for dimension in DIMENSIONS:
            values(connection, View(view.year, {}, view.departments), dimension)
        figures = Figures(connection, view)
        return headline(figures), sections(figures)

    return work


async def timed(store: Store, view: View) -> dict[str, float]:
    """Median and longest of a few readings, in milliseconds; and the processor time that one takes here."""
    spent, worked = [], []

    def work(connection: Connection) -> None:
        began = time.thread_time()
        drawn(view)(connection)
        worked.append((time.thread_time() - began) * 1000)

    for _ in range(TIMES):
        started = time.perf_counter()
        await store.read(work)
        spent.append((time.perf_counter() - started) * 1000)
    longest, processor = round(max(spent)), round(statistics.median(worked))
    return {"median_ms": round(statistics.median(spent)), "longest_ms": longest, "processor_ms": processor}


async def measure(database: str) -> dict[str, Any]:
    """All the times."""
    store = Store(sync_engine(database))
    started = time.perf_counter()
    counted = await count(store)
    found: dict[str, Any] = {"counted": counted, "counted_s": round(time.perf_counter() - started, 1)}
    started = time.perf_counter()
    await count(store)
    found["nothing_new_ms"] = round((time.perf_counter() - started) * 1000)
    rows = select(func.count()).select_from(Figure)
    found["figures"] = await store.read(lambda connection: connection.execute(rows).scalar_one())
    year = (await store.read(years))[0]
    month = (await store.read(lambda connection: values(connection, View(year), "month")))[-1]
    views = {
        "year": View(year),
        "month": View(year, {"month": month}),
        "department": View(year, {"department": "52"}),
        "department and month": View(year, {"department": "52", "month": month}),
        "adviser of three departments": View(year, {}, frozenset({"14", "52", "76"})),
    }
    found["pages"] = {name: await timed(store, view) for name, view in views.items()}
    first, shown = await store.read(drawn(View(year)))
    started = time.perf_counter()
    csv_file(View(year), shown)
    found["csv_ms"] = round((time.perf_counter() - started) * 1000)
    started = time.perf_counter()
    await report(View(year), first, shown, now().date())
    found["pdf_ms"] = round((time.perf_counter() - started) * 1000)
    await store.close()
    return found


def main() -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", default=Settings.from_environment().database_url)
    print(json.dumps(asyncio.run(measure(parser.parse_args().database)), ensure_ascii=False))


if __name__ == "__main__":
    main()
