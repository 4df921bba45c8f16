"""Failing well: rephrase, then offer, then give a person."""

from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.replies import asker, say_human
from actions.talk import Talk
from bot import faq

WORTH_OFFERING = 0.12
"""Confidence from which the second best meaning is offered too, when none is sure enough to be answered."""
REPHRASED = ("department", "leave_days", "return_date")
"""Questions whose answer is typed: their rephrasing gives examples."""


def not_understood(talk: Talk, dispatcher: CollectingDispatcher) -> str | None:
    """First rephrase with examples, then offer to pass or to see a person, then give the person and pass."""
    question = (
        talk.asked
        if talk.asked in (*slots.FACT_NAMES, slots.CONSENT, slots.CONFIRM)
        else talk.get(slots.OPEN)
    )
    if _offer_two_meanings(talk, dispatcher):
        return slots.CLARIFY
    failures = (talk.get(slots.FAILURES) or 0) + 1
    talk.set(slots.FAILURES, failures)
    if failures == 1:
        if talk.commands == "out_of_scope":
            dispatcher.utter_message(response="utter_out_of_scope")
        else:
            suffix = f"_{question}" if question in REPHRASED else ""
            dispatcher.utter_message(response=f"utter_rephrase{suffix}")
        return question
    if failures == 2 and question not in (slots.CONSENT, slots.CONFIRM):
        dispatcher.utter_message(response="utter_offer_human")
        return slots.STUCK
    say_human(talk, dispatcher)
    talk.set(slots.FAILURES, 0)
    if question in slots.FACT_NAMES:
        talk.decline(str(question))
        return None
    return question


def _offer_two_meanings(talk: Talk, dispatcher: CollectingDispatcher) -> bool:
    if talk.is_choice or len(talk.ranking) < 2:
        return False
    first, second = talk.ranking[0], talk.ranking[1]
    who = asker(talk, talk.text)
    answers = [faq.load().find(None, seen["name"], who) for seen in (first, second)]
    if second["confidence"] < WORTH_OFFERING or None in answers:
        return False
    buttons = [
        {"title": answer.question, "payload": f"/{answer.intent}"} for answer in answers if answer is not None
    ]
    dispatcher.utter_message(response="utter_did_you_mean", buttons=buttons)
    return True
