"""Tables of what passes between people and advisers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversation.columns import Json, UtcDateTime
from bot.database import Base


class Handoff(Base):
    """Someone asked for a person. Exists only with consent."""

    __tablename__ = "handoff"
    __table_args__ = (
        Index("ix_handoff_status", "status", "department"),
        # One open request per conversation, whatever two processes do at the same moment.
        Index(
            "uq_handoff_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("status IN ('waiting', 'taken')"),
            postgresql_where=text("status IN ('waiting', 'taken')"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(8))
    """waiting, taken, returned (the bot answers again) or closed (nothing more to do)."""
    department: Mapped[str | None] = mapped_column(String(3))
    """When it was made."""
    adviser: Mapped[str | None] = mapped_column(String(64))
    """Opaque id of the account that took it."""
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Given back, or closed."""
    adviser_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Last sign of the adviser: the return after a delay counts from here."""
    noticed: Mapped[bool] = mapped_column(Boolean, default=False)
    """The person was told once that it is not the bot that answers."""


class PushedMessage(Base):
    """A message that answers none, still to be carried to its person's messaging channel, if they are on one."""

    __tablename__ = "pushed_message"
    __table_args__ = (Index("ix_pushed_message_conversation_id", "conversation_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    message: Mapped[dict[str, Any]] = mapped_column(Json)


class CallBack(Base):
    """Someone asked to be called back. Apart from the conversation, encrypted, gone once done or after 30 days."""

    __tablename__ = "call_back"
    __table_args__ = (
        Index("ix_call_back_conversation_id", "conversation_id"),
        Index("ix_call_back_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    """Null when the person refused that the conversation be kept: the form has a consent of its own."""
    department: Mapped[str] = mapped_column(String(3))
    details: Mapped[str] = mapped_column(Text)
    """Name, phone or e-mail, preferred time: encrypted."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AdviserPresence(Base):
    """An adviser on duty."""

    __tablename__ = "adviser_presence"

    adviser: Mapped[str] = mapped_column(String(64), primary_key=True)
    departments: Mapped[list[str] | None] = mapped_column(Json)
    """Null: all of them."""
    on_duty_until: Mapped[datetime] = mapped_column(UtcDateTime)
    email: Mapped[str | None] = mapped_column(String(254))
    """Where to tell them of a request; none: on the page only."""
