"""After this question, these intents make sense: what is believed of an intent that is not sure."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import yaml

from bot.settings import ROOT

SURE = 0.45
"""Confidence from which an intent read in free text is obeyed, whatever was asked."""
LIKELY = 0.3
"""Confidence from which it is, when it makes sense after the question."""
DRASTIC = 0.6
"""Confidence from which what erases, leaves or goes back is obeyed: « début juillet » starts nothing over."""


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(
        (ROOT / "data" / "language" / "expected.yml").read_text(encoding="utf-8")
    )
    return found


def stated_by(intent: str) -> frozenset[str]:
    """Facts that say what a question of this intent is about: stated without a question, nothing is asked."""
    return frozenset(_content()["stated_by"].get(intent, ()))


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    content = _content()
    answers = content["answers"]
    after = {
        question: frozenset(answers[intents] if isinstance(intents, str) else intents)
        for question, intents in content["questions"].items()
    }
    return after, frozenset(content["drastic"])


def makes_sense(asked: str | None) -> frozenset[str]:
    """The intents that make sense after a question."""
    return _table()[0].get(asked or "", frozenset())


def drastic() -> frozenset[str]:
    """The intents that need more confidence than others."""
    return _table()[1]


def believed(asked: str | None, ranking: Sequence[Mapping[str, Any]]) -> str:
    """The intent to obey in a ranking (`name`, `confidence`, best first), or an empty string when none is to be."""
    if not ranking:
        return ""
    best = ranking[0]
    if best["confidence"] >= (DRASTIC if best["name"] in drastic() else SURE):
        return str(best["name"])
    likely = makes_sense(asked)
    return next(
        (str(seen["name"]) for seen in ranking if seen["name"] in likely and seen["confidence"] >= LIKELY), ""
    )
