"""A message that comes again is answered again, not taken again.

The gateway, or its process, may die between Rasa's answer and the moment when it is kept; the person's program then
sends the same message, with the same id, perhaps to another gateway and another Rasa. The tracker tells whether it was
taken: the id is in the metadata of its event, and the answer in the events that follow.
"""

from collections.abc import Iterable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

LOOKED_AT = 20
"""Messages of the person, the last ones, among which a repeat is looked for."""


def taken(events: Iterable[Event]) -> list[str]:
    """Ids of the last messages of the person."""
    ids = [(event.metadata or {}).get("id") for event in events if isinstance(event, UserUttered)]
    return [found for found in ids if found][-LOOKED_AT:]


def last_answer(events: Iterable[Event]) -> list[BotUttered]:
    """What was answered to the last message. A repeat of an older one gets it too: its question has passed."""
    answer: list[BotUttered] = []
    for event in events:
        if isinstance(event, UserUttered):
            answer = []
        elif isinstance(event, BotUttered):
            answer.append(event)
    return answer


async def _handle_message(self: MessageProcessor, message: UserMessage) -> "list[dict[str, Any]] | None":
    """Rasa's `handle_message`, which looks at the tracker first. Runs under the conversation's lock."""
    tracker: DialogueStateTracker = await self.fetch_tracker_and_update_session(
        message.sender_id, message.output_channel, message.metadata
    )
    before = getattr(tracker, "taken", None) or taken(tracker.events)
    if (message.metadata or {}).get("id") not in before:
        # Without `action_extract_slots`: the actions set all our slots (domain.yml maps none to what a message holds).
        await self._handle_message_with_tracker(message, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)
    else:
        for event in last_answer(tracker.events):
            await message.output_channel.send_response(message.sender_id, event.message())
    await self.save_tracker(tracker)
    return message.output_channel.messages


def install() -> None:
    """Replace the method on Rasa's class."""
    MessageProcessor.handle_message = _handle_message
