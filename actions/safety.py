"""Danger comes before everything, in every state: the number first, the questions stop, the door stays open."""

from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.talk import Talk

LEARNED = {"distress": "suicide", "emergency": "emergency"}
"""What an intent means when no cue named the danger."""
ALARM_FROM = 0.5
"""Confidence from which a learned intent is an alarm; below, it is a soft question."""
SOFT_FROM = 0.25


def danger(talk: Talk) -> str | None:
    """Kind of danger in this message: suicide, emergency, violence, child, soft, or None.

    The gateway's deterministic cues come first (payload or metadata); the learned intents add what the cues missed.
    """
    if talk.is_choice and talk.intent in LEARNED:
        return str(talk.entity("safety") or LEARNED[talk.intent])
    if talk.metadata.get("safety"):
        return str(talk.metadata["safety"])
    if talk.is_choice:
        return None
    for seen in talk.ranking[:2]:
        if seen["name"] in LEARNED:
            if seen["name"] == talk.intent and seen["confidence"] >= ALARM_FROM:
                return LEARNED[talk.intent]
            if seen["confidence"] >= SOFT_FROM:
                return "soft"
    return None


def say_danger(talk: Talk, dispatcher: CollectingDispatcher, kind: str) -> None:
    """Give the numbers and pause the questions; the fact `danger` is not kept, since it passes."""
    about_other = bool(talk.metadata.get("about_other"))
    response = "utter_safety_suicide_other" if kind == "suicide" and about_other else f"utter_safety_{kind}"
    dispatcher.utter_message(response=response, json_message={"safety": kind})
    pause(talk)


def pause(talk: Talk) -> None:
    """Keep the open question for later."""
    if talk.asked in slots.FACT_NAMES:
        talk.set(slots.OPEN, talk.asked)
    talk.set(slots.REQUESTED, slots.PAUSED)


def ask_self_harm(talk: Talk) -> None:
    """Ask the gentle question before the open one."""
    if talk.asked in slots.FACT_NAMES:
        talk.set(slots.OPEN, talk.asked)
    talk.set(slots.REQUESTED, slots.SELF_HARM)
