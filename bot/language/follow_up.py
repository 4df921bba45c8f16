"""« et mon employeur ? »: a short message that asks the last question again, for the other side."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from bot.language.facts.reading import read

DATA = Path(__file__).resolve().parents[2] / "data" / "language" / "follow_up.yml"
LONGEST = 8
"""Words: a longer message says more than that."""


def other_side(text: str) -> str | None:
    """employer or worker when the message only turns the last question towards them, else None."""
    plain = read(text[:120]).plain.strip(" .,?!")
    if len(plain.split()) > LONGEST:
        return None
    return next((side for side, pattern in _patterns().items() if pattern.fullmatch(plain)), None)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    words = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    opening, ending = words["opening"], words["ending"]
    return {
        side: re.compile(rf"(?:{opening})(?:{'|'.join(words['sides'][side])})(?:{ending})")
        for side in words["sides"]
    }
