"""Départements and regions inside a sentence: « dans l'Orne », « en Haute-Marne », « le 52 », « (2A) », «
52100 ».

Runs in both environments: Python 3.10, standard library and rapidfuzz.
"""

from collections.abc import Sequence
from itertools import pairwise

from bot.directory.cues import Word, department_after, is_thing
from bot.directory.gazetteer import Place, gazetteer, normalise
from bot.directory.matching import NOTHING, PlaceMatch, ask, one

_NUMBER_CUES = frozenset(["departement", "dept", "dep", "dpt", "postal", "cp"])
_LIVES = frozenset(["habite", "vis", "reside", "suis", "viens", "travaille", "bosse", "secteur", "habitant"])


_IN = frozenset(["dans", "ds", "departement"])
_OFFICES = frozenset(["mdph", "cpam", "msa", "carsat", "cdg", "prefecture", "secu", "caf", "mda", "sdis"])
"""Bodies that have one office per département: « la MDPH du 52 », « le Cap emploi du 76 »."""


def number_at(words: Sequence[Word], position: int) -> tuple[int, PlaceMatch] | None:
    """A postcode or département number at this word, with the cue it needs: (index after it, match)."""
    digits = words[position].text
    if not digits.isdigit():
        return None
    last, code = position + 1, digits
    if (
        digits == "2"
        and last < len(words)
        and words[last].key in ("a", "b")
        and words[last].start == words[position].end
    ):
        code, last = f"2{words[last].text.upper()}", last + 1
    if is_thing(words, last):
        return None
    if len(code) == 5:
        return _postcode(words, position, code)
    if code not in gazetteer().departments or len(code) < 2 or not _has_cue(words, position, last):
        return None
    return last, one(Place(code))


def _has_cue(words: Sequence[Word], position: int, last: int) -> bool:
    keys = [word.key for word in words[max(0, position - 3) : position]]
    before = keys[-1] if keys else ""
    after = words[last].text if last < len(words) else ""
    if before in _NUMBER_CUES or (before == "(" and after == ")"):
        return True
    follows = words[last].key if last < len(words) else ""
    if before in ("le", "du") and len(keys) > 1 and keys[-2] in _IN:
        return True
    office = " ".join(keys[:2]) in ("cap emploi", "france travail") or (keys[-2:-1] and keys[-2] in _OFFICES)
    if before == "du" and office and not follows.isdigit() and follows not in ("a", "au"):
        return True
    if position == 0 and after == ",":
        return not _may_be_age(words)
    ends = not after or after in ",.;!?)" or after in ("et", "depuis", "je", "en", "mais")
    return ends and before in ("le", "du") and len(keys) > 1 and keys[-2] in _LIVES


def _may_be_age(words: Sequence[Word]) -> bool:
    """Whether a number that opens a message (« 93, magasin ») may be the age of someone who says no other."""
    code = words[0].text
    ages = {before.text for before, word in pairwise(words) if word.key == "ans"}
    return code.isdigit() and 16 <= int(code) <= 67 and not any(text.isdigit() for text in ages)


def _postcode(words: Sequence[Word], position: int, code: str) -> tuple[int, PlaceMatch] | None:
    here = gazetteer().at(code)
    keys = {word.key for word in words[max(0, position - 3) : position]}
    alone = len(words) == 1
    follows = " ".join(word.key for word in words[position + 1 : position + 2])
    named = any(c for c in here if follows and normalised_start(c.name, follows))
    if not here or not (alone or named or keys & (_NUMBER_CUES | _LIVES | {"a", "dans"})):
        return None
    departments = sorted({c.department for c in here})
    if len(here) == 1:
        return position + 1, one(here[0].place(code))
    places = [Place(department, None, code) for department in departments]
    return position + 1, one(places[0]) if len(places) == 1 else ask(places)


def normalised_start(name: str, first: str) -> bool:
    """True when a commune's name begins with this looked-up word."""
    return normalise(name).split(" ")[0] == first


def area_at(words: Sequence[Word], position: int) -> tuple[int, PlaceMatch] | None:
    """A département or region named at this word: (index after it, match)."""
    areas = gazetteer().areas
    longest = gazetteer().first_words_of_areas.get(words[position].key, 0)
    for size in range(min(longest, len(words) - position), 0, -1):
        span = words[position : position + size]
        key = " ".join(word.key for word in span)
        places = [place for place in areas.get(key, ()) if place.commune is None]
        if places and _named(words, position, span, key):
            after = department_after(words, position + size, frozenset(place.department for place in places))
            last = after.last if after and len(places) == 1 else position + size
            return last, one(places[0]) if len(places) == 1 else ask(places)
        if key in areas and not areas[key] and span[0].capital:
            return position + size, NOTHING
    return None


def _named(words: Sequence[Word], position: int, span: Sequence[Word], key: str) -> bool:
    """Whether a name of département is one here; those that are ordinary words need « dans le », « en », « de
    l' »."""
    keys = ["", "", "", *(word.key for word in words[max(0, position - 3) : position])]
    follows = words[position + len(span)].key if position + len(span) < len(words) else ""
    bare = [word for word in key.split(" ") if word not in ("le", "la", "les", "l")]
    capital = span[-1].capital
    if key in ("nord", "centre"):
        return capital and follows not in ("de", "du", "d", "ouest", "est") and keys[-2:] == ["dans", "le"]
    if key in ("la reunion", "reunion"):
        return (capital and (len(span) > 1 or keys[-1] == "la")) or (keys[-1] == "a" and keys[-2] in _LIVES)
    if len(bare) > 1 or bare[0] not in gazetteer().ordinary:
        return True
    if follows == "de":
        return False  # « la somme de », « un lot de »
    if keys[-1] == "en":
        return capital or key not in ("somme", "cher", "lot", "manche", "creuse")
    article = keys[-1] in ("l", "la", "le", "les")
    if article and keys[-2] == "dans":
        return capital or key not in ("lot", "somme", "manche", "jura", "cher")
    return capital and (article or keys[-1] in ("du", "des"))
