"""Around every action: a failure is logged without a word of the person, said politely, and loses nothing."""

import logging
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from bot import tracing

logger = logging.getLogger("relais.actions")


class SafeAction(Action):  # type: ignore[misc] # rasa-sdk has no types
    """Base of our actions: implement `act`, never `run`.

    Rasa carries on without the events of an action that raises or times out, and the person sees nothing (Rasa 3.6,
    RemoteAction). Here the person is told, and the slots stay as they were before the message.
    """

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """What the action does; returns Rasa events."""
        raise NotImplementedError

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG002 (rasa-sdk's signature)
    ) -> list[dict[str, Any]]:
        """Called by rasa-sdk's executor."""
        try:
            return self.act(dispatcher, tracker)
        except Exception as problem:
            tracing.current().failed(type(problem).__name__)
            sender = tracker.sender_id
            logger.exception(
                "Action %s failed in conversation %s", self.name(), sender, extra={"conversation": sender}
            )
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_technical_problem")
            turn = (tracker.slots.get(slots.TURN) or 0) + 1
            return [SlotSet(slots.TURN, turn), SlotSet(slots.REQUESTED, tracker.slots.get(slots.REQUESTED))]
