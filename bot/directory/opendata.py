"""A polite reader of Opendatasoft « Explore v2.1 » data sets: the State's directory (DILA) and Urssaf's
lists.

One page at a time, a pause between pages, time-outs, retries that grow and obey Retry-After, each page kept
on disk so
that an interrupted run goes on from where it stopped.
"""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

Record = Mapping[str, Any]
USER_AGENT = "relais-directory/1.0 (+https://www.data.gouv.fr; assistant d'orientation, logiciel libre)"


class OpenDataError(Exception):
    """The source did not give a usable answer; the message, in French, says which source and what was
    wrong."""


@dataclass(frozen=True)
class Pace:
    """How fast and how long to try. Seconds."""

    page_size: int = 100
    """Records of a page: 100 is the most that Explore v2.1 gives."""
    pause: float = 0.5
    timeout: float = 30.0
    attempts: int = 4
    backoff: float = 2.0
    longest_wait: float = 120.0
    kept_for: dt.timedelta = dt.timedelta(hours=20)
    """Age after which pages on disk are asked for again."""


@dataclass(frozen=True)
class Source:
    """One query of one data set. `fields`: those that each record must have, whatever their value."""

    name: str
    url: str
    where: str
    fields: tuple[str, ...]
    order_by: str = ""

    def parameters(self, offset: int, size: int) -> dict[str, str]:
        """Query string of a page."""
        wanted = {"limit": str(size), "offset": str(offset), "where": self.where, "order_by": self.order_by}
        return {key: value for key, value in wanted.items() if value}


class Reader:
    """Reads sources through one session; keeps pages in `folder`; says where it is with `progress(line)`."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        folder: Path,
        pace: Pace | None = None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`folder` is made when needed."""
        self._session = session
        self._folder = folder
        self._pace = pace or Pace()
        self._progress = progress

    async def read(self, source: Source) -> Sequence[Record]:
        """Every record of a source. Raises OpenDataError: no answer, not JSON, no record, fields that are
        gone."""
        records: list[Record] = []
        total: int | None = None
        while total is None or len(records) < total:
            page, kept = await self._page(source, len(records))
            if total is not None and page["total_count"] != total:
                raise OpenDataError(f"{source.name} : les données ont changé pendant la lecture ; relancez")
            total = int(page["total_count"])
            records.extend(page["results"])
            self._progress(f"{source.name} : {len(records)} / {total}")
            if not kept and len(records) < total:
                await asyncio.sleep(self._pace.pause)
        if not records:
            raise OpenDataError(f"{source.name} : réponse vide ; rien n'est changé")
        missing = [field for field in source.fields if all(field not in record for record in records)]
        if missing:
            raise OpenDataError(f"{source.name} : le format a changé, champ absent : {', '.join(missing)}")
        return records

    async def _page(self, source: Source, offset: int) -> tuple[dict[str, Any], bool]:
        """A page and whether it was on disk."""
        path = self._folder / f"{source.name}-{offset:06d}.json"
        kept = self._kept(path)
        if kept is not None:
            return kept, True
        page = await self._fetch(source, offset)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
        partial.replace(path)
        return page, False

    def _kept(self, path: Path) -> dict[str, Any] | None:
        if not path.exists():
            return None
        age = dt.datetime.now(dt.timezone.utc).timestamp() - path.stat().st_mtime
        if age > self._pace.kept_for.total_seconds():
            return None
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except ValueError:
            return None

    async def _fetch(self, source: Source, offset: int) -> dict[str, Any]:
        problem = ""
        for attempt in range(self._pace.attempts):
            wait = self._pace.backoff * 2**attempt
            try:
                return await self._ask(source, offset)
            except _RefusedError as refused:
                problem = str(refused)
                if not refused.again:
                    break
                wait = refused.wait or wait
            except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
                problem = type(error).__name__
            if attempt + 1 < self._pace.attempts:
                self._progress(f"{source.name} : {problem}, nouvel essai dans {wait:.0f} s")
                await asyncio.sleep(min(wait, self._pace.longest_wait))
        raise OpenDataError(
            f"{source.name} : pas de réponse utilisable après l'enregistrement {offset} ({problem})"
        )

    async def _ask(self, source: Source, offset: int) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=self._pace.timeout)
        parameters = source.parameters(offset, self._pace.page_size)
        headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
        async with self._session.get(
            source.url, params=parameters, headers=headers, timeout=timeout
        ) as answer:
            if answer.status != 200:
                wait = answer.headers.get("Retry-After", "")
                raise _RefusedError(answer.status, float(wait) if wait.isdecimal() else 0.0)
            page = json.loads(await answer.read())
        if not isinstance(page, dict) or not isinstance(page.get("results"), list):
            raise _RefusedError(200, 0.0, "format de page inconnu")
        if not isinstance(page.get("total_count"), int):
            raise _RefusedError(200, 0.0, "format de page inconnu")
        expected = min(self._pace.page_size, max(page["total_count"] - offset, 0))
        if len(page["results"]) != expected:
            raise _RefusedError(
                200, 0.0, f"page incomplète : {len(page['results'])} sur {expected}", again=True
            )
        return page


class _RefusedError(Exception):
    def __init__(self, status: int, wait: float, reason: str = "", again: bool | None = None) -> None:
        super().__init__(reason or f"HTTP {status}")
        self.wait = wait
        self.again = (status == 429 or status >= 500) if again is None else again
