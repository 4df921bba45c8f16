"""Places to suggest while someone types the beginning of one: a département, a postcode, a commune."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from bot.directory.gazetteer import Place, gazetteer, normalise
from bot.directory.places import resolve

SHORTEST = 2
"""Characters from which there is something to suggest; one more for the communes, which are 35,000."""
LONGEST = 60


@lru_cache(maxsize=2048)
def suggest(typed: str, limit: int = 8) -> tuple[str, ...]:
    """Labels of the places that begin so, best known first; each one is read back without doubt by `resolve`."""
    key = normalise(typed)
    if not SHORTEST <= len(key) <= LONGEST:
        return ()
    places = _numbered(key.upper()) if key[0].isdigit() else _named(key)
    labels = dict.fromkeys(place.label for place in places if _sure(place))
    return tuple(islice(labels, limit))


def _named(key: str) -> Iterator[Place]:
    known = gazetteer()
    for department in known.departments.values():
        if normalise(department.name).startswith(key):
            yield Place(department.code)
    if len(key) > SHORTEST:
        for commune in known.starting(key)[:40]:
            yield commune.place()


def _numbered(number: str) -> Iterator[Place]:
    known = gazetteer()
    if number in known.departments:
        yield Place(number)
    if len(number) > SHORTEST:
        codes = [code for code in sorted(known.by_postcode) if code.startswith(number)]
        found = [commune for code in codes for commune in known.at(code)]
        for commune in sorted(found, key=lambda each: -each.rank)[:40]:
            yield commune.place()


def _sure(place: Place) -> bool:
    match = resolve(place.label)
    return match.sure and match.candidates[0].insee == place.insee
