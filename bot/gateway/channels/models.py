"""Tables of the channels: whom we answer, what came in, what must go out. Nothing readable without the key."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversation.models import UtcDateTime
from bot.database import Base


class ChannelPerson(Base):
    """Someone on a platform, and their conversation."""

    __tablename__ = "channel_person"
    __table_args__ = (
        UniqueConstraint("lookup"),
        Index("ix_channel_person_conversation_id", "conversation_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    lookup: Mapped[str] = mapped_column(String(64))
    """Keyed hash of channel and platform id."""
    address: Mapped[str] = mapped_column(Text)
    """Encrypted: what the platform needs to reach them."""
    conversation_id: Mapped[str | None] = mapped_column(String(32))
    """No foreign key: it may be erased elsewhere; the next message then opens another."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Their last message: the platforms' 24 hours count from here."""
    stopped: Mapped[bool] = mapped_column(Boolean, default=False)
    """They wrote STOP: nothing is sent until they write again."""


class ChannelInbox(Base):
    """A message received. Its content goes once it is answered; its hash stays a while against re-deliveries."""

    __tablename__ = "channel_inbox"
    __table_args__ = (
        UniqueConstraint("message"),
        Index("ix_channel_inbox_waiting", "waiting", "person"),
        Index("ix_channel_inbox_received_at", "received_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    person: Mapped[str] = mapped_column(String(64))
    """The person's `lookup`."""
    message: Mapped[str] = mapped_column(String(64))
    """Keyed hash of channel and the platform's message id."""
    rank: Mapped[int] = mapped_column(BigInteger)
    """The platform's own order among the messages of a person."""
    body: Mapped[str | None] = mapped_column(Text)
    """Encrypted; null once done."""
    waiting: Mapped[bool] = mapped_column(Boolean, default=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChannelOutbox(Base):
    """A call to make to a platform. Its content goes once it is made or given up."""

    __tablename__ = "channel_outbox"
    __table_args__ = (
        Index("ix_channel_outbox_state", "state", "person"),
        Index("ix_channel_outbox_platform", "platform"),
        Index("ix_channel_outbox_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    person: Mapped[str] = mapped_column(String(64))
    body: Mapped[str | None] = mapped_column(Text)
    """Encrypted call; null once made or given up."""
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    """waiting, held (until the person writes again), sent, failed."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str | None] = mapped_column(String(64))
    """Kind and code of the last failure, never a text."""
    platform: Mapped[str | None] = mapped_column(String(64))
    """Keyed hash of the id that the platform gave to the message, for its delivery reports."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
