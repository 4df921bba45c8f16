"""What the learned intents add to the deterministic cues of danger (bot.language.safety).

Measured on tests/evaluation (dev half, 2026-11-22): learned intents catch one crisis in seven that no cue names, with
confidences from 0.28 to 0.78; ordinary messages reach 0.71. So they raise a full alarm only when they are very sure,
and otherwise a gentle question, which is soft on the one and does not miss the other.
"""

from collections.abc import Mapping, Sequence
from typing import Any

KINDS = {"distress": "suicide", "emergency": "emergency"}
"""What an intent means when no cue named the danger."""
ALARM_FROM = 0.75
"""Confidence from which the best intent is an alarm by itself."""
SOFT_FROM = 0.25
"""Confidence from which it is worth a gentle question."""


def learned_alarm(ranking: Sequence[Mapping[str, Any]]) -> str | None:
    """Kind of alarm in a ranking of intents (`name`, `confidence`, best first): suicide, emergency, soft or None."""
    for rank, seen in enumerate(ranking[:2]):
        if seen["name"] in KINDS and seen["confidence"] >= SOFT_FROM:
            return KINDS[seen["name"]] if rank == 0 and seen["confidence"] >= ALARM_FROM else "soft"
    return None
