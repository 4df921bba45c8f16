"""Trackers whose cost does not grow with the conversation.

Rasa copies the tracker before each action and twice in a form by replaying every event since the beginning: an eighth of
a turn's time after ten messages, and more after each (profile of 2026-11-22). The state is already there: it is copied.

For each prediction it also goes through every event again, several times: a fifth of a turn (profile of 2026-11-26).
What a tracker remembers is its state; of its events, only the last turns matter to rules, none of which looks further.

Last, it looks for the class of each event that an action returns among all classes, and copies deeply what it would
print at debug level, which `bot.dialogue.server` silences: a twentieth and a tenth of a turn.
"""

import copy
import functools
from collections import deque
from typing import Any

from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.actions.forms import FormAction
from rasa.core.policies import rule_policy
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

RECENT_TURNS = 3
"""Turns whose events stay in memory. The longest rule of `data/stories` has two."""


def forget_old_events(tracker: DialogueStateTracker) -> None:
    """Keep the events of the last turns, and those that open or close a form: a form is told from them."""
    turns = 0
    for index in range(len(tracker.events) - 1, -1, -1):
        turns += isinstance(tracker.events[index], UserUttered)
        if turns == RECENT_TURNS:
            break
    else:
        return
    # The listening that came before a message belongs to its turn.
    start = max(index - 1, 0)
    events = list(tracker.events)
    forms = [event for event in events[:start] if isinstance(event, ActiveLoop)]
    tracker.events = deque([*forms[-2:], *events[start:]])


def _twin(slot: Slot) -> Slot:
    """As `copy.copy`, ten times faster: sixty slots are copied four times a turn."""
    twin = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


def _copy(self: DialogueStateTracker) -> DialogueStateTracker:
    """A tracker that can change without changing this one. Events and slot values are never changed in place."""
    twin = copy.copy(self)
    twin.events = copy.copy(self.events)
    twin.slots = {name: _twin(slot) for name, slot in self.slots.items()}
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


class _CopyForNobody:
    """The module `copy`, for modules of Rasa that copy deeply only what they hand to a silenced debug line."""

    def __getattr__(self, name: str) -> Any:
        return getattr(copy, name)

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """The value itself: nobody changes it, nobody reads it."""
        return value


def install() -> None:
    """Replace these methods on Rasa's classes."""
    Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=None)(Event.resolve_by_type))
    processor.copy = forms.copy = rule_policy.copy = _CopyForNobody()
    # At each message it builds an empty domain to compare ours with; `rasa data validate` finds what it looks for.
    processor.MessageProcessor._check_for_unseen_features = lambda _self, _parse_data: None
    DialogueStateTracker.copy = _copy
    FormAction._temporary_tracker = _temporary_tracker
