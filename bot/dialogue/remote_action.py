"""Calls to the custom actions without two costs of Rasa 3.6.

Rasa checks the JSON schema *itself* at every call of an action (about 80 ms), and sends the whole history of the
conversation with it, which makes each turn dearer than the one before. Here the schema is compiled once, and actions
receive the state (slots, latest message, active form), which is all that ours read.
"""

from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

_VALIDATOR = Draft7Validator(RemoteAction.action_response_format_spec())


def _validate_action_result(_self: RemoteAction, result: dict[str, Any]) -> bool:
    _VALIDATOR.validate(result)
    return True


def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, _domain: Domain) -> dict[str, Any]:
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = []
    return {"next_action": self.name(), "sender_id": tracker.sender_id, "tracker": state, "domain": {}}


def install() -> None:
    """Replace the two methods on Rasa's class, which Rasa instantiates by name in several places."""
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction._action_call_format = _action_call_format
