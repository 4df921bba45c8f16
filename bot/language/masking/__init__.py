"""Masking of what designates a person, before a message goes to a log, the disk, Rasa or a third party.

Runs in the public process only (phonenumbers and python-stdnum are not in Rasa's environment).
"""

from dataclasses import dataclass

from bot.language.masking.names import NAMES, STREET_ADDRESS
from bot.language.masking.numbers import BIRTH_DATE, CARD, EMAIL, FILE_NUMBER, IBAN, NIR, PARTIAL_NIR, PHONE
from bot.language.masking.pattern import PLACEHOLDER, Identifier

__all__ = ["Masked", "mask"]

_IDENTIFIERS: tuple[Identifier, ...] = (
    EMAIL,
    IBAN,
    NIR,
    CARD,
    PHONE,
    PARTIAL_NIR,
    BIRTH_DATE,
    FILE_NUMBER,
    STREET_ADDRESS,
    *NAMES,
)
"""In this order: what is longest and most certain first."""


@dataclass(frozen=True)
class Masked:
    """A message without identifiers, and the kinds of what was masked, each once.

    Kinds: "email", "iban", "nir", "card", "phone", "birth_date", "file_number", "address", "name".
    """

    text: str
    kinds: tuple[str, ...]


def mask(text: str) -> Masked:
    """Replace the identifiers of a message by French placeholders such as [E-MAIL MASQUÉ].

    Masked: French social-security numbers (NIR, even wrong or cut short), payment cards, IBAN, e-mail and
    telephone numbers, full dates of birth presented as such, file numbers, street addresses, names presented
    as such. Left alone: dates of leave, durations, amounts, postcodes, towns, articles of law, public short
    numbers. Masking twice changes nothing. Raises nothing.
    """
    kinds: dict[str, None] = {}
    while True:
        masked = _once(text, kinds)
        if masked == text:
            return Masked(text, tuple(kinds))
        text = masked


def _once(text: str, kinds: dict[str, None]) -> str:
    for identifier in _IDENTIFIERS:
        pieces = PLACEHOLDER.split(text)
        for index in range(0, len(pieces), 2):  # odd pieces are placeholders already there
            masked = identifier.mask(pieces[index])
            if masked != pieces[index]:
                kinds[identifier.kind] = None
                pieces[index] = masked
        text = "".join(pieces)
    return text
