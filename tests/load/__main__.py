"""`python -m tests.load`: 200 people × 12 messages on 2 public and 2 Rasa processes, one of each killed half-way.

A real PostgreSQL and a real Redis, no sticky session. Then each transcript is compared with what its person was told,
and Rasa's events with what each person said. Ends with one JSON line; its status is 0 only if nothing was lost, doubled
or misplaced. `--minutes N` talks on for N minutes and watches memory; `--one-machine` does it on `relais serve` (SQLite).
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psutil
from sqlalchemy import create_engine, text

from bot.conversation.state import rasa_sender
from bot.gateway.tokens import Tokens
from tests import engines
from tests.cluster import cluster
from tests.conversations.product import Product
from tests.load.people import Person, Tally

SECRET = "secret-de-la-grappe"
SAMPLE_SECONDS = 10.0
GROWTH = 1.15
"""Memory at the end over memory once warm, above which a soak fails."""


@dataclass
class Target:
    """What is under load."""

    urls: Callable[[], Sequence[str]]
    pids: Callable[[], dict[str, int]]
    kill: Callable[[], list[str]]
    tracker_url: str
    memory: dict[str, list[float]] = field(default_factory=dict)

    def sample(self) -> None:
        """Note the memory of every process, in MB."""
        for name, pid in self.pids().items():
            with suppress(psutil.Error):  # it may end while it is looked at
                family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
                used = sum(member.memory_info().rss for member in family) / 1024 / 1024
                self.memory.setdefault(name, []).append(round(used, 1))


@contextmanager
def several(directory: Path) -> Iterator[Target]:
    """Two public and two Rasa processes."""
    with engines.postgres() as database, engines.redis_server() as redis:
        url = database.url()
        with cluster(directory, url, redis.url) as processes:
            dead: list[str] = []

            def kill() -> list[str]:
                for kind in ("gateway", "rasa"):
                    processes.kill(kind, 0)
                    dead.append(f"{kind}-0")
                return dead

            yield Target(
                # a load balancer takes a moment to see that a process is gone: people still reach the dead one
                urls=lambda: processes.urls,
                pids=lambda: {name: process.pid for name, process in processes.processes.items()},
                kill=kill,
                tracker_url=url,
            )


@contextmanager
def one_machine(directory: Path) -> Iterator[Target]:
    """`relais serve` on SQLite."""
    with Product(directory / "var", RELAIS_SECRET=SECRET).running() as product:
        assert product.process
        pid = product.process.pid
        yield Target(
            urls=lambda: [product.url],
            pids=lambda: {"serve": pid},
            kill=list,
            tracker_url=f"sqlite:///{directory / 'var' / 'trackers.sqlite'}",
        )


async def talk_all(target: Target, options: argparse.Namespace) -> tuple[list[Person], Tally, dict[str, Any]]:
    """Everybody talks; half-way, processes are killed. Then everybody reads their conversation again."""
    tally, people = Tally(), []
    wrong: dict[str, Any] = {"differs": [], "foreign": []}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        started = time.monotonic()
        if options.minutes:
            await soak(session, target, options, tally, people)
        else:
            people += [_person(target, tally, rank) for rank in range(options.conversations)]
            killer = asyncio.create_task(_kill_half_way(target, tally, options))
            await asyncio.gather(*(_whole(session, each, options) for each in people))
            killer.cancel()
        took = time.monotonic() - started
        owner = {each: person.name for person in people for _, each in person.expected}
        transcripts = await asyncio.gather(*(each.transcript(session) for each in people))
        for person, transcript in zip(people, transcripts, strict=True):
            if transcript != person.expected:
                wrong["differs"].append(person.name)
            wrong["foreign"] += [
                each for _, each in transcript if owner.get(each, person.name) != person.name
            ]
    wrong["seconds"] = round(took, 1)
    return people, tally, wrong


def _person(target: Target, tally: Tally, rank: int) -> Person:
    return Person(f"p{rank}", target.urls, tally, "no" if rank % 5 == 4 else "yes")


async def _whole(session: aiohttp.ClientSession, person: Person, options: argparse.Namespace) -> None:
    await person.begin(session)
    await person.talk(session, options.turns, options.pause)


async def _kill_half_way(target: Target, tally: Tally, options: argparse.Namespace) -> None:
    while tally.answered < options.conversations * options.turns / 2:
        await asyncio.sleep(0.05)
    target.sample()
    if not options.no_kill:
        print(f"killed: {', '.join(target.kill())} after {tally.answered} answers", flush=True)


async def soak(
    session: aiohttp.ClientSession,
    target: Target,
    options: argparse.Namespace,
    tally: Tally,
    people: list[Person],
) -> None:
    """People come one after another, `conversations` at a time, until the minutes are over."""
    end = time.monotonic() + options.minutes * 60

    async def places() -> None:
        while time.monotonic() < end:
            person = _person(target, tally, len(people))
            people.append(person)
            await _whole(session, person, options)

    async def watch() -> None:
        while True:
            target.sample()
            await asyncio.sleep(SAMPLE_SECONDS)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(places() for _ in range(options.conversations)))
    watching.cancel()


def taken_twice(target: Target, people: list[Person]) -> list[str]:
    """People whose messages Rasa has taken a number of times that is not theirs (only what is written)."""
    tokens = Tokens(SECRET)
    senders = {rasa_sender(tokens.conversation(each.token) or ""): each for each in people}
    query = text(
        "SELECT sender_id, COUNT(*) AS taken FROM events WHERE type_name = 'user' GROUP BY sender_id"
    )
    engine = create_engine(target.tracker_url)
    with engine.connect() as connection:
        counted = Counter({row.sender_id: row.taken for row in connection.execute(query)})
    engine.dispose()
    return [
        person.name
        for sender, person in senders.items()
        if person.consent == "yes" and counted[sender] != 1 + len(person.told)
    ]


def growth(memory: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    """Of each process: MB once warm (second quarter), at the end (last quarter), and their ratio."""
    found = {}
    for name, samples in memory.items():
        if len(samples) >= 8:
            quarter = len(samples) // 4
            warm, last = (
                statistics.median(samples[quarter : 2 * quarter]),
                statistics.median(samples[-quarter:]),
            )
            found[name] = {"warm_mb": warm, "end_mb": last, "ratio": round(last / warm, 3)}
    return found


def main() -> int:
    """Load, check, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("--conversations", type=int, default=200, help="at the same time")
    parser.add_argument("--turns", type=int, default=12)
    parser.add_argument(
        "--pause", type=float, default=2.0, help="mean seconds between an answer and the next message"
    )
    parser.add_argument("--minutes", type=float, default=0, help="talk on for so long and watch memory")
    parser.add_argument("--no-kill", action="store_true")
    parser.add_argument("--one-machine", action="store_true", help="relais serve, on SQLite")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="relais-load-") as directory:
        start = one_machine if options.one_machine else several
        with start(Path(directory)) as target:
            people, tally, wrong = asyncio.run(talk_all(target, options))
            twice = taken_twice(target, people)
            target.sample()
            said = sorted(tally.seconds)
            result = {
                "conversations": len(people),
                "answers": tally.answered,
                "lost": tally.lost,
                "transcripts_that_differ": wrong["differs"],
                "in_another_s_conversation": wrong["foreign"],
                "taken_twice": twice,
                "tries_again": tally.tries_again,
                "seconds": wrong["seconds"],
                "turns_per_s": round(tally.answered / wrong["seconds"], 1),
                "p50_ms": round(1000 * statistics.median(said)),
                "p95_ms": round(1000 * said[int(len(said) * 0.95)]),
                "memory_mb": {name: samples[-1] for name, samples in target.memory.items()},
                "growth": growth(target.memory),
            }
    print(json.dumps(result))
    bad = any(
        result[name]
        for name in ("lost", "transcripts_that_differ", "in_another_s_conversation", "taken_twice")
    )
    grew = any(each["ratio"] > GROWTH for each in result["growth"].values())
    return 1 if bad or grew else 0


if __name__ == "__main__":
    sys.exit(main())
