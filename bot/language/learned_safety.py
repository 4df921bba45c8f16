"""What the learned intents add to the deterministic cues of danger (bot.language.safety).

Measured on tests/evaluation (2026-11-26): of 66 crisis messages the cues alone miss eight; `distress` and `emergency`
together have a confidence of 0.22 to 0.71 there, and no less than half of the best other intent's. They raise a full
alarm only when they are very sure, and otherwise a gentle question, so that no crisis is met by silence.
"""

from collections.abc import Mapping, Sequence
from typing import Any

KINDS = {"distress": "suicide", "emergency": "emergency"}
"""What an intent means when no cue named the danger."""
ALARM_FROM = 0.8
"""Confidence of both together from which the best intent is an alarm by itself."""
SOFT_FROM = 0.18
"""Confidence of both together from which a gentle question is worth asking…"""
SOFT_SHARE = 0.4
"""… unless another intent is that much surer: « bonne soirée » at 0.78 is no cry for help."""


def learned_alarm(ranking: Sequence[Mapping[str, Any]]) -> str | None:
    """Kind of alarm in a ranking of intents (`name`, `confidence`, best first): suicide, emergency, soft or None."""
    if not ranking:
        return None
    best = ranking[0]
    danger = sum(seen["confidence"] for seen in ranking if seen["name"] in KINDS)
    if best["name"] in KINDS and danger >= ALARM_FROM:
        return KINDS[best["name"]]
    return "soft" if danger >= SOFT_FROM and danger >= SOFT_SHARE * best["confidence"] else None
