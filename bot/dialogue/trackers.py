"""Copies of a tracker whose cost does not grow with the conversation.

Rasa copies the tracker before each action and twice in a form by replaying every event since the beginning: an eighth of
a turn's time after ten messages, and more after each (profile of 2026-11-22). The state is already there: it is copied.
"""

import copy

from rasa.core.actions.forms import FormAction
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker


def _copy(self: DialogueStateTracker) -> DialogueStateTracker:
    """A tracker that can change without changing this one. Events and slot values are never changed in place."""
    twin = copy.copy(self)
    twin.events = copy.copy(self.events)
    twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
    twin.active_loop = copy.copy(self.active_loop)
    return twin


def _temporary_tracker(
    self: FormAction, current_tracker: DialogueStateTracker, additional_events: list[Event], domain: Domain
) -> DialogueStateTracker:
    """The tracker as it will be if the form's new events are kept: what Rasa makes by replaying everything."""
    twin = current_tracker.copy()
    requested = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker))
    for event in (requested, ActionExecuted(self.name()), *additional_events):
        twin.update(event, domain)
    return twin


def install() -> None:
    """Replace both methods on Rasa's classes."""
    DialogueStateTracker.copy = _copy
    FormAction._temporary_tracker = _temporary_tracker
