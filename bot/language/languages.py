"""Which language a message is in, when it is not French: enough to say kindly that Relais speaks French.

A small scorer over frequent words and letters: no model, nothing to load but a list of words.
"""

import re
from functools import lru_cache
from pathlib import Path

import yaml

_DATA = Path(__file__).resolve().parents[2] / "data" / "language" / "languages.yml"
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile("[\u0600-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_SHARE = 0.3
"""Part of the words of a message that must be frequent words of a language."""
_LEAST = 2
"""Fewest frequent words that tell a language."""


@lru_cache(maxsize=1)
def _frequent_words() -> dict[str, frozenset[str]]:
    lists = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return {language: frozenset(str(words).split()) for language, words in lists.items()}


def language_of(text: str) -> str | None:
    """ISO 639-1 code of the language of a message, or None when it is too short or unsure.

    "fr", "en", "es", "pt", "it", "de", "tr", "ro", "pl", "ar" (also in Latin letters), "uk", "ru". French wins
    as soon as it may be French: SMS spelling and second-language French are French. Raises nothing.
    """
    script = _script(text)
    if script:
        return script
    words = _WORD.findall(text.lower())
    if len(words) < _LEAST:
        return None
    lists = _frequent_words()
    french = [word for word in words if word in lists["fr"]]
    scores = {
        language: sum(word in frequent and word not in lists["fr"] for word in words)
        for language, frequent in lists.items()
        if language != "fr"
    }
    language, score = max(scores.items(), key=lambda item: item[1])
    only_french = sum(word not in lists[language] for word in french)
    if only_french >= score:
        return "fr" if len(french) >= _LEAST else None
    known = sum(word in lists[language] for word in words)
    if known < _LEAST or known / len(words) < _SHARE or 2 * only_french > score:
        return None
    return language if list(scores.values()).count(score) == 1 else None


def _script(text: str) -> str | None:
    """The language that the letters alone tell."""
    letters = sum(character.isalpha() for character in text)
    if not letters:
        return None
    if 2 * len(_ARABIC.findall(text)) > letters:
        return "ar"
    if 2 * len(_CYRILLIC.findall(text)) > letters:
        return "uk" if _UKRAINIAN.search(text) else "ru"
    return None
