"""Long texts cut where a reader would pause: between paragraphs, lines, sentences, then words."""

import re
from collections.abc import Callable

_PAUSES = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?…;:])\s+"), re.compile(r"\s+"))

Fits = Callable[[str], bool]


def split(text: str, fits: Fits) -> list[str]:
    """Pieces that each fit, in order, none empty; a word longer than a message is cut inside."""
    text = text.strip()
    pieces = []
    while text and not fits(text):
        cut = _cut(text, fits)
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*pieces, text] if text else pieces


def _cut(text: str, fits: Fits) -> int:
    """Where to cut: the latest pause of the strongest kind that leaves a piece of a fair size."""
    longest = _longest(text, fits)
    for pause in _PAUSES:
        places = [found.start() for found in pause.finditer(text, 0, longest + 1) if found.start() <= longest]
        if places and places[-1] >= longest // 3:
            return places[-1]
    return longest


def _longest(text: str, fits: Fits) -> int:
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    return low


def shorten(text: str, length: int) -> str:
    """At most `length` characters, cut between words, the cut shown by « … »."""
    if len(text) <= length:
        return text
    cut, space = text[: length - 1], text.rfind(" ", 0, length)
    return (cut[:space] if space >= length // 2 else cut).rstrip(" ,;:.") + "…"


def at_most(length: int) -> Fits:
    """Fits when it has at most that many characters, counted as the strictest platform does (UTF-16)."""
    return lambda text: len(text.encode("utf-16-be")) // 2 <= length
