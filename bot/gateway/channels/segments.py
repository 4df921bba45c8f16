"""SMS: the GSM 7-bit alphabet, and how many segments a text costs.

The alphabet is the one of 3GPP TS 23.038 (package `gsm0338`): a character of its extension (€, [, ~…) takes
two septets and is never cut in two by the end of a segment. Outside the alphabet the whole text goes as UCS-2.
"""

import unicodedata

from gsm0338 import Codec  # type: ignore[import-untyped]

from bot.gateway.channels.wording import segment_sizes

_CODEC = Codec()
_ESCAPE = 0x1B
_PLAIN = {
    "«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "…": "...", "–": "-", "—": "-",
    "‑": "-", "•": "-", "·": "-", "→": "->", "œ": "oe", "Œ": "OE", "ç": "c", "\u00a0": " ", "\u202f": " ",
    "\u2009": " ", "\t": " ", "\u200b": "", "×": "x", "°": "o", "²": "2",
}  # fmt: skip


def septets(text: str) -> list[int] | None:
    """Septets that each character takes; None when one is not in the alphabet."""
    costs = []
    for letter in text:
        try:
            encoded, _ = _CODEC.encode(letter)
        except (UnicodeError, KeyError):
            return None
        if letter == "\x1b":
            return None
        costs.append(2 if encoded[0] == _ESCAPE else 1)
    return costs


def plain(text: str) -> str:
    """The text in the GSM alphabet as far as it can be read there: « déjà reçu » → "déjà recu".

    é, è, ù, à and É stay; guillemets lose their inner spaces; a letter with another accent loses it. What has
    no near equal (emoji, other scripts) stays, and the text then goes as UCS-2.
    """
    text = text.replace("«\u00a0", '"').replace("« ", '"').replace("\u00a0»", '"').replace(" »", '"')
    return "".join(_one(letter) for letter in unicodedata.normalize("NFC", text))


def _one(letter: str) -> str:
    if letter in _PLAIN:
        return _PLAIN[letter]
    if septets(letter) is not None:
        return letter
    bare = "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))
    return bare if bare and septets(bare) is not None else letter


def segments(text: str) -> int:
    """How many SMS the text costs: 160 then 153 septets, or 70 then 67 UTF-16 units."""
    costs = septets(text)
    sizes = segment_sizes()["ucs2" if costs is None else "gsm7"]
    if costs is None:
        costs = [len(letter.encode("utf-16-be")) // 2 for letter in text]
    if sum(costs) <= sizes[0]:
        return 1
    count, room = 1, sizes[1]
    for cost in costs:
        if cost > room:
            count, room = count + 1, sizes[1]
        room -= cost
    return count
