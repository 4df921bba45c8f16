"""From Rasa's answer to the contract's Message objects. Payloads stay here: browsers only see choice ids."""

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.conversation.messages import message
from bot.conversation.state import Choices, Message
from bot.gateway.rasa import RasaReply

_PAYLOAD = re.compile(r"^/(?P<intent>[A-Za-z0-9_]+)\s*(?P<entities>\{.*\})?\s*$", re.DOTALL)
_LINK = re.compile(r"^(https?://|tel:|sms:|mailto:|/(?!/))", re.IGNORECASE)
_ID_LENGTH = 64
_VISIBLE = ("text", "choices", "plan", "links")


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


@dataclass(frozen=True, slots=True)
class Shown:
    """What an answer shows, and what it tells the gateway alone."""

    messages: list[Message]
    choices: Choices
    """The choices that these messages offer, by id."""
    safety: str | None
    """Kind of danger that the dialogue saw by itself."""
    feedback: str | None
    erase: bool
    """The person asked for everything to be erased."""


def read_reply(reply: RasaReply) -> Shown:
    """Messages to show, their choices, and the signals of the actions.

    The question (asks, input) goes with the last message that has choices, or else with the last one. Rasa
    sends what accompanies a text (links, plan) as a message of its own: it joins the text it came with.
    """
    choices: Choices = {}
    messages: list[Message] = []
    signals: dict[str, Any] = {}
    for sent in reply.messages:
        custom = sent.get("custom")
        signals |= custom if isinstance(custom, dict) else {}
        shown = _one(sent, choices)
        if shown["text"] or not messages or not _joined(shown, messages[-1]):
            messages.append(shown)
    messages = [shown for shown in messages if any(shown[part] for part in _VISIBLE)]
    if messages and reply.asks:
        question = next((shown for shown in reversed(messages) if shown["choices"]), messages[-1])
        question["asks"], question["input"] = reply.asks, reply.input
        if reply.progress:
            question["progress"] = reply.progress
    safety, feedback = signals.get("safety"), signals.get("feedback")
    return Shown(
        messages,
        choices,
        safety[:16] if isinstance(safety, str) and safety else None,
        feedback[:16] if isinstance(feedback, str) and feedback else None,
        signals.get("erase") is True,
    )


def _joined(extra: Message, before: Message) -> bool:
    """Whether what comes without a text could go with the message before it."""
    if extra["plan"] and before["plan"]:
        return False
    before["links"] = before["links"] + extra["links"]
    before["choices"] = before["choices"] + extra["choices"]
    before["plan"] = before["plan"] or extra["plan"]
    return True


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
