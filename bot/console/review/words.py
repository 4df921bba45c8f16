"""Words as the search compares them: no capital, no accent, no punctuation, single spaces."""

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_ENDING = re.compile(r"(?:aux|es|s|x|e)$")
_SHORTEST_STEM = 4


def fold(text: str) -> str:
    """« Arrêt, œuvre » → « arret oeuvre ». Scripts other than Latin are left out."""
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae")
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(letter)
    )
    return _NOT_A_WORD.sub(" ", plain).strip()


def beginnings(text: str) -> list[str]:
    """What the words of a search begin with, number and gender left out: « arrêts longues » → arret, longu."""
    found = []
    for word in fold(text).split():
        stem = _ENDING.sub("", word)
        found.append(stem if len(stem) >= _SHORTEST_STEM else word)
    return found
