"""Acronyms in what people read: those whose words the text does not give are explained at its end."""

import re
import unicodedata
from functools import lru_cache

import yaml

from bot.settings import ROOT

ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]+\b")
LITTLE = 3
"""Letters up to which a word of the explanation need not be in the text."""


@lru_cache(maxsize=1)
def words() -> dict[str, str]:
    """Acronym → its words (data/acronyms.yml)."""
    return dict(_content()["explained"])


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """Acronyms that everyone reads."""
    return frozenset(_content()["known"])


def to_explain(text: str) -> dict[str, str]:
    """The acronyms of a text whose words are not in it, in the order of the text."""
    said = _plain(text)
    found = dict.fromkeys(ACRONYM.findall(text))
    return {name: words()[name] for name in found if name in words() and not _spelled_out(name, said)}


def with_words(text: str, names: dict[str, str]) -> str:
    """The text, followed by the words of these acronyms."""
    return " ".join([text, *(f"{name} : {meaning}." for name, meaning in names.items())])


def _spelled_out(name: str, said: str) -> bool:
    meaning = [word for word in re.findall(r"\w+", _plain(words()[name])) if len(word) > LITTLE]
    return sum(word[:6] in said for word in meaning) >= len(meaning) / 2


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _content() -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = yaml.safe_load(
        (ROOT / "data" / "acronyms.yml").read_text(encoding="utf-8")
    )
    return content
