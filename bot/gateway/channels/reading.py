"""What a person answers: a button, a number, a letter, a word of ours, the words of a choice, or anything else."""

import re
from dataclasses import dataclass

from bot.conversation.state import ConversationState
from bot.gateway.channels.model import Received
from bot.gateway.channels.outgoing import options
from bot.gateway.channels.wording import fold, meaning

_NUMBER = re.compile(
    r"^\s*(?:(?:n°|no|numero|numéro|choix|réponse|reponse)\s*)?(\d{1,2})\s*[.):°!-]*\s*$", re.I
)
_LETTER = re.compile(r"^\s*(?:(?:choix|réponse|reponse|lettre)\s+)?([a-z])\s*[.):!-]*\s*$", re.I)


@dataclass(frozen=True)
class Said:
    """A message as the dialogue takes it: one of the two."""

    text: str | None = None
    choice: str | None = None
    stale: bool = False
    """A button of a question that no longer stands."""


def said(received: Received, state: ConversationState | None) -> Said:
    """Read a message in the light of the question that stands."""
    offered = options(state) if state is not None else ()
    if received.kind == "choice":
        found = next((option.id for option in offered if option.payload == received.payload), None)
        return Said(choice=found) if found else Said(stale=True)
    text = received.text
    if (
        state is not None and state.handoff == "taken"
    ):  # « 2 » or « oui » answers the adviser, not the bot's question
        return Said(text=text)
    label = _label(text)
    for option in offered:
        if option.label and option.label == label:
            return Said(choice=option.id)
    asked = meaning(text)
    folded = fold(text)
    for option in offered:
        if option.id == asked or (folded and fold(option.title) == folded):
            return Said(choice=option.id)
    return Said(text=text)


def _label(text: str) -> str | None:
    number = _NUMBER.match(text)
    if number:
        return str(int(number[1]))
    letter = _LETTER.match(text)
    return letter[1].upper() if letter else None
