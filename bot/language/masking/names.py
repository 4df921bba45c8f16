"""Names and street addresses, where the words around them present them as such."""

import re

from bot.language.masking.pattern import Identifier, words

_WORDS = words()


def _alternatives(name: str) -> str:
    return "|".join(part.strip() for part in str(_WORDS[name]).split("|"))


_NOT_NAMES = frozenset(str(_WORDS["not_names"]).split())
_LITTLE_WORDS = "|".join(re.escape(word) for word in sorted(_NOT_NAMES, key=len, reverse=True))
_NO_NAME = rf"(?!(?i:(?:{_LITTLE_WORDS})(?![\w'’])))"
_CAPITALISED = rf"{_NO_NAME}(?-i:[A-ZÀ-ÖØ-Þ])[\w'’]*(?:-\w+)*"
_PARTICLE = r"(?:(?:de la|de|du|des|le|la|el|ben|van|von|da|dos|d['’]) ?)"
_ANY_WORD = rf"{_NO_NAME}[^\W\d_][\w'’]+(?:-\w+)*"
_PROPER_NAME = rf"{_CAPITALISED}(?: (?i:{_PARTICLE}){{0,2}}{_CAPITALISED}){{0,3}}"
_LOOSE_NAME = rf"{_ANY_WORD}(?: (?:(?i:{_PARTICLE}){{1,2}}{_CAPITALISED}|{_ANY_WORD})){{0,2}}"
"""A name maybe written without a capital: up to three words, none of which is an ordinary little word."""
_SAID = (
    r"(?:j['’e ]{0,2}m['’ ]?appelle|je me nomme|moi c['’ ]?est|mon nom|mon pr[ée]nom"
    r"|mon (?:pr[ée]nom|nom)(?: de famille)?(?: et (?:pr[ée]nom|nom))? (?:est|c['’ ]?est))"
)
_OTHERS = r"(?:il|elle|mari|femme|fils|fille|coll[èe]gue|salari[ée]e?|patron|chef)"
_OWNERS = r"(?:mon|ma|notre|un|une|son|sa|leur|le|la|votre)"
_CLOSINGS = (
    r"(?:cordialement|cdlt|cdt|bien [àa] vous|sinc[èe]rement|respectueusement|merci d['’]avance|salutations)"
)

NAMES = (
    Identifier(
        "name",
        (
            re.compile(rf"\b{_SAID}\s*:?\s+(?P<id>{_LOOSE_NAME})", re.IGNORECASE),
            re.compile(
                rf"\b(?:nom(?: de famille)?|pr[ée]nom|sign[ée]|signature)\s*:\s*(?P<id>{_LOOSE_NAME})",
                re.IGNORECASE,
            ),
            re.compile(rf"\b(?i:sign[ée]e?)\s*:?\s+(?P<id>{_PROPER_NAME})"),
            re.compile(rf"\b(?i:{_OTHERS} s['’ ]appelle) (?P<id>{_PROPER_NAME})"),
            re.compile(rf"(?<!\w)(?i:{_alternatives('titles')}) (?P<id>{_PROPER_NAME})"),
            re.compile(rf"(?<!\w)(?:{_alternatives('short_titles')})\.? (?P<id>{_ANY_WORD})", re.IGNORECASE),
            re.compile(rf"\b(?i:{_OWNERS} (?:{_alternatives('roles')})) (?P<id>{_PROPER_NAME})"),
            re.compile(rf"\b(?i:{_CLOSINGS})\s*[,.!]?\s+(?P<id>{_PROPER_NAME})\s*\.?\s*$"),
        ),
    ),
)

_STREET_WORD = rf"{_NO_NAME}[^\W\d_][\w'’]*(?:-\w+)*"
_STREET_PARTICLES = (
    r"(?:(?:de la|de l['’]|de|du|des|d['’]|la|le|les|l['’]|aux|au|à la|saint|sainte|st|ste"
    r"|docteur|général|maréchal|président|professeur|abbé) ?){0,3}"
)
_HOUSE = r"(?<![\w/.,])\d{1,4}(?: ?(?:bis|ter|quater|[a-d])\b)?\s*,?\s*"
STREET_ADDRESS = Identifier(
    "address",
    (
        re.compile(
            rf"{_HOUSE}(?i:{_alternatives('streets')})\s+(?i:{_STREET_PARTICLES})"
            rf"[^\W_][\w'’]*(?:-\w+)*(?: (?i:{_PARTICLE})?{_CAPITALISED}){{0,4}}",
            re.IGNORECASE,
        ),
        re.compile(
            rf"{_HOUSE}(?i:{_alternatives('ambiguous_streets')})\s+(?i:{_STREET_PARTICLES})"
            rf"{_CAPITALISED}(?: (?i:{_PARTICLE})?{_CAPITALISED}){{0,4}}"
        ),
        re.compile(
            rf"\b(?i:adresse|habite|domicili[ée]e?|demeure|demeurant|vis|loge|r[ée]side)\b[^\d\n]{{0,20}}"
            rf"(?P<id>{_HOUSE}(?i:{_alternatives('ambiguous_streets')})\s+(?i:{_STREET_PARTICLES})"
            rf"{_STREET_WORD}(?: (?i:{_PARTICLE})?{_CAPITALISED}){{0,4}})"
        ),
    ),
)
