"""Alarms: what is sent to Rasa instead of the words, and what the gateway says when Rasa cannot."""

from bot.conversation.messages import message
from bot.conversation.state import Message
from bot.gateway.wording import wording
from bot.language.safety import Alarm

INTENTS = ("distress", "emergency")
"""Intents that mean danger even when no cue rang: their words are not kept either."""


def payload(alarm: Alarm) -> str | None:
    """What Rasa gets instead of the words; None for a soft alarm, whose words go on with a mention."""
    if alarm.kind == "soft":
        return None
    intent = "emergency" if alarm.kind == "emergency" else "distress"
    other = ', "about_other": true' if alarm.about_other else ""
    return f'/{intent}{{"safety": "{alarm.kind}"{other}}}'


def emergency_message(alarm: Alarm) -> Message:
    """The gateway's own answer: numbers first, nothing asked."""
    answer = wording().emergency(alarm.kind)
    text = answer.to_other if alarm.about_other else answer.to_self
    return message(text, links=[dict(link) for link in answer.links])
