"""Word lists and rules of `data/language/`, as data and as regular expressions over the plain form."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parents[3] / "data" / "language"


@cache
def load(name: str) -> Any:
    """Content of `data/language/{name}.yml`. Raises OSError or yaml.YAMLError: a broken installation."""
    return yaml.safe_load((DATA / f"{name}.yml").read_text(encoding="utf-8"))


@lru_cache(maxsize=65536)
def unaccented(word: str) -> str:
    """The word in lower case, without accents or ligatures: « Œuvré » → « oeuvre »."""
    lowered = word.lower().replace("œ", "oe").replace("æ", "ae")
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


ELISIONS = {
    "j": "je", "d": "de", "n": "ne", "m": "me", "t": "te", "c": "ce", "l": "le", "s": "se", "qu": "que",
    "jusqu": "jusque", "lorsqu": "lorsque", "puisqu": "puisque", "quelqu": "quelque",
}  # fmt: skip
"""Elided words and their full form: the plain form has no apostrophe."""


def plain_words(phrase: str) -> str:
    """A phrase of a word list as it looks in the plain form of a message (same elisions, no accent)."""
    words = re.findall(r"[a-z]+|\d+|/", unaccented(phrase))
    return " ".join(ELISIONS.get(word, word) for word in words)


def alternation(phrases: Iterable[str]) -> str:
    """A group matching any of these phrases, longest first; a final `*` accepts any ending of the word."""
    parts = []
    for phrase in phrases:
        tail = r"\w*" if phrase.endswith("*") else ""
        parts.append(re.escape(plain_words(phrase.rstrip("*"))).replace(r"\ ", " ") + tail)
    return "(?:" + "|".join(sorted(parts, key=len, reverse=True)) + ")"


_REFERENCE = re.compile(r"(?<!\(\?)(?<!\(\?P)<([a-z_]+)>")
_OPENING = re.compile(r"(?<!\\)\((?!\?)")


@cache
def rules(topic: str) -> dict[str, str]:
    """The named rules of `data/language/rules/{topic}.yml`, each as one regular expression group.

    A rule is a list of alternatives over the plain form, a long one being a list of parts. `(a|b)` groups
    without capturing; `<name>` stands for another rule of the file. Raises KeyError for an unknown name.
    """
    data: dict[str, list[str | list[str]]] = load(f"rules/{topic}")

    def group(name: str) -> str:
        body = "|".join(_OPENING.sub("(?:", "".join(alternative)) for alternative in data[name])
        return "(?:" + _REFERENCE.sub(lambda m: group(m.group(1)), body) + ")"

    return {name: group(name) for name in data}
