"""Replays the scripts against several servers, in turns, and sums up what it saw.

In turns, because a shared machine changes its speed from one minute to the next: each conversation of one set-up is
followed by the same one of the other.
"""

import asyncio
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import psutil

from tests.bench.scripts import CONVERSATIONS

WARM_UP = 3
SEQUENTIAL = 15
"""Conversations replayed one after another, for the time of a turn."""
PARALLEL = 12
ROUNDS = 2
AT_ONCE = 8
"""Conversations at the same time, for the turns per second."""

Turn = Callable[[aiohttp.ClientSession, str, str], Awaitable[None]]
"""Sends one message of one sender; returns when its answer has come, raises if there is none."""


@dataclass(frozen=True)
class Replayed:
    """Milliseconds of each turn of the sequential part, and turns per second of the parallel part."""

    times: list[float]
    turns_per_s: float


@dataclass(frozen=True)
class Figures:
    """Times of one set-up. `rss_mb`: memory of all its processes after the run."""

    p50_ms: float
    p95_ms: float
    turns_per_s: float
    start_s: float
    rss_mb: float


async def replay(turns: dict[str, Turn]) -> dict[str, Replayed]:
    """What each set-up took: every conversation on each of them before the next one."""
    times: dict[str, list[float]] = {name: [] for name in turns}
    rates: dict[str, list[float]] = {name: [] for name in turns}
    async with aiohttp.ClientSession() as session:
        for number in range(WARM_UP + SEQUENTIAL):
            for name, turn in turns.items():
                seen = await _conversation(session, turn, CONVERSATIONS[number % len(CONVERSATIONS)])
                if number >= WARM_UP:
                    times[name].extend(seen)
        for _ in range(ROUNDS):
            for name, turn in turns.items():
                rates[name].append(await _throughput(session, turn))
    return {name: Replayed(times[name], statistics.mean(rates[name])) for name in turns}


async def _conversation(session: aiohttp.ClientSession, turn: Turn, script: tuple[str, ...]) -> list[float]:
    sender, times = uuid.uuid4().hex, []
    for message in script:
        started = time.perf_counter()
        await turn(session, sender, message)
        times.append((time.perf_counter() - started) * 1000)
    return times


async def _throughput(session: aiohttp.ClientSession, turn: Turn) -> float:
    free = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> int:
        async with free:
            return len(await _conversation(session, turn, CONVERSATIONS[number % len(CONVERSATIONS)]))

    started = time.perf_counter()
    turns = sum(await asyncio.gather(*(one(number) for number in range(PARALLEL))))
    return turns / (time.perf_counter() - started)


def figures(replayed: Replayed, start_s: float, pids: list[int]) -> Figures:
    """Sum up. `pids`: the processes of the set-up, whose children count too."""
    quantiles = statistics.quantiles(replayed.times, n=20)
    return Figures(
        p50_ms=round(statistics.median(replayed.times), 1),
        p95_ms=round(quantiles[-1], 1),
        turns_per_s=round(replayed.turns_per_s, 1),
        start_s=round(start_s, 1),
        rss_mb=round(sum(_memory(pid) for pid in pids)),
    )


def _memory(pid: int) -> float:
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(member.memory_info().rss for member in family) / 1024 / 1024
