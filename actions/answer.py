"""Outside the questions: after the plan, a person asks, thanks, judges, or is in danger."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions import safety, slots
from actions.replies import follow_up, reply, say_human
from actions.talk import Talk
from actions.wrapper import SafeAction

FEEDBACK_WORDS = {"affirm": "yes", "deny": "no"}


class ActionAnswer(SafeAction):
    """Answers any intent that does not change the facts."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_answer"

    def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
        """Danger, then feedback, then commands and questions."""
        talk = Talk(tracker)
        kind = safety.danger(talk)
        if kind == "soft" or (_says_something_new(talk) and kind is None):
            return [FollowupAction(slots.FORM)]
        if kind:
            safety.say_danger(talk, dispatcher, kind)
            talk.set(slots.REQUESTED, None)
            return talk.events()
        if self._take_feedback(talk, dispatcher):
            return talk.events()
        if talk.commands == "stop":
            dispatcher.utter_message(response="utter_goodbye")
        elif talk.commands == "continue":
            return [FollowupAction(slots.FORM)]
        elif not (follow_up(talk, dispatcher) or reply(talk, dispatcher, talk.commands)):
            self._not_understood(talk, dispatcher)
        return talk.events()

    @staticmethod
    def _take_feedback(talk: Talk, dispatcher: CollectingDispatcher) -> bool:
        said = talk.entity("feedback") or (
            FEEDBACK_WORDS.get(talk.commands) if talk.get(slots.ASKS) == slots.FEEDBACK else None
        )
        if said is None:
            return False
        talk.set(slots.FEEDBACK, said)
        talk.set(slots.ASKS, None)
        response = "utter_feedback_thanks" if said == "yes" else "utter_feedback_sorry"
        dispatcher.utter_message(response=response, json_message={"feedback": said})
        return True

    @staticmethod
    def _not_understood(talk: Talk, dispatcher: CollectingDispatcher) -> None:
        failures = (talk.get(slots.FAILURES) or 0) + 1
        talk.set(slots.FAILURES, failures)
        if talk.intent == "out_of_scope":
            dispatcher.utter_message(response="utter_out_of_scope")
        if failures == 1:
            dispatcher.utter_message(response="utter_help")
        else:
            say_human(talk, dispatcher)


def _says_something_new(talk: Talk) -> bool:
    """Whether the words state a fact that may change the plan: « mon patron » tells again that one is an employee."""
    return not talk.is_choice and any(
        talk.get(fact.name) != fact.value and not (fact.deduced and talk.get(fact.name) is not None)
        for fact in talk.said_facts()
    )


class ActionNotUnderstood(ActionAnswer):
    """Rasa's fallback when no rule applies: never silence."""

    def name(self) -> str:
        """Name in the domain."""
        return "action_not_understood"
