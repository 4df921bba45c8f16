"""An identifier: how it is recognised in a text, and what replaces it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_DATA = Path(__file__).resolve().parents[3] / "data" / "language" / "masking.yml"


@lru_cache(maxsize=1)
def words() -> Any:
    """Content of `data/language/masking.yml`. Raises OSError or yaml.YAMLError: a broken installation."""
    return yaml.safe_load(_DATA.read_text(encoding="utf-8"))


PLACEHOLDER = re.compile("(" + "|".join(re.escape(text) for text in words()["placeholders"].values()) + ")")


def digits(text: str) -> str:
    """The ASCII digits of a text."""
    return "".join(character for character in text if character in "0123456789")


@dataclass(frozen=True)
class Identifier:
    """A kind of identifier.

    `patterns`: what is masked is the group named `id`, or the whole match. `accepts`: a last check
    on that text.
    """

    kind: str
    patterns: tuple[re.Pattern[str], ...]
    accepts: Callable[[str], bool] = lambda _: True

    def mask(self, text: str) -> str:
        """The text with each identifier of this kind replaced by its placeholder."""
        for pattern in self.patterns:
            text = pattern.sub(self._replace, text)
        return text

    def _replace(self, match: re.Match[str]) -> str:
        group = "id" if "id" in match.re.groupindex else 0
        found = match.group(group)
        if PLACEHOLDER.search(found) or not self.accepts(found):
            return match.group()
        start, end = match.span(group)
        placeholder = str(words()["placeholders"][self.kind])
        whole = match.group()
        return whole[: start - match.start()] + placeholder + whole[end - match.start() :]
