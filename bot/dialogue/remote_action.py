"""Calls to the custom actions without two costs of Rasa 3.6.

Rasa checks the JSON schema *itself* at every call of an action (about 80 ms), then tries each event against the twenty
shapes of its schema; and it sends the whole history of the conversation, which makes each turn dearer than the one
before. Here the shape of the answer is checked directly (the events are read one by one just after, by
`events.deserialise_events`), and actions receive the state: slots, latest message, active form, all that ours read.
"""

from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException


class ActionAnswerError(RasaException):
    """The actions answered something that is not a result."""


def _validate_action_result(_self: RemoteAction, result: dict[str, Any]) -> bool:
    events, responses = result.get("events"), result.get("responses")
    if not isinstance(events, list) or not all(
        isinstance(event, dict) and "event" in event for event in events
    ):
        raise ActionAnswerError("events")
    if not isinstance(responses, list) or not all(isinstance(response, dict) for response in responses):
        raise ActionAnswerError("responses")
    return True


def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, _domain: Domain) -> dict[str, Any]:
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = []
    return {"next_action": self.name(), "sender_id": tracker.sender_id, "tracker": state, "domain": {}}


def install() -> None:
    """Replace the two methods on Rasa's class, which Rasa instantiates by name in several places."""
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction._action_call_format = _action_call_format
