"""Tables of what advisers correct: a turn's intent or fact, the sentences exported, the contacts reported wrong."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversation.models import UtcDateTime
from bot.database import Base


class Correction(Base):
    """What a turn should have been understood as. Goes with the conversation; what was exported stays as `Example`."""

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("conversation_id", "seq", "subject"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(Integer)
    """Sequence number of the turn."""
    subject: Mapped[str] = mapped_column(String(32))
    """« intent », or the name of a fact."""
    before: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    """The same as `before`: the adviser says that it was right. Null for a fact that was not said."""
    topic: Mapped[str | None] = mapped_column(String(64))
    """Topic of the FAQ that answers, for an intent that has several."""
    comment: Mapped[str] = mapped_column(Text)
    """Identifiers are masked as in a message."""
    author: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8))
    """new, accepted, rejected, exported."""
    sentence: Mapped[str | None] = mapped_column(Text)
    """The pseudonymised sentence as the reviewer left it."""


class Example(Base):
    """A sentence that left in a patch: pseudonymised, tied to no conversation."""

    __tablename__ = "training_example"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sentence: Mapped[str] = mapped_column(Text)
    intent: Mapped[str | None] = mapped_column(String(64))
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), nullable=True)
    exported_on: Mapped[date] = mapped_column(Date)
    exported_by: Mapped[int] = mapped_column(Integer)


class ContactReport(Base):
    """A contact of the directory that someone says is wrong, and what it should be. A manager decides."""

    __tablename__ = "contact_report"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    organism_id: Mapped[str] = mapped_column(String(120))
    field: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    source_url: Mapped[str] = mapped_column(Text)
    source_date: Mapped[date] = mapped_column(Date)
    comment: Mapped[str] = mapped_column(Text)
    author: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(8))
    """waiting, approved, refused."""
    decided_by: Mapped[int | None] = mapped_column(Integer)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
