"""Gives the plan that the rules made."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.talk import Talk, today
from actions.wrapper import SafeAction
from bot.orientation import Situation
from bot.path import plan_for
from bot.phones import spaced


def current_plan(talk: Talk) -> dict[str, Any]:
    """The plan for what is known now. Of someone who wants nothing kept, only what is not about health counts."""
    situation = talk.situation()
    if talk.get(slots.CONSENT) != "yes":
        kept = {name: value for name, value in situation.to_json().items() if name not in slots.HEALTH_FACTS}
        situation = Situation.from_json(kept)
    return plan_for(situation, today(), talk.declined)


class ActionGivePlan(SafeAction):
    """The plan, its first step in words, then one question: does it help?"""

    def name(self) -> str:
        """Name in the domain."""
        return "action_give_plan"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Send the plan and open the feedback question."""
        talk = Talk(tracker)
        plan = current_plan(talk)
        response = "utter_plan_changed" if talk.get(slots.PLAN_GIVEN) else "utter_plan"
        dispatcher.utter_message(response=response, first=_first_words(plan), json_message={"plan": plan})
        dispatcher.utter_message(response="utter_ask_feedback")
        talk.set(slots.PLAN_GIVEN, plan["as_of"])
        talk.set(slots.ASKS, slots.FEEDBACK)
        talk.set(slots.FAILURES, 0)
        return talk.events()


def _first_words(plan: dict[str, Any]) -> str:
    """The first step and, if somebody can be called, whom: addresses stand in the plan below."""
    first = next(step for step in plan["steps"] if step["id"] == plan["first_step"])
    contact = next(iter(first["contacts"]), None)
    if contact is None or not contact.get("phone"):
        return f"{first['title']}."
    return f"{first['title']}. {contact['name']} : {spaced(contact['phone'])}."
