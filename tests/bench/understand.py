"""Messages per second of `relais understand` once loaded: `.venv/bin/python -m tests.bench.understand [TIMES]`.

Every message of the evaluation goes through the command as a person would give it, TIMES times in a new order, on the
standard input of one process. Measured from the first answer (the model is then loaded) to the last: wall time, and
processor time of the command and of Rasa's part together. On a machine shared by others the processor time is the one
to compare.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.evaluation.dataset import read

ROOT = Path(__file__).resolve().parents[2]
RELAIS = ROOT / ".venv" / "bin" / "relais"
TICKS = os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from descendants(int(child))


def processor_seconds(pid: int) -> float:
    """User and system time of a process and of all that it started."""
    seconds = 0.0
    for process in descendants(pid):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


def main(times: int) -> None:
    """Give every message to the command and print what it took."""
    texts = [message.text for message in read()] * times
    random.Random(0).shuffle(texts)
    command = subprocess.Popen(
        [str(RELAIS), "understand"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT
    )
    assert command.stdin
    assert command.stdout
    command.stdin.write("bonjour\n")
    command.stdin.flush()
    command.stdout.readline()  # loaded
    spent, started = processor_seconds(command.pid), time.monotonic()
    feeder = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdout.write(sys.stdin.read())"],
        stdin=subprocess.PIPE, stdout=command.stdin, encoding="utf-8",
    )  # fmt: skip
    assert feeder.stdin
    feeder.stdin.write("".join(f"{text}\n" for text in texts))
    feeder.stdin.close()
    for _ in texts:
        command.stdout.readline()
    wall = time.monotonic() - started
    spent = processor_seconds(command.pid) - spent
    command.stdin.close()
    command.wait()
    feeder.wait()
    print(f"{len(texts)} messages, {len(set(texts))} different")
    print(f"wall       {wall:7.1f} s  {len(texts) / wall:6.0f} messages per second")
    print(f"processor  {spent:7.1f} s  {len(texts) / spent:6.0f} messages per second of one core")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
