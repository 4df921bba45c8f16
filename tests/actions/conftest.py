"""A message to the form, as Rasa sends it: a real Tracker and a real CollectingDispatcher."""

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.wrapper import SafeAction

Act = Callable[..., "Acted"]


class Acted:
    """What an action gave back: slots set, responses uttered, structured messages."""

    def __init__(self, events: list[dict[str, Any]], messages: list[dict[str, Any]]) -> None:
        self.slots = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
        self.responses = [message["response"] for message in messages if message.get("response")]
        self.customs = [message["custom"] for message in messages if message.get("custom")]


@pytest.fixture
def act() -> Act:
    async def acting(
        action: SafeAction,
        intent: str,
        *,
        text: str = "",
        entities: dict[str, Any] | None = None,
        confidence: float = 1.0,
        **known: Any,
    ) -> Acted:
        message = {
            "text": text or f"/{intent}",
            "intent": {"name": intent, "confidence": confidence},
            "intent_ranking": [{"name": intent, "confidence": confidence}],
            "entities": [
                {"entity": name, "value": value, "words": text} for name, value in (entities or {}).items()
            ],
            "metadata": {},
        }
        held = {slots.CONSENT: "yes", slots.TURN: 1, **known}
        tracker = Tracker("someone", held, message, [], False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        events = await action.run(dispatcher, tracker, {})
        return Acted(events, dispatcher.messages)

    return acting
