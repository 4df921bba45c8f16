"""What a load does: everybody talks, processes are killed half-way, what each was told is compared with what is kept."""

import asyncio
import statistics
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


@dataclass(frozen=True)
class LoadPlan:
    """How many people, how much they say, how fast."""

    conversations: int = 200
    """At the same time."""
    turns: int = 12
    pause: float = 2.0
    """Mean seconds between an answer and the next message."""
    minutes: float = 0
    """How long people come one after another; 0: each place is for one person."""
    kill: bool = True


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


async def talk_all(target: Target, plan: LoadPlan) -> tuple[list[Person], Tally, dict[str, Any]]:
    """Everybody talks; half-way, processes are killed. Then everybody reads their conversation again."""
    tally, people = Tally(), []
    wrong: dict[str, Any] = {"differs": [], "foreign": []}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        started = time.monotonic()
        if plan.minutes:
            await soak(session, target, plan, tally, people)
        else:
            people += [_person(target, tally, rank) for rank in range(plan.conversations)]
            killer = asyncio.create_task(_kill_half_way(target, tally, plan))
            await asyncio.gather(*(_whole(session, each, plan) for each in people))
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


async def _whole(session: aiohttp.ClientSession, person: Person, plan: LoadPlan) -> None:
    await person.begin(session)
    await person.talk(session, plan.turns, plan.pause)


async def _kill_half_way(target: Target, tally: Tally, plan: LoadPlan) -> None:
    while tally.answered < plan.conversations * plan.turns / 2:
        await asyncio.sleep(0.05)
    target.sample()
    if plan.kill:
        print(f"killed: {', '.join(target.kill())} after {tally.answered} answers", flush=True)


async def soak(
    session: aiohttp.ClientSession,
    target: Target,
    plan: LoadPlan,
    tally: Tally,
    people: list[Person],
) -> None:
    """People come one after another, `conversations` at a time, until the minutes are over."""
    end = time.monotonic() + plan.minutes * 60

    async def places() -> None:
        while time.monotonic() < end:
            person = _person(target, tally, len(people))
            people.append(person)
            await _whole(session, person, plan)

    async def watch() -> None:
        while True:
            target.sample()
            await asyncio.sleep(SAMPLE_SECONDS)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(places() for _ in range(plan.conversations)))
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


def load(target: Target, plan: LoadPlan) -> dict[str, Any]:
    """Everything that was seen; `is_good` says whether it is what was promised."""
    people, tally, wrong = asyncio.run(talk_all(target, plan))
    target.sample()
    said = sorted(tally.seconds)
    return {
        "conversations": len(people),
        "answers": tally.answered,
        "lost": tally.lost,
        "transcripts_that_differ": wrong["differs"],
        "in_another_s_conversation": wrong["foreign"],
        "taken_twice": taken_twice(target, people),
        "tries_again": tally.tries_again,
        "seconds": wrong["seconds"],
        "turns_per_s": round(tally.answered / wrong["seconds"], 1),
        "p50_ms": round(1000 * statistics.median(said)),
        "p95_ms": round(1000 * said[int(len(said) * 0.95)]),
        "memory_mb": {name: samples[-1] for name, samples in target.memory.items()},
        "growth": growth(target.memory),
    }


def is_good(result: dict[str, Any]) -> bool:
    """Nothing lost, doubled or misplaced, and no memory that grows."""
    wrong = ("lost", "transcripts_that_differ", "in_another_s_conversation", "taken_twice")
    grew = any(each["ratio"] > GROWTH for each in result["growth"].values())
    return not grew and not any(result[name] for name in wrong)
