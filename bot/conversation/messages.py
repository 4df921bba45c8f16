"""The contract's Message object, as the gateway and the advisers make it."""

import secrets
from typing import Literal

from bot.conversation.state import Message


def message_id() -> str:
    """A new message's id."""
    return secrets.token_urlsafe(12)


def message(
    text: str | None,
    *,
    sender: Literal["bot", "adviser"] = "bot",
    choices: list[dict[str, str]] | None = None,
    asks: str | None = None,
    links: list[dict[str, str]] | None = None,
) -> Message:
    """A Message with every key of the contract."""
    return {
        "id": message_id(),
        "from": sender,
        "text": text,
        "choices": choices or [],
        "asks": asks,
        "input": None,
        "links": links or [],
        "plan": None,
    }
