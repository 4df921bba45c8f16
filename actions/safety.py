"""Danger comes before everything, in every state: the number first, the questions stop, the door stays open."""

from rasa_sdk.executor import CollectingDispatcher

from actions import slots
from actions.talk import Talk
from bot.language.learned_safety import KINDS, learned_alarm


def danger(talk: Talk) -> str | None:
    """Kind of danger in this message: suicide, emergency, violence, child, soft, or None.

    The gateway's deterministic cues come first (payload or metadata); the learned intents add what the cues missed.
    """
    if talk.is_choice and talk.intent in KINDS:
        return str(talk.entity("safety") or KINDS[talk.intent])
    if talk.metadata.get("safety"):
        return str(talk.metadata["safety"])
    return None if talk.is_choice else learned_alarm(talk.ranking)


def say_danger(talk: Talk, dispatcher: CollectingDispatcher, kind: str) -> None:
    """Give the numbers and pause the questions; the fact `danger` is not kept, since it passes."""
    about_other = bool(talk.metadata.get("about_other"))
    response = "utter_safety_suicide_other" if kind == "suicide" and about_other else f"utter_safety_{kind}"
    dispatcher.utter_message(response=response, json_message={"safety": kind})
    set_aside(talk, slots.PAUSED)


def set_aside(talk: Talk, instead: str) -> None:
    """Keep the open question for later, and ask `instead`."""
    if talk.asked in slots.FACT_NAMES:
        talk.set(slots.OPEN, talk.asked)
    talk.set(slots.REQUESTED, instead)
