"""Tables of the console: advisers, what opens their sessions, and who read what."""

from datetime import datetime

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversation.models import UtcDateTime
from bot.database import Base


class AdviserRow(Base):
    """Someone who may sign in to the console."""

    __tablename__ = "adviser"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_adviser_subject"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    """In lower case."""
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(8))
    """adviser, manager or admin."""
    departments: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Departments whose conversations they see; null: all."""
    active: Mapped[bool] = mapped_column(Boolean)
    password: Mapped[str | None] = mapped_column(Text)
    """Argon2id hash; null as long as the invitation is not used, or when the organisation signs them in."""
    totp: Mapped[str | None] = mapped_column(Text)
    """Secret of the second factor, encrypted."""
    totp_step: Mapped[int | None] = mapped_column(Integer)
    """Last time step used: a code opens once."""
    recovery: Mapped[list[str]] = mapped_column(JSON)
    """Keyed hashes of the recovery codes left."""
    issuer: Mapped[str | None] = mapped_column(String(255))
    subject: Mapped[str | None] = mapped_column(String(255))
    """Who they are for the organisation's OpenID provider, learnt at their first sign-in there."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AdviserSession(Base):
    """An open session. The cookie holds the token, this table its digest."""

    __tablename__ = "adviser_session"
    __table_args__ = (Index("ix_adviser_session_seen_at", "seen_at"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    adviser_id: Mapped[int] = mapped_column(ForeignKey("adviser.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(String(8))
    """factor (the second factor is still to be given), enrol (still to be set up), full."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AdviserLink(Base):
    """An invitation or a reset: a link that lets its holder choose a password, once."""

    __tablename__ = "adviser_link"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    adviser_id: Mapped[int] = mapped_column(ForeignKey("adviser.id", ondelete="CASCADE"), unique=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInTry(Base):
    """Failed sign-ins of one account, device or address, counted to slow down guessing."""

    __tablename__ = "sign_in_try"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Keyed hash: neither an address nor an e-mail is stored here."""
    count: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Access(Base):
    """Who read or did what, when and why. Holds no content of any conversation."""

    __tablename__ = "console_access"
    __table_args__ = (
        Index("ix_console_access_at", "at"),
        Index("ix_console_access_conversation_id", "conversation_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    adviser_id: Mapped[int | None] = mapped_column(Integer)
    """No foreign key: what a removed adviser did stays."""
    adviser: Mapped[str] = mapped_column(String(254))
    """Their e-mail then; empty for a command typed on the machine."""
    what: Mapped[str] = mapped_column(String(80))
    """What was done: a name such as « conversation.read »."""
    conversation_id: Mapped[str | None] = mapped_column(String(32))
    """No foreign key: who read an erased conversation can still be told; nothing of it is here."""
    about: Mapped[str] = mapped_column(String(254))
    """The account acted upon, when it was not a conversation."""
    why: Mapped[str] = mapped_column(String(200))
