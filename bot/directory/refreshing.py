"""One run of `relais directory refresh`: read the sources, write what a person will review."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.directory import dila, urssaf
from bot.directory.contact import Entry
from bot.directory.dila import Listed
from bot.directory.opendata import OpenDataError, Pace, Reader
from bot.directory.refresh import compare, diff_path, write_diff


@dataclass
class Outcome:
    """What a run wrote: the diff to review and its number of lines; French lines for the sources that
    failed."""

    diff: Path | None = None
    lines: int = 0
    new_services: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Refresh:
    """Where to read and write. `folder` holds the pages already read, so that a run that stopped goes on."""

    folder: Path
    odbl: Path
    day: dt.date
    dila_url: str = dila.URL
    urssaf_url: str = ""
    pace: Pace = field(default_factory=Pace)
    progress: Callable[[str], None] = print

    async def run(self, entries: Iterable[Entry], wanted: Iterable[str]) -> Outcome:
        """Read the wanted sources (our types, and « urssaf »); one that fails does not stop the others."""
        outcome = Outcome()
        chosen = set(wanted)
        async with aiohttp.ClientSession() as session:
            reader = Reader(session, self.folder / "pages", self.pace, self.progress)
            found: list[Listed] = []
            for pivot, type_ in dila.PIVOTS.items():
                if type_ in chosen:
                    try:
                        records = await reader.read(dila.source(pivot, self.dila_url))
                        listed = [item for record in records if (item := dila.listed(record, pivot))]
                        if not listed:
                            raise OpenDataError(
                                f"dila-{pivot} : aucun organisme de ce type ; rien n'est changé"
                            )
                        found.extend(listed)
                    except OpenDataError as error:
                        outcome.failures.append(str(error))
            if "urssaf" in chosen:
                try:
                    url = self.urssaf_url or urssaf.URL
                    services = await reader.read(urssaf.source(url))
                    outcome.new_services = urssaf.write(self.odbl, services, self.day, url)
                    self.progress(f"urssaf-sst : {outcome.new_services} services nouveaux dans {self.odbl}")
                except OpenDataError as error:
                    outcome.failures.append(str(error))
        if found:
            lines = compare(entries, found)
            outcome.diff, outcome.lines = diff_path(self.folder, self.day), len(lines)
            write_diff(lines, outcome.diff)
        return outcome
