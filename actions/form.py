"""The one form of the conversation: takes what the message says, then asks what the rules still need to know."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.counting import count
from actions.listen import listen
from actions.talk import Talk, today
from actions.wrapper import SafeAction
from bot.orientation import orient

GENERAL_PATH_FACTS = ("audience", "department")
"""All that is asked of someone who wants nothing kept: neither says anything of their health."""


class ValidateSituationForm(SafeAction):
    """Rasa calls it at each message while the form is open."""

    def name(self) -> str:
        """Name in the domain."""
        return "validate_situation_form"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Set the slots that the message fills, answer what it asks, and choose the next question."""
        talk = Talk(tracker)
        talk.set(slots.ASKS, None)
        next_question = listen(talk, dispatcher)
        if next_question is None:
            next_question = _next_question(talk, dispatcher)
        elif next_question in slots.FACT_NAMES:
            count(talk, next_question, lambda: _missing(talk))
        talk.set(slots.REQUESTED, next_question)
        if next_question in slots.FACT_NAMES:
            talk.set(slots.OPEN, next_question)
        talk.set(slots.TURN, (talk.get(slots.TURN) or 0) + 1)
        return talk.events()


def _next_question(talk: Talk, dispatcher: CollectingDispatcher) -> str | None:
    """Slot to ask for, or None when the plan can be given."""
    consent = talk.get(slots.CONSENT)
    if consent is None:
        return slots.CONSENT
    if talk.get(slots.PLACES):
        return "department"
    if consent == "no":
        missing = _missing(talk)
        return _asked(talk, missing) if missing else None
    plan = orient(talk.situation(), on=today(), declined=talk.declined)
    for contradiction in plan.contradictions:
        said = talk.get(slots.SAID) or []
        if contradiction.text not in said:
            talk.set(slots.SAID, [*said, contradiction.text])
            dispatcher.utter_message(response="utter_contradiction", sentence=contradiction.text)
    if plan.missing:
        return _asked(talk, plan.missing)
    return None if talk.get(slots.CONFIRM) == "yes" else slots.CONFIRM


def _asked(talk: Talk, missing: tuple[str, ...]) -> str:
    count(talk, missing[0], lambda: missing)
    return missing[0]


def _missing(talk: Talk) -> tuple[str, ...]:
    """Facts that could still be asked for, most decisive first."""
    if talk.get(slots.CONSENT) == "no":
        return tuple(f for f in GENERAL_PATH_FACTS if talk.get(f) is None and f not in talk.declined)
    return orient(talk.situation(), on=today(), declined=talk.declined).missing
