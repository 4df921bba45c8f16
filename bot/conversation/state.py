"""A conversation and its turns as plain values: what the gateway holds while it answers, no ORM object."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any, Literal

Consent = Literal["yes", "no"]
Direction = Literal["user", "bot", "adviser"]
Choices = dict[str, dict[str, str]]
Message = dict[str, Any]

FLAG_OF_INTENT = {
    "ask_human": "human",
    "correct_answer": "corrected",
    "out_of_scope": "not_understood",
    "nlu_fallback": "not_understood",
}
"""What a turn so understood says of the whole conversation."""
STEPS = ("opening", "questions", "recap", "plan", "feedback")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(timezone.utc)


def new_id() -> str:
    """A conversation's id: 128 random bits, safe in a URL."""
    return secrets.token_urlsafe(16)


def rasa_sender(conversation_id: str) -> str:
    """Rasa's name for a conversation. One way only: who reads Rasa's tables cannot name a conversation.

    Not keyed, so that a change of `RELAIS_SECRET` does not orphan the trackers; an id of 128 random bits
    cannot be found by trial.
    """
    return "c" + sha256(b"relais-sender:" + conversation_id.encode()).hexdigest()[:31]


@dataclass(slots=True)
class TurnRecord:
    """One turn, ready to be written; see `bot.conversation.models.Turn` for the meaning of each field."""

    direction: Direction
    message_id: str
    created_at: datetime
    channel: str
    text: str | None = None
    message: Message | None = None
    choice: str | None = None
    intent: str | None = None
    confidence: float | None = None
    margin: float | None = None
    ranking: list[dict[str, Any]] | None = None
    facts: list[dict[str, Any]] | None = None
    asked: str | None = None
    flag: str | None = None


@dataclass(slots=True)
class ConversationState:
    """Where a conversation stands. `plan` is loaded only where it is shown."""

    id: str
    channel: str
    created_at: datetime
    active_at: datetime
    consent: Consent | None = None
    turns: int = 0
    department: str | None = None
    audience: str | None = None
    step: str | None = None
    outcome: str | None = None
    flags: list[str] = field(default_factory=list)
    asks: str | None = None
    choices: Choices = field(default_factory=dict)
    question: Message | None = None
    situation: dict[str, Any] | None = None
    plan: dict[str, Any] | None = None
    rules_version: str | None = None
    model_version: str | None = None
    handoff: str | None = None

    @classmethod
    def begin(cls, channel: str) -> "ConversationState":
        """A new conversation, with a new id."""
        moment = now()
        return cls(id=new_id(), channel=channel, created_at=moment, active_at=moment)

    @property
    def kept(self) -> bool:
        """Whether the person agreed that what is said be kept."""
        return self.consent == "yes"

    def reach(self, step: str) -> None:
        """Remember the furthest step."""
        if self.step is None or STEPS.index(step) > STEPS.index(self.step):
            self.step = step

    def flag(self, name: str) -> None:
        """Add a flag once."""
        if name not in self.flags:
            self.flags = [*self.flags, name]
