"""What is read in a message: one value of one fact of the Situation, with the words that gave it."""

from dataclasses import dataclass
from typing import Union

Value = Union[str, int, bool]  # noqa: UP007 - evaluated at run time by Python 3.10


@dataclass(frozen=True)
class Fact:
    """One fact, its value in the form of the contract, and where it was read.

    `name` and `value` are those of the Situation (docs: contract). `words` is the exact part of the message
    that gave the value, `start` and `end` its position in the message, in characters.
    `deduced` is true when the words do not say the value but let us suppose it (« maçon » → private sector):
    the dialogue shows such a value back before it relies on it. `approximate` is true when the words give a
    period rather than a day or a number (« depuis début juillet », « une dizaine »).
    """

    name: str
    value: Value
    words: str
    start: int
    end: int
    deduced: bool = False
    approximate: bool = False
