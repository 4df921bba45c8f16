"""Tables of the review: one narrow row per kept conversation, and what advisers add to it.

`conversation` and `turn` hold large JSON documents: reading 100,000 of them for a list takes seconds. Everything
that a list shows, filters or counts is copied here by `bot.console.review.index`, a few seconds after each turn
and outside the turn's own transaction. All of it goes with the conversation: `review` hangs on it
(`bot.conversation.hanging`), the other tables hang on `review`.
"""

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.console.review.words import LONGEST
from bot.conversation.models import UtcDateTime
from bot.database import Base

LISTED = (
    "department", "status", "queues", "channel", "audience", "profile", "step", "outcome", "turns", "confidence",
    "assigned_to", "second_reader",
)  # fmt: skip
"""Columns that filters read, in the index that gives the order: any combination is answered by the index alone.

Walking the rows themselves in the order of their activity took 600 ms on SQLite, the index 40 (100,000 rows).
"""


def _only_given(column: str) -> Index:
    """An index of the rows that have this reader, most having none: whatever its statistics, SQLite then uses it."""
    given = text(f"{column} IS NOT NULL")
    return Index(f"ix_review_{column}", column, "status", sqlite_where=given, postgresql_where=given)


class Review(Base):
    """A conversation as the inbox sees it. `status`, `assigned_to` and `second_reader` are the advisers' own."""

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("conversation_id"),
        Index("ix_review_list", "active_at", "id", *LISTED),
        Index("ix_review_counts", "queues", "status", "department"),
        _only_given("assigned_to"),
        _only_given("second_reader"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(16))
    department: Mapped[str | None] = mapped_column(String(3))
    audience: Mapped[str | None] = mapped_column(String(16))
    profile: Mapped[str | None] = mapped_column(String(16))
    """Family of status for the law: see `bot.console.review.digest.profile`."""
    step: Mapped[str | None] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    active_at: Mapped[datetime] = mapped_column(UtcDateTime)
    turns: Mapped[int] = mapped_column(Integer)
    """Number of turns when this row was computed; behind `conversation.turns`, it is computed again."""
    waiting_on: Mapped[str | None] = mapped_column(String(32))
    """The question left without an answer."""
    confidence: Mapped[float | None] = mapped_column(Float)
    """Lowest confidence among the messages that the person wrote."""
    queues: Mapped[int] = mapped_column(Integer, default=0)
    """One bit per queue (`bot.console.review.queues`)."""
    status: Mapped[str] = mapped_column(String(16), default="todo")
    """todo, doing, check, done, off_topic, wrong."""
    assigned_to: Mapped[int | None] = mapped_column(Integer)
    second_reader: Mapped[int | None] = mapped_column(Integer)


class ReviewEvent(Base):
    """Something that happened in a conversation, by its name, with its first and last turns.

    A later that B is `A.first < B.last`: one row per name is enough for « this then that », whatever the length.
    """

    __tablename__ = "review_event"
    __table_args__ = (
        Index("ix_review_event_name", "name", "review_id", "first", "last"),
        {"sqlite_with_rowid": False},
    )

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    """« intent:ask_rqth », « fact:status=salarie_prive », « asks:leave_days », « flag:safety », « plan:cap_emploi »."""
    first: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer)


class ReviewWord(Base):
    """A word that the person or an adviser wrote, folded (no accent, no capital), to search by its beginning.

    A table of ours rather than FTS5, which before SQLite 3.42 keeps erased words readable in its segments: here the
    database's own overwriting of deleted rows does it (docs/mesures/console.md).
    """

    __tablename__ = "review_word"
    __table_args__ = (Index("ix_review_word_word", "word", "review_id"), {"sqlite_with_rowid": False})

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(
        String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql"), primary_key=True
    )
    """In the order of bytes, so that words with the same beginning are together."""


class ReviewTag(Base):
    """A word that advisers put on a conversation to find it again."""

    __tablename__ = "review_tag"
    __table_args__ = (Index("ix_review_tag_tag", "tag", "review_id"),)

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)


class ReviewNote(Base):
    """What an adviser wrote for colleagues. Identifiers are masked as in a message; the person never sees it."""

    __tablename__ = "review_note"
    __table_args__ = (Index("ix_review_note_review_id", "review_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    author: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedView(Base):
    """Filters kept under a name, by one adviser, for themselves or for all."""

    __tablename__ = "review_view"
    __table_args__ = (UniqueConstraint("owner", "name"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    owner: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    """The query string of the inbox."""
    shared: Mapped[bool] = mapped_column(Boolean, default=False)
