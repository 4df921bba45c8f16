"""Department and commune, through the directory of places."""

from collections.abc import Iterator

from bot.language.facts.context import Context
from bot.language.facts.fact import Fact

try:
    from bot.directory.places import resolve, spot
except ImportError:  # pragma: no cover - the directory is being written at the same time
    resolve = spot = None  # type: ignore[assignment]


def _facts(place: object, words: str, start: int, end: int) -> Iterator[Fact]:
    department, commune = getattr(place, "department", None), getattr(place, "commune", None)
    if department:
        yield Fact("department", department, words, start, end)
    if commune:
        yield Fact("commune", commune, words, start, end)


def find(context: Context) -> Iterator[Fact]:
    """`department` and `commune` named inside a sentence; nothing when the place is not sure."""
    if spot is None:
        return
    for mention in spot(context.reading.original):
        place = mention.match.place
        if place is not None and mention.match.sure:
            yield from _facts(place, mention.words, mention.start, mention.end)
            return


def answer(text: str) -> Iterator[Fact]:
    """`department` and `commune` of an answer to « où ? »."""
    if resolve is None:
        return
    match = resolve(text)
    if match.place is not None and match.sure:
        yield from _facts(match.place, text, 0, len(text))
