"""Words as the search compares them: no capital, no accent, no punctuation, single spaces."""

import re
import unicodedata

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_ENDING = re.compile(r"(?:aux|es|s|x|e)$")
_SHORTEST_STEM = 4
_AFTER_LETTERS = "{"
"""The character after z."""
LONGEST = 40
"""Longest word kept."""


def fold(text: str) -> str:
    """« Arrêt, œuvre » → « arret oeuvre ». Scripts other than Latin are left out."""
    lowered = text.lower().replace("œ", "oe").replace("æ", "ae")
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(letter)
    )
    return _NOT_A_WORD.sub(" ", plain).strip()


def words_of(text: str) -> list[str]:
    """The words of a text, folded; single letters say nothing."""
    return [word[:LONGEST] for word in fold(text).split() if len(word) > 1]


def beginnings(text: str) -> list[tuple[str, str]]:
    """Bounds of the words that a search means, the end excluded: « arrêts, AT » → arret… to arret{, at to at!.

    Number and gender are left out of long words, which also find their derivatives; short ones mean themselves.
    """
    found = []
    for word in words_of(text):
        stem = _ENDING.sub("", word)
        found.append((stem, stem + _AFTER_LETTERS) if len(stem) >= _SHORTEST_STEM else (word, word + "!"))
    return found
