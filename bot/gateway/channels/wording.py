"""Limits of the platforms and the sentences of the channels, from `data/channels.yml`."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from bot.settings import ROOT

_BEFORE = re.compile(" (?=[?!:;»])")
_NOT_WORDS = re.compile(r"[^a-z0-9?/ ]+")
_FIELDS = (
    "text", "button_title", "buttons", "payload_bytes", "body_bytes", "interactive_text", "list_title",
    "list_description", "list_rows", "list_button", "section_title", "segments",
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """What a platform accepts, in characters unless the name says bytes; 0 when it has no such thing."""

    text: int
    button_title: int
    buttons: int
    payload_bytes: int
    body_bytes: int
    """Largest webhook body that we read."""
    interactive_text: int
    list_title: int
    list_description: int
    list_rows: int
    list_button: int
    section_title: int
    segments: int
    window_hours: int | None
    """Hours after the person's last message during which we may write; None for no such rule."""


@dataclass(frozen=True)
class ChannelWords:
    """Sentences and words of the channels. All in French."""

    say: dict[str, str]
    privacy: dict[str, str]
    tools: dict[str, str]
    """Tool of a question → the word that asks for it."""
    meanings: dict[str, str]
    """Folded word → what it asks for: stop, erase, help, code, begin or a tool."""
    numbers: frozenset[str]
    """Questions whose answer is a number: their choices have letters."""
    short: dict[str, str]
    """Title of a choice → the one that fits where 20 letters are the limit."""


@cache
def _file() -> dict[str, Any]:
    with (ROOT / "data" / "channels.yml").open(encoding="utf-8") as stream:
        raw: dict[str, Any] = yaml.safe_load(stream)
    return raw


@cache
def limits(channel: str) -> Limits:
    """Limits of a channel. Raises KeyError for one that the file does not know."""
    raw = _file()["limits"][channel]
    return Limits(**{name: raw.get(name) or 0 for name in _FIELDS}, window_hours=raw["window_hours"])


@cache
def segment_sizes() -> dict[str, tuple[int, int]]:
    """Units of an SMS by alphabet: alone, then per segment of several."""
    raw = _file()["limits"]["sms"]
    return {name: (raw[name][0], raw[name][1]) for name in ("gsm7", "ucs2")}


@cache
def channel_words() -> ChannelWords:
    """Read once."""
    raw = _file()
    meanings = {fold(word): meaning for meaning, words in raw["words"].items() for word in words}
    numbers = frozenset(raw["numbers"])
    return ChannelWords(raw["say"], raw["privacy"], raw["tools"], meanings, numbers, raw["short"])


def unbroken(text: str) -> str:
    """The text with the spaces of French punctuation that no phone may break a line at."""
    return _BEFORE.sub("\u00a0", text).replace("« ", "«\u00a0")


def fold(text: str) -> str:
    """Lower case without accents, punctuation nor doubled spaces: « Je ne sais pas ! » → "je ne sais pas"."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter)
    )
    folded = " ".join(_NOT_WORDS.sub(" ", bare.replace("’", "'")).split())
    # A question mark only counts when it is the whole message.
    return folded if folded.strip("? ") == "" else folded.replace("?", "").strip()


def meaning(text: str) -> str | None:
    """What a message that is nothing but a known word asks for."""
    return channel_words().meanings.get(fold(text)) if len(text) <= 60 else None
