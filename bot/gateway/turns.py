"""Turns: from what was understood and shown to what is kept, and back to what is shown again."""

from dataclasses import dataclass
from typing import Any

from bot.conversation.messages import message, message_id
from bot.conversation.state import ConversationState, Message, TurnRecord, now
from bot.gateway.emergencies import INTENTS
from bot.gateway.guard import Incoming
from bot.gateway.messages import Shown
from bot.gateway.rasa import RasaReply
from bot.gateway.wording import wording


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person gets. `state` is None when only the emergency answer could be given."""

    messages: list[Message]
    state: ConversationState | None
    erased: bool = False
    """The person asked for everything to be erased, and it is done."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation as it stands, to resume it."""

    state: ConversationState
    messages: list[Message]
    plan: dict[str, Any] | None


@dataclass(slots=True)
class Said:
    """What the person said, in its three forms."""

    to_rasa: str
    to_keep: str | None
    flag: str | None
    notices: list[Message]


def person_turn(state: ConversationState, incoming: Incoming, said: Said) -> TurnRecord:
    """What the person said, as a turn."""
    turn = TurnRecord("user", incoming.message_id or message_id(), now(), state.channel)
    turn.text, turn.choice, turn.asked, turn.flag = said.to_keep, incoming.choice, state.asks, said.flag
    return turn


def understood(turn: TurnRecord, reply: RasaReply, shown: Shown) -> None:
    """Note what Rasa understood of a turn; of words that speak of danger, nothing but the intent."""
    turn.intent, turn.confidence = reply.intent, reply.confidence
    turn.margin = _margin(reply.ranking)
    turn.ranking = reply.ranking[:3] or None
    if shown.safety or reply.intent in INTENTS or turn.flag == "safety":
        turn.text, turn.flag = None, "safety"
    else:
        turn.facts = reply.facts or None


def _margin(ranking: list[dict[str, Any]]) -> float | None:
    confidences = [rank.get("confidence") for rank in ranking[:2]]
    first, second = confidences if len(confidences) == 2 else (None, None)
    if isinstance(first, int | float) and isinstance(second, int | float):
        return float(first - second)
    return None


def bot_turns(state: ConversationState, messages: list[Message]) -> list[TurnRecord]:
    """The bot's messages as turns."""
    moment = now()
    return [
        TurnRecord("bot", shown["id"], moment, state.channel, text=shown["text"], message=shown)
        for shown in messages
    ]


def again(state: ConversationState, text: str) -> Message:
    """A sentence of ours, with the choices of the question that still stands."""
    question = state.question or {}
    shown = message(text, choices=question.get("choices"), asks=state.asks)
    return shown | {name: question[name] for name in ("input", "progress") if name in question}


def shown_again(turn: TurnRecord) -> Message:
    """A turn as a Message of the transcript; the person's own have `from` "user"."""
    if turn.message is not None:
        return turn.message
    shown = message(wording().withheld if turn.text is None else turn.text)
    return shown | {"id": turn.message_id, "from": turn.direction}
