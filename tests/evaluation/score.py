"""Scores what `relais understand` makes of the evaluation messages: `python -m tests.evaluation.score`."""

import argparse
import json
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.language.facts import extract
from tests.evaluation.dataset import AS_OF, Message, read
from tests.evaluation.measures import Pair, Understood
from tests.evaluation.report import markdown, summary

ROOT = Path(__file__).resolve().parents[2]
RELAIS = ROOT / ".venv" / "bin" / "relais"
REPORT = ROOT / "var" / "evaluation.md"
PATIENCE = 1800
"""Seconds; the model may have to be trained first."""


class UnderstandError(RuntimeError):
    """`relais` failed, or did not answer each message."""


def main() -> None:
    """Read the options, score, write the report, print the headline figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("dev", "test"), help="one half of the set only (default: both)")
    parser.add_argument(
        "--understood", type=Path, help="JSON lines of `relais understand`, instead of running it"
    )
    parser.add_argument(
        "--keep", type=Path, help="keep the JSON lines here, to give them to --understood later"
    )
    parser.add_argument("--report", type=Path, default=REPORT)
    options = parser.parse_args()
    messages = read(half=options.half)
    lines = stored(options.understood) if options.understood else understand(messages)
    if options.keep:
        options.keep.write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8"
        )
    pairs = paired(messages, lines)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(markdown(pairs, options.half), encoding="utf-8")
    for label, value in summary(pairs):
        print(f"{label:<40} {value}")
    print(f"Report: {options.report}")


def understand(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """What `relais understand` answers, in one run. Facts are those of `AS_OF`, whatever today is.

    UnderstandError: a command failed, or `understand` did not answer each line in JSON.
    """
    _relais("train")  # apart, for what training prints is no answer
    answers = _relais("understand", "".join(f"{message.text}\n" for message in messages)).splitlines()
    try:
        lines = [json.loads(answer) for answer in answers]
    except json.JSONDecodeError as error:
        raise UnderstandError(f"not JSON: {error.doc[:200]!r}") from error
    if len(lines) != len(messages):
        raise UnderstandError(f"{len(lines)} answers to {len(messages)} messages")
    if datetime.now(ZoneInfo("Europe/Paris")).date() != AS_OF:
        for line in lines:
            line["facts"] = {fact.name: fact.value for fact in extract(line["text"], today=AS_OF)}
    return lines


def _relais(command: str, text: str = "") -> str:
    run = subprocess.run(
        [str(RELAIS), command],
        input=text,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=PATIENCE,
        check=False,
    )
    if run.returncode:
        raise UnderstandError(f"relais {command}: exit {run.returncode}\n{run.stderr[-2000:]}")
    return run.stdout


def stored(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def paired(messages: Sequence[Message], lines: Sequence[dict[str, Any]]) -> list[Pair]:
    """Each message with its line, found by its text. UnderstandError: a message has none."""
    by_text = {line["text"]: line for line in lines}
    missing = [message.text for message in messages if message.text not in by_text]
    if missing:
        raise UnderstandError(f"{len(missing)} messages have no line")
    intents = frozenset(name for message in read() for name in message.intents)
    return [Pair(message, Understood.from_json(by_text[message.text], intents)) for message in messages]


if __name__ == "__main__":
    main()
