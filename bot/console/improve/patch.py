"""Corrections as a patch that `git apply` takes: training sentences, and sentences whose facts must be read.

The facts are read by rules, not learned: a corrected fact becomes a case of the rules' own tests, which fails until
the rule is right.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.console.improve.nlu_files import Addition, Refused, add, read_files
from bot.console.review.words import fold
from bot.settings import ROOT

FACTS_FILE = "tests/language/facts/conseillers.yml"
MEASURED = "tests/evaluation/messages.yml"
_HEAD = "# Phrases corrigées par les conseillers dans la console, pseudonymisées puis relues.\n"


@dataclass(frozen=True)
class Gold:
    """A sentence and the facts that must be read in it."""

    sentence: str
    facts: Mapping[str, Any]
    asked: str | None = None


@dataclass(frozen=True)
class Patch:
    """What leaves, and what did not."""

    text: str
    added: list[Addition]
    refused: list[Refused]


def make(additions: Iterable[Addition], golds: Iterable[Gold], root: Path = ROOT) -> Patch:
    """The unified diff that adds these sentences to the files under `root`."""
    before = read_files(root)
    after, added, refused = add(before, additions, never=_measured(root))
    facts_path = root / FACTS_FILE
    if facts_path.exists():
        before[FACTS_FILE] = facts_path.read_text(encoding="utf-8")
    after[FACTS_FILE] = _with_golds(before.get(FACTS_FILE, ""), golds)
    return Patch(
        "".join(_diff(path, before.get(path, ""), text) for path, text in after.items()), added, refused
    )


def _measured(root: Path) -> list[str]:
    path = root / MEASURED
    if not path.exists():
        return []
    return [
        str(entry["text"]) for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    ]


def _with_golds(text: str, golds: Iterable[Gold]) -> str:
    known = {fold(case["say"]) for case in yaml.safe_load(text) or []}
    lines = []
    for gold in golds:
        if fold(gold.sentence) not in known:
            known.add(fold(gold.sentence))
            lines.append(f"- {_flow(gold)}\n")
    if not lines:
        return text
    return (text or _HEAD) + "".join(lines)


def _flow(gold: Gold) -> str:
    """One line, as in the other files of that folder."""
    asked = {"asked": gold.asked} if gold.asked else {}
    facts = {name: _day(value) for name, value in gold.facts.items()}
    case = {"say": gold.sentence, **asked, "facts": facts}
    return yaml.dump(case, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10_000).strip()


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value
    except ValueError:
        return value


def _diff(path: str, before: str, after: str) -> str:
    if before == after:
        return ""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        fromfile=f"a/{path}" if before else "/dev/null",
        tofile=f"b/{path}",
    )
    shown = [line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines]
    head = f"diff --git a/{path} b/{path}\n" + ("" if before else "new file mode 100644\n")
    return head + "".join(shown)
