"""`python -m tests.bench.growth`: what a turn costs when conversations are long or many, and the directory large.

Processor time of all our processes, so that what else the machine does counts little. Prints a Markdown table.
"""

import argparse
import asyncio
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import aiohttp
import psutil

from bot.conversation.counting import count
from bot.conversation.migrate import upgrade
from bot.conversation.store import Store
from bot.database import sync_engine
from bot.directory.lookup import Directory
from bot.runtime.model import ensure_model
from bot.settings import Settings
from tests.bench.__main__ import SetUp, relais
from tests.load.populate import fill, index

WARM_UP = 30
SAMPLE = 20
LENGTHS = (20, 60, 120, 200)
"""Messages said before the sample, in one conversation."""
SAYS = ("est-ce que je vais être payé pendant mon arrêt ?", "/why_question")
OPENING = ("/start", '/inform{"consent": "yes"}', '/inform{"audience": "worker"}')
COPIES = 10
TYPES = ("cpam", "carsat", "spsti", "cap_emploi", "agefiph", "mdph", "cep")


def _spent(pid: int) -> float:
    """Seconds of processor of a process and its children."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(member.cpu_times()[:2]) for member in family)


async def _say(session: aiohttp.ClientSession, ours: SetUp, sender: str, count: int) -> float:
    """Milliseconds of processor a turn, over `count` messages."""
    before = _spent(ours.pids[0])
    for number in range(count):
        await ours.turn(session, sender, SAYS[number % len(SAYS)])
    return (_spent(ours.pids[0]) - before) / count * 1000


async def by_length() -> dict[str, float]:
    """A turn after so many messages of the same conversation."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as directory:
        async with relais(Path(directory)) as ours, aiohttp.ClientSession() as session:
            for sender in ("warm", "long"):
                for message in OPENING:
                    await ours.turn(session, sender, message)
            await _say(session, ours, "warm", WARM_UP)
            said = 0
            for length in LENGTHS:
                await _say(session, ours, "long", length - said)
                found[f"conversation de {length} messages"] = await _say(session, ours, "long", SAMPLE)
                said = length + SAMPLE
    return found


async def by_stored(conversations: int) -> dict[str, float]:
    """A turn with so many conversations, fifteen turns each, in the database."""
    with tempfile.TemporaryDirectory() as directory:
        if conversations:
            url = f"sqlite+aiosqlite:///{directory}/relais.sqlite"
            await asyncio.to_thread(upgrade, url)
            engine = sync_engine(url)
            await asyncio.to_thread(fill, engine, conversations, 15 * conversations, longest=100)
            # What the housekeeper would do meanwhile: it is not part of a turn.
            await index(engine)
            store = Store(engine)
            await count(store)
            await store.close()
        async with relais(Path(directory)) as ours, aiohttp.ClientSession() as session:
            for message in OPENING:
                await ours.turn(session, "one", message)
            await _say(session, ours, "one", WARM_UP)
            return {f"{conversations} conversations gardées": await _say(session, ours, "one", 3 * SAMPLE)}


def by_directory() -> dict[str, float]:
    """A search of contacts among the directory's organisms, then among ten times as many of other départements."""
    entries = Directory.load().entries()
    others = [
        replace(
            entry, id=f"{entry.id}-{copy}", departments=tuple(f"{code}-{copy}" for code in entry.departments)
        )
        for copy in range(1, COPIES)
        for entry in entries
        if entry.departments
    ]
    found: dict[str, float] = {}
    for directory in (Directory(entries), Directory([*entries, *others])):
        search = lambda: directory.contacts("52", types=TYPES, status="salarie_prive", commune="Chaumont")  # noqa: B023, E731
        search()
        started = time.process_time()
        for _ in range(500):
            search()
        spent = (time.process_time() - started) / 500 * 1000
        found[f"recherche parmi {len(directory.entries())} organismes"] = spent
    return found


async def _all(stored: list[int]) -> dict[str, float]:
    found = await by_length()
    for conversations in stored:
        found |= await by_stored(conversations)
    return found | by_directory()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.growth")
    parser.add_argument("--stored", type=int, nargs="*", default=[0, 10_000])
    options = parser.parse_args()
    ensure_model(Settings.from_environment())
    print("| | ms de processeur |\n|---|--:|")
    for name, spent in asyncio.run(_all(options.stored)).items():
        print(f"| {name} | {spent:.2f} |", flush=True)


if __name__ == "__main__":
    main()
