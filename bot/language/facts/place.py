"""Department and commune, through the directory of places."""

import re
from collections.abc import Iterator

from bot.directory.places import Place, resolve, spot
from bot.language.facts.context import Context
from bot.language.facts.fact import Fact

_NUMBER = re.compile(r"\bdepartement\b(?: \D{1,24})? (?P<code>\d{2,3}|2[ab])\b")
"""« je me suis trompé de département, c'est le 54 »."""


def _facts(place: Place, words: str, start: int, end: int) -> Iterator[Fact]:
    if place.department:
        yield Fact("department", place.department, words, start, end)
    if place.commune:
        yield Fact("commune", place.commune, words, start, end)


def find(context: Context) -> Iterator[Fact]:
    """`department` and `commune` named inside a sentence; nothing when the place is not sure."""
    number = _NUMBER.search(context.plain)
    if number:
        start, end = context.reading.span(*number.span("code"))
        found = resolve(number["code"])
        if found.place is not None and found.sure:
            yield from _facts(found.place, context.reading.original[start:end], start, end)
            return
    for mention in spot(context.reading.original):
        place = mention.match.place
        if place is not None and mention.match.sure:
            yield from _facts(place, mention.words, mention.start, mention.end)
            return


def answer(text: str) -> Iterator[Fact]:
    """`department` and `commune` of an answer to « où ? »."""
    match = resolve(text)
    if match.place is not None and match.sure:
        yield from _facts(match.place, text, 0, len(text))
