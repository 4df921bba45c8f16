"""What tells a place from an ordinary word: prepositions, capitals, verbs of residence, a number next to it.

Runs in both environments: Python 3.10, standard library.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.directory.gazetteer import gazetteer

CITIES = frozenset({"paris", "lyon", "marseille"})
NEVER = frozenset(
    ["y", "a", "en", "de", "la", "le", "les", "et", "ou", "un", "une", "an", "ans", "moi", "moins"]
)
"""Words never taken, even with a number after them."""
_IN = frozenset(["a", "sur", "vers", "pres", "pres de", "cote de", "proche de", "region de", "loin de"])
_OF = frozenset(["de", "d", "du", "des", "au", "aux", "pour"])
_RESIDENCE = frozenset(
    [
        *(
            "habite",
            "habites",
            "habitons",
            "habitant",
            "habitante",
            "vis",
            "vit",
            "vivons",
            "reside",
            "residons",
        ),
        *(
            "domicilie",
            "domiciliee",
            "demeurant",
            "demeure",
            "loge",
            "travaille",
            "travaillons",
            "bosse",
            "installe",
        ),
        *(
            "installee",
            "commune",
            "ville",
            "village",
            "secteur",
            "agglomeration",
            "ne",
            "nee",
            "originaire",
            "agence",
        ),
    ]
)
_THING = frozenset(
    [
        *(
            "jour",
            "jours",
            "j",
            "semaine",
            "semaines",
            "mois",
            "an",
            "ans",
            "annee",
            "annees",
            "h",
            "heure",
            "heures",
        ),
        *(
            "euros",
            "euro",
            "salaries",
            "salarie",
            "personnes",
            "fois",
            "kg",
            "kilos",
            "pourcent",
            "minutes",
            "min",
        ),
        *(
            "janvier",
            "fevrier",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "aout",
            "septembre",
            "octobre",
            "novembre",
        ),
        *(
            "decembre",
            "rue",
            "avenue",
            "bis",
            "ter",
            "km",
            "m",
            "cm",
            "e",
            "eme",
            "er",
            "k",
            "enfants",
            "octobre",
        ),
    ]
)
"""Words after a number that make it a quantity, a date or an address, not a département."""
_ORDINALS = frozenset(["e", "er", "eme", "ieme", "ere"])
_TITLES = frozenset(
    ["m", "mr", "mme", "monsieur", "madame", "dr", "docteur", "docteure", "chez", "maitre", "mlle"]
)
_STREETS = frozenset(
    ["rue", "avenue", "boulevard", "place", "gare", "route", "hopital", "clinique", "chu", "tour"]
)
_LINKS = frozenset(
    ["dans", "en", "le", "la", "l", "les", "du", "de", "departement", "dept", "dep", "dpt", "cedex", ",", "("]
)


@dataclass(frozen=True)
class Word:
    """One word of a text: as written, as looked up, where it is, and whether its capital means something."""

    text: str
    key: str
    start: int
    end: int
    capital: bool


@dataclass(frozen=True)
class After:
    """A département that follows a name: its code(s), the index after its last word, postcode or district if
    said."""

    codes: frozenset[str]
    last: int
    postcode: str | None = None
    district: int = 0


def is_thing(words: Sequence[Word], position: int) -> bool:
    """True when the word after a number makes it a quantity (« 52 ans », « 14 jours »)."""
    if position >= len(words):
        return False
    return words[position].key in _THING


def contracted(words: Sequence[Word], position: int) -> str:
    """Article hidden in the word before: « au Havre » → « le », « des Ulis » → « les »; else empty."""
    before = words[position - 1].key if position else ""
    return {"au": "le", "du": "le", "aux": "les", "des": "les"}.get(before, "")


def starts_sentence(words: Sequence[Word], position: int) -> bool:
    """True for the first word of the text or of a sentence: its capital says nothing."""
    return position == 0 or words[position - 1].text in ".!?\n:;"


def _before(words: Sequence[Word], position: int) -> tuple[str, str]:
    last = words[position - 1].key if position else ""
    previous = words[position - 2].key if position > 1 else ""
    return last, f"{previous} {last}".strip()


def _residence(words: Sequence[Word], position: int) -> bool:
    """A verb or noun of residence just before, or before « à », « de », « sur », « près de »…"""
    back = position - 1
    while (
        back >= 0
        and position - back <= 4
        and words[back].key in _IN | _OF | {"pres", "cote", "proche", "loin", "la"}
    ):
        back -= 1
    return back >= 0 and words[back].key in _RESIDENCE


def is_place(words: Sequence[Word], position: int, size: int, key: str, rank: int) -> bool:
    """Whether these words, which are the name of a commune, name it here. `rank`: 3 prefecture … 0
    village."""
    span = words[position : position + size]
    if _is_rest_of_name(words, position):
        return False
    bare = [word for word in key.split(" ") if word not in ("le", "la", "les", "l")]
    ordinary = len(bare) == 1 and bare[0] in gazetteer().ordinary
    capital = all(word.capital for word in span if word.key in bare and len(word.key) > 3) and any(
        w.capital for w in span
    )
    last, two = _before(words, position)
    inside = last in _IN or two in _IN or (last in ("au", "aux") and key.startswith(("le ", "les ")))
    of = last in _OF
    first = starts_sentence(words, position)
    saint = key.startswith(("saint ", "sainte "))
    if last == "la" and key.startswith(("saint ", "sainte ")):
        return False  # « la Saint-Sylvestre »
    if len(key) < 3:
        return capital and inside and not first
    if ordinary:
        return (capital and not first and (inside or _residence(words, position))) or (
            rank > 0 and inside and _residence(words, position)
        )
    if rank:
        return True
    if capital and not first and (inside or of or len(bare) > 1 or _residence(words, position)):
        return True
    if len(bare) > 1:
        return saint or inside or (first and capital) or _residence(words, position)
    return _residence(words, position) and len(key) > 3


def _is_rest_of_name(words: Sequence[Word], position: int) -> bool:
    """True when the name is the end of another: « M. Langres », « chez Orange », « rue de Caen », « Dr Blanc
    »."""
    back = position - 2 if position > 1 and words[position - 1].text == "." else position - 1
    last = words[back].key if back >= 0 else ""
    if last in _TITLES:
        return True
    if last in ("de", "d", "du", "des") and back > 0:
        return words[back - 1].key in _STREETS - {"gare", "hopital", "clinique", "chu"}
    return last in _STREETS


def department_after(
    words: Sequence[Word], last: int, codes: frozenset[str], city: bool = False
) -> After | None:
    """« (52) », « 52 », « 52100 », « en Haute-Marne », « , Calvados » after a name, if it is one of its
    départements.

    `city`: the name is that of Paris, Lyon or Marseille, whose small numbers are arrondissements.
    """
    position = last
    while position < len(words) and position - last < 4 and words[position].key in _LINKS:
        position += 1
    if position >= len(words):
        return None
    if words[position].text.isdigit():
        return _number_after(words, position, last, codes, city)
    for size in range(min(4, len(words) - position), 0, -1):
        key = " ".join(word.key for word in words[position : position + size])
        here = {p.department for p in gazetteer().areas.get(key, ()) if p.commune is None} & codes
        if here and (size > 1 or position > last or words[position].capital):
            return After(frozenset(here), position + size)
    return None


def _number_after(
    words: Sequence[Word], position: int, last: int, codes: frozenset[str], city: bool
) -> After | None:
    digits = words[position].text
    following = words[position + 1].key if position + 1 < len(words) else ""
    end = position + 2 if following == ")" else position + 1
    if digits == "2" and f"2{following.upper()}" in codes:
        return After(frozenset({f"2{following.upper()}"}), position + 2)
    if city and position == last and following in _ORDINALS:
        return After(codes, position + 2, None, int(digits))
    if is_thing(words, position + 1):
        return None
    if len(digits) == 5:
        here = {c.department for c in gazetteer().at(digits)} & codes
        return After(frozenset(here), end, digits) if here else None
    if len(digits) in (2, 3) and digits in codes:
        return After(frozenset({digits}), end)
    return After(codes, end, None, int(digits)) if city and position == last and len(digits) <= 2 else None
