"""Places inside a sentence: what counts as one, and what makes it sure. Used by `bot.directory.places.spot`.

Thousands of communes bear the name of an ordinary word (Vire, Mer, Sens, Lourdes, Y): a name is taken when
the words
around it, its capital, a postcode or a département say that it is a place, never for its spelling alone.
Runs in both environments: Python 3.10, standard library and rapidfuzz.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.directory import cues
from bot.directory.areas import area_at, number_at
from bot.directory.cues import Word
from bot.directory.gazetteer import Commune, gazetteer, normalise
from bot.directory.matching import PlaceMatch, PlaceMention, choose, district, one

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[,.;:!?()\n]")
_LONGEST_TEXT = 5000


@dataclass(frozen=True)
class Found:
    """Words `first` to `last` (excluded) that name a place."""

    first: int
    last: int
    match: PlaceMatch


def mentions(text: str) -> tuple[PlaceMention, ...]:
    """Places of a text, in order, never overlapping."""
    words = _words(text[:_LONGEST_TEXT])
    found = list(_scan(words))
    return tuple(
        PlaceMention(
            words[f.first].start,
            words[f.last - 1].end,
            text[words[f.first].start : words[f.last - 1].end],
            f.match,
        )
        for f in found
        if f.match.candidates
    )


def _words(text: str) -> list[Word]:
    shouted = text.upper() == text and text.lower() != text
    words: list[Word] = []
    for token in _TOKEN.finditer(text):
        key = normalise(token[0]) or token[0]
        if token[0] in ("s", "S") and words and text[token.end() : token.end() + 1] == "/":
            key = "sur"
        capital = token[0][0].isupper() and not shouted
        words.append(Word(token[0], key, token.start(), token.end(), capital))
    return words


def _scan(words: list[Word]) -> Iterator[Found]:
    position = 0
    while position < len(words):
        found = _at(words, position)
        if found:
            yield found
            position = found.last
        else:
            position += 1


def _at(words: list[Word], position: int) -> Found | None:
    """The place that begins at this word, if any: a postcode, a number with a cue, a commune, a
    département."""
    number = number_at(words, position)
    if number:
        return Found(position, *_with_town(words, *number))
    town = _town_at(words, position)
    area = area_at(words, position)
    if area and (not town or area[0] > town[0] or (area[0] == town[0] and not _well_known(town[1]))):
        return Found(position, *area)
    return Found(position, *town) if town else None


def _well_known(match: PlaceMatch) -> bool:
    ranks = [c.rank for c in gazetteer().communes_by_insee(p.insee for p in match.candidates if p.insee)]
    return any(ranks)


def _with_town(words: list[Word], last: int, match: PlaceMatch) -> tuple[int, PlaceMatch]:
    """« 52100 Saint-Dizier »: the name after a postcode says which commune."""
    codes = {place.department for place in match.candidates}
    for size in range(min(6, len(words) - last), 0, -1):
        key = " ".join(word.key for word in words[last : last + size])
        here = [c for c in gazetteer().named(key) if c.department in codes]
        if len(here) == 1 and match.place and match.place.commune:
            return last + size, match  # « 75013 Paris » is more precise than Paris
        if len(here) == 1:
            return last + size, one(here[0].place(match.candidates[0].postcode))
    return last, match


def _town_at(words: list[Word], position: int) -> tuple[int, PlaceMatch] | None:
    book = gazetteer()
    longest = book.first_words.get(words[position].key, 0)
    contracted = cues.contracted(words, position)
    if contracted:
        longest = max(longest, book.first_words.get(contracted, 0) - 1)
    for size in range(min(longest, len(words) - position), 0, -1):
        keys = [words[position + offset].key for offset in range(size)]
        for key in dict.fromkeys((" ".join([contracted, *keys]) if contracted else "", " ".join(keys))):
            communes = _usual(key) if key else []
            found = communes and _accept(words, position, size, key, communes)
            if found:
                return found
    return None


def _usual(key: str) -> list[Commune]:
    """Communes of that name, or the one that is usually called so (« Vire » → Vire Normandie)."""
    book = gazetteer()
    usual = [place.insee for place in book.areas.get(key, ()) if place.insee]
    named = book.named(key)
    if not usual:
        return named
    return sorted([*book.communes_by_insee(usual), *named], key=lambda c: -c.rank)


def _with_cedilla(span: list[Word], communes: list[Commune]) -> list[Commune]:
    """A ç that is written belongs to the name: « Besançon », but « ça » is not Ca, « reçu » no Recu."""
    if not any("ç" in word.text.lower() for word in span):
        return communes
    return [commune for commune in communes if "ç" in commune.name.lower()]


def _accept(
    words: list[Word], position: int, size: int, key: str, communes: list[Commune]
) -> tuple[int, PlaceMatch] | None:
    """The place, when the words around this name say that it is one."""
    last = position + size
    communes = _with_cedilla(words[position:last], communes)
    if not communes:
        return None
    after = cues.department_after(words, last, frozenset(c.department for c in communes), key in cues.CITIES)
    if after and key not in cues.NEVER:
        here = [c for c in communes if c.department in after.codes]
        if after.district:
            return after.last, district(key, after.district) or one(here[0].place())
        return after.last, choose(here, gazetteer(), key, after.codes, after.postcode)
    if not cues.is_place(words, position, size, key, max(c.rank for c in communes)):
        return None
    return last, choose(communes, gazetteer(), key)
