"""Send random requests to the real public process and fail on a 5xx, a hang, a crash or a memory that grows.

    python -m tests.security.fuzz --requests 100000
    python -m tests.security.fuzz --seed 3f2a --first 4711 --requests 1 --show     one request again

Each request is drawn from the seed and its own number: a line of the report names both.
"""

import argparse
import asyncio
import secrets
import statistics
import sys
import tempfile
import time
from collections import Counter
from itertools import count
from pathlib import Path
from random import Random

from tests.security.fuzz.client import Client
from tests.security.fuzz.process import Target, target
from tests.security.fuzz.report import Report
from tests.security.fuzz.requests import make

_NEW_KEYS_EVERY = 40
"""Requests of one client after which it begins another conversation: some of them erase theirs."""
_GROWTH = 0.05
"""What the median memory of the last fifth may have more than that of the fifth that follows the middle."""
_ENOUGH = 5_000
"""Requests from which the memory is judged: caches fill first."""


async def fuzz(
    directory: Path, *, requests: int, seed: str, first: int = 0, clients: int = 8, show: bool = False
) -> Report:
    """Start the process, send it the requests from several connections at a time, and report."""
    report, numbers, started = Report(seed), count(first), time.monotonic()
    async with target(directory) as process:

        async def one() -> None:
            client, done = Client(process.port), 0
            while (number := next(numbers)) < first + requests and process.child.poll() is None:
                if done % _NEW_KEYS_EVERY == 0:
                    keys = await process.keys()
                done += 1
                request = make(Random(f"{seed}-{number}"), keys)
                if show:
                    print(request)
                report.note(number, request, await asyncio.to_thread(client.send, request))
                if number % 100 == 0:
                    process.note_memory(number - first)
                if number % 5_000 == 4_999:
                    spent = time.monotonic() - started
                    print(f"{number + 1} requests, {spent:.0f} s, {process.memory[-1][1]:.0f} MB", flush=True)
            client.close()

        await asyncio.gather(*(one() for _ in range(clients)))
        if process.child.poll() is not None:
            report.faults.append(
                f"the process ended ({process.child.returncode}): {process.log.read_text()[-1500:]}"
            )
        report.faults += _memory(process, requests) + _log(process)
    return report


def _memory(process: Target, requests: int) -> list[str]:
    def median(start: float, end: float) -> float:
        return statistics.median(
            held for sent, held in process.memory if start * requests <= sent <= end * requests
        )

    if requests < _ENOUGH:
        return []
    early, middle, last = median(0.1, 0.2), median(0.5, 0.7), median(0.8, 1)
    print(f"memory: {early:.0f} MB after a tenth, {middle:.0f} MB past the middle, {last:.0f} MB at the end")
    grown = last / middle - 1
    return [f"memory grew by {grown:.1%} in the second half"] if grown > _GROWTH else []


def _log(process: Target) -> list[str]:
    """What the process says of its own faults, which a person would only see as a polite answer."""
    lines = process.log.read_text(errors="replace").splitlines()
    told = Counter(line.partition(" ERROR ")[2][:200] for line in lines if " ERROR " in line)
    return [f"{times} times in the log: {line}" for line, times in told.most_common(10)]


def main() -> int:
    """Run as the command line says; 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.security.fuzz", description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--first", type=int, default=0, help="number of the first request")
    parser.add_argument("--clients", type=int, default=8, help="connections at the same time")
    parser.add_argument("--show", action="store_true", help="print each request")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        report = asyncio.run(fuzz(Path(directory), **vars(chosen)))
    print("answers:", ", ".join(f"{status} × {times}" for status, times in sorted(report.statuses.items())))
    spent = sorted(report.seconds)
    print(
        f"{sum(report.statuses.values())} requests in {time.monotonic() - started:.0f} s; an answer took "
        f"{spent[len(spent) // 2] * 1000:.0f} ms (median), {spent[len(spent) * 99 // 100] * 1000:.0f} ms (99 %), "
        f"{spent[-1]:.1f} s (longest)"
    )
    for fault in report.faults[:50]:
        print("FAULT", fault)
    print(f"{len(report.faults)} faults")
    return bool(report.faults)


if __name__ == "__main__":
    sys.exit(main())
