"""The two questions that need more than a fixed sentence: the place when it is ambiguous, and the recap."""

import json
from hashlib import sha256
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import describe, slots
from actions.talk import Talk
from actions.wrapper import SafeAction
from bot.directory.places import Place

RECAP = "recap "
"""Before the mark of the recap shown last, among what is said once."""


class ActionAskDepartment(SafeAction):
    """Where; or which of several places with the same name."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_department"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Offer the places found, or ask in general."""
        places = tracker.slots.get(slots.PLACES)
        if not places:
            dispatcher.utter_message(response="utter_question_department")
            return []
        buttons = [
            {"title": _title(place), "payload": f"/inform{json.dumps(_known(place))}"} for place in places
        ]
        dispatcher.utter_message(response="utter_place_which", buttons=buttons)
        return []


def _known(place: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in place.items() if value}


def _title(place: dict[str, Any]) -> str:
    return Place(place["department"], place.get("commune")).label


class ActionAskConfirm(SafeAction):
    """The recap: what was understood, each line with its button to change it."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_ask_confirm"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Show each known fact and ask whether it is right."""
        known = Talk(tracker).situation().to_json()
        lines = describe.lines(known)
        buttons = [{"title": "C'est exact", "payload": '/inform{"confirm": "yes"}'}]
        buttons += [
            {
                "title": f"Modifier : {describe.inside(line.split(' : ')[0])}",
                "payload": f"/modify{json.dumps({'fact': name})}",
            }
            for name, line in lines.items()
        ]
        said: list[str] = tracker.slots.get(slots.SAID) or []
        recap = RECAP + sha256("\n".join(lines.values()).encode()).hexdigest()[:16]
        if recap in said:  # nothing changed: eleven lines again would bury the answer just given
            dispatcher.utter_message(response="utter_recap_again", buttons=buttons)
            return []
        if lines:
            shown = "\n".join(f"• {line}" for line in lines.values())
            dispatcher.utter_message(response="utter_recap", facts=shown, buttons=buttons)
        else:
            dispatcher.utter_message(response="utter_recap_empty", buttons=buttons)
        return [SlotSet(slots.SAID, [*(one for one in said if not one.startswith(RECAP)), recap])]
