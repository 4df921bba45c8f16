"""From Rasa's answer to the contract's Message objects. Payloads stay here: browsers only see choice ids."""

import json
import re
import secrets
from typing import Any, Literal

from bot.conversation.state import Choices, Message
from bot.gateway.rasa import RasaReply

_PAYLOAD = re.compile(r"^/(?P<intent>[A-Za-z0-9_]+)\s*(?P<entities>\{.*\})?\s*$", re.DOTALL)
_LINK = re.compile(r"^(https?://|tel:|sms:|mailto:|/(?!/))", re.IGNORECASE)
_ID_LENGTH = 64


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


def choice_id(payload: str) -> str:
    """Public name of a Rasa payload: its only value (true → yes, false → no), otherwise its intent."""
    found = _PAYLOAD.match(payload)
    if found is None:
        return "choice"
    values: list[Any] = []
    if found["entities"]:
        try:
            values = list(json.loads(found["entities"]).values())
        except (ValueError, AttributeError):
            values = []
    if len(values) != 1 or isinstance(values[0], dict | list):
        return found["intent"][:_ID_LENGTH]
    value = values[0]
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)[:_ID_LENGTH] or found["intent"]


def read_reply(reply: RasaReply) -> tuple[list[Message], Choices]:
    """Messages to show and the choices that they offer, by id.

    The question (asks, input) goes with the last message that has choices, or else with the last one.
    """
    choices: Choices = {}
    messages = [_one(sent, choices) for sent in reply.messages]
    messages = [
        shown for shown in messages if shown["text"] or shown["choices"] or shown["plan"] or shown["links"]
    ]
    if messages and reply.asks:
        question = next((shown for shown in reversed(messages) if shown["choices"]), messages[-1])
        question["asks"], question["input"] = reply.asks, reply.input
    return messages, choices


def _one(sent: dict[str, Any], choices: Choices) -> Message:
    text = sent.get("text")
    shown = message(text if isinstance(text, str) and text else None)
    buttons = sent.get("buttons")
    for button in buttons if isinstance(buttons, list) else []:
        if not isinstance(button, dict):
            continue
        title, payload = button.get("title"), button.get("payload")
        if isinstance(title, str) and isinstance(payload, str):
            shown["choices"].append({"id": _register(choices, payload, title), "title": title})
    custom = sent.get("custom")
    if isinstance(custom, dict):
        shown["links"] = _links(custom.get("links"))
        plan = custom.get("plan")
        shown["plan"] = plan if isinstance(plan, dict) else None
    return shown


def _register(choices: Choices, payload: str, title: str) -> str:
    name, rank = choice_id(payload), 1
    unique = name
    while unique in choices and choices[unique]["payload"] != payload:
        rank += 1
        unique = f"{name}-{rank}"
    choices[unique] = {"payload": payload, "title": title}
    return unique


def _links(value: Any) -> list[dict[str, str]]:
    links = value if isinstance(value, list) else []
    return [
        {"title": str(link.get("title") or link["url"]), "url": link["url"]}
        for link in links
        if isinstance(link, dict) and isinstance(link.get("url"), str) and _LINK.match(link["url"])
    ]
