"""Making a message safe to handle: one Unicode form, nothing invisible, single spaces."""

import re
import unicodedata

_JOINERS = re.compile(r"(?<=[^\W\d_])[\u200c\u200d](?=[^\W\d_])")
"""Zero-width (non-)joiners between two letters: invisible there, while emoji sequences need theirs."""
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f"  # controls that are not spaces
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"  # soft hyphen, marks, fillers
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff0-\ufffc"  # bidi, word joiners, BOM
    "\ud800-\udfff\U000e0001]"  # lone surrogates, language tag
)
_SPACES = re.compile(r"\s+")
_STACKED_MARKS = re.compile(r"([\u0300-\u036f]{4})[\u0300-\u036f]+")
"""More than four combining marks on a letter is « zalgo », never a language."""


def clean(text: str) -> str:
    """The message in NFC, without control, zero-width or bidirectional characters, spaces folded.

    Emojis are kept, with the joiners that hold their sequences together. Cleaning twice changes nothing.
    Raises nothing, whatever the characters.
    """
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    visible = _INVISIBLE.sub("", _JOINERS.sub("", text))
    composed = unicodedata.normalize("NFC", _STACKED_MARKS.sub(r"\1", visible))
    return _SPACES.sub(" ", composed).strip()
