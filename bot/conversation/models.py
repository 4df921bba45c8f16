"""Tables of the conversations. They hang on `bot.database.Base`, next to those of the directory and console.

Nothing here identifies a person by name, number or address. The row of someone who has not said yes to the
consent question holds its id, its times and the consent alone: every other column is null or empty.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversation.columns import Json as Json
from bot.conversation.columns import UtcDateTime as UtcDateTime
from bot.database import Base


class Conversation(Base):
    """One conversation of one person on one channel."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_active_at", "active_at"),
        Index("ix_conversation_created_at", "created_at"),
        Index("ix_conversation_erased_at", "erased_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random, issued by the gateway; leaves it only signed."""
    channel: Mapped[str] = mapped_column(String(16))
    consent: Mapped[str | None] = mapped_column(String(3))
    """yes, no, or null as long as the question has no answer."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Last turn: retention counts from here."""
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set when all was erased here and Rasa's tracker still has to be: the row goes once that is done."""
    turns: Mapped[int] = mapped_column(Integer, default=0)
    """Number of turns, and the sequence number of the last one."""
    department: Mapped[str | None] = mapped_column(String(3))
    audience: Mapped[str | None] = mapped_column(String(16))
    step: Mapped[str | None] = mapped_column(String(16))
    """Furthest point reached: opening, questions, recap, plan, feedback."""
    outcome: Mapped[str | None] = mapped_column(String(16))
    """plan, human (asked for a person), stopped; null as long as none happened."""
    flags: Mapped[list[str]] = mapped_column(Json, default=list)
    """safety, human, not_understood, corrected, masked, negative_feedback."""
    asks: Mapped[str | None] = mapped_column(String(32))
    """What the last question asks for: a fact, consent, confirm or feedback."""
    choices: Mapped[dict[str, dict[str, str]]] = mapped_column(Json, default=dict)
    """Choices of the last answer only: id → {"payload", "title"}. Payloads never leave the server."""
    question: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The last question as the contract's Message, to put it again."""
    situation: Mapped[dict[str, Any] | None] = mapped_column(Json)
    plan: Mapped[dict[str, Any] | None] = mapped_column(Json)
    rules_version: Mapped[str | None] = mapped_column(String(64))
    model_version: Mapped[str | None] = mapped_column(String(128))
    handoff: Mapped[str | None] = mapped_column(String(8))
    """waiting or taken while a request for a person is open: read with the rest, so that it costs a turn nothing."""


class Turn(Base):
    """One thing said, by the person, the bot or an adviser. Exists only with consent."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "direction", "message_id", name="uq_turn_message"),
        Index("ix_turn_intent", "intent"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(Integer)
    direction: Mapped[str] = mapped_column(String(8))
    """user, bot or adviser."""
    message_id: Mapped[str] = mapped_column(String(64))
    """The Message's id; for the person, the id that their program gave, so that nothing is taken twice."""
    text: Mapped[str | None] = mapped_column(Text)
    """Masked text. Null when a safety alarm rang: those words are never kept."""
    message: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """The contract's Message, for the bot and advisers."""
    choice: Mapped[str | None] = mapped_column(String(64))
    """Id of the choice taken, when the person answered with one."""
    intent: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None] = mapped_column(Float)
    margin: Mapped[float | None] = mapped_column(Float)
    """Confidence of the first intent less that of the second."""
    ranking: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    facts: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    asked: Mapped[str | None] = mapped_column(String(32))
    """What the question before this turn asked for."""
    flag: Mapped[str | None] = mapped_column(String(16))
    """safety (text withheld), masked, or pushed (sent by us without being asked)."""
    channel: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ResumeCode(Base):
    """The code that brings a person back to their conversation from another device. One per conversation."""

    __tablename__ = "resume_code"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """Keyed hash: the code itself is shown once and kept nowhere."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StepProgress(Base):
    """What a person says they have done of one step of their plan. Exists only with consent."""

    __tablename__ = "step_progress"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    step: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Id of the step in the plan."""
    done: Mapped[bool] = mapped_column(Boolean)
    appointment: Mapped[date | None] = mapped_column(Date)
    ready: Mapped[list[str] | None] = mapped_column(Json)
    """Documents of the step that the person has, in the plan's own words."""


class PlanSeen(Base):
    """The plan as its person last saw it, to tell what changed since. Exists only with consent."""

    __tablename__ = "plan_seen"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    seen_on: Mapped[date] = mapped_column(Date)
    outline: Mapped[dict[str, Any]] = mapped_column(Json)
    """Steps (id → when), devices (id → status), their names: see `bot.conversation.changes`."""


class SafetyEvent(Base):
    """How many safety alarms rang on a day. Counted for every conversation, tied to none."""

    __tablename__ = "safety_event"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    """soft, suicide, emergency, violence, child."""
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


class FeedbackEvent(Base):
    """How many people answered « Est-ce que cela vous aide ? », and what. Tied to no conversation.

    Department and audience are empty for people who refused that anything be kept.
    """

    __tablename__ = "feedback_event"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    answer: Mapped[str] = mapped_column(String(16), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    department: Mapped[str] = mapped_column(String(3), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


class EmploymentAnswer(Base):
    """What a person says of their job some time after their plan. Optional; exists only with consent."""

    __tablename__ = "employment_answer"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    answer: Mapped[str] = mapped_column(String(16))
    """One of `bot.conversation.following.EMPLOYMENT`."""
    answered_on: Mapped[date] = mapped_column(Date)


class Counted(Base):
    """What a conversation has added to the figures so far, so that it is counted once whatever happens next.

    Goes with the conversation; the figures stay.
    """

    __tablename__ = "figure_counted"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    active_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Activity of the conversation when it was counted; null when something else changed since."""
    month: Mapped[date] = mapped_column(Date)
    department: Mapped[str] = mapped_column(String(3))
    audience: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(16))
    marks: Mapped[list[str]] = mapped_column(Json)
    """« measure:key » of each figure where it counts for one."""


class Figure(Base):
    """How many conversations begun in a month have something in common. Tied to none; kept without limit.

    By month and not by day: a day of one department is often one person (docs/decisions/0005).
    """

    __tablename__ = "figure"
    __table_args__ = ({"sqlite_with_rowid": False},)

    measure: Mapped[str] = mapped_column(String(16), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    """First day of the month (UTC) when the conversation began."""
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    department: Mapped[str] = mapped_column(String(3), primary_key=True)
    """Empty where it is not known, or the person did not agree that anything be kept."""
    audience: Mapped[str] = mapped_column(String(16), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


class Upkeep(Base):
    """When a piece of nightly upkeep was last done, so that one process does it, once."""

    __tablename__ = "upkeep"

    task: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[date] = mapped_column(Date)
