"""Do the links of the directory still open? HEAD, then GET; few at a time, one at a time per site, with
time-outs."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp

from bot.directory.contact import LINKS, Entry
from bot.directory.opendata import USER_AGENT


@dataclass(frozen=True)
class LinkResult:
    """What a link answered: HTTP status, or 0 and why there was none. `moved_to`: another site than the one
    asked."""

    url: str
    status: int
    reason: str = ""
    moved_to: str = ""

    @property
    def works(self) -> bool:
        """True when the page opened, or when a site that refuses programs answered (401, 403, 405, 429)."""
        return 200 <= self.status < 400 or self.status in (401, 403, 405, 429)


def links_of(entries: Iterable[Entry]) -> list[str]:
    """Every link of the directory, each once."""
    return sorted({url for entry in entries for name in LINKS if (url := entry.text(name))})


async def open_links(
    session: aiohttp.ClientSession,
    urls: Sequence[str],
    *,
    at_once: int = 5,
    timeout: float = 15.0,
    pause: float = 1.0,
    progress: Callable[[str], None] = lambda _: None,
) -> list[LinkResult]:
    """Open each link; never two at a time on one site, and `pause` seconds between two. Raises nothing."""
    room = asyncio.Semaphore(at_once)
    sites: dict[str, list[str]] = {}
    for url in urls:
        sites.setdefault(urlsplit(url).netloc, []).append(url)
    results: list[LinkResult] = []

    async def visit(site: Sequence[str]) -> None:
        for position, url in enumerate(site):
            if position:
                await asyncio.sleep(pause)
            async with room:
                results.append(await _open(session, url, timeout))
            progress(f"{len(results)} / {len(urls)} liens")

    await asyncio.gather(*(visit(site) for site in sites.values()))
    return sorted(results, key=lambda result: result.url)


async def _open(session: aiohttp.ClientSession, url: str, timeout: float) -> LinkResult:
    result = LinkResult(url, 0, "non ouvert")
    for method in ("HEAD", "GET"):
        try:
            async with session.request(
                method,
                url,
                timeout=aiohttp.ClientTimeout(total=timeout),
                headers={"User-Agent": USER_AGENT},
                allow_redirects=True,
            ) as answer:
                there = answer.url.host or ""
                moved = str(answer.url) if there != urlsplit(url).hostname else ""
                result = LinkResult(url, answer.status, "", moved)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            result = LinkResult(url, 0, type(error).__name__)
        if result.works and result.status not in (405, 403):
            return result
    return result


def links_report(results: Sequence[LinkResult]) -> str:
    """Part of the check's report, in Markdown."""
    broken = [result for result in results if not result.works]
    moved = [result for result in results if result.works and result.moved_to]
    parts = [f"## Liens : {len(results)} ouverts, {len(broken)} en panne, {len(moved)} vers un autre site"]
    parts += [f"- en panne : {r.url} ({r.status or r.reason})" for r in broken]
    parts += [f"- autre site : {r.url} → {r.moved_to}" for r in moved]
    return "\n".join(parts) + "\n"
