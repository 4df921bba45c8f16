"""Tables of the directory: organisms, what is known of each with its source and date, and every change made.

An organism's facts are rows of `directory_field`, one per field and origin, so that each has its own source
and date.
What a territory edited (`edit`) is kept beside what the project ships (`base`) and what open data under
another
licence brings (`odbl`); the reader takes the first of `ORIGINS`.
"""

import datetime as dt

from sqlalchemy import Date, DateTime, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.database import Base

ORIGINS = ("edit", "base", "odbl")
"""Where a value comes from, the one to trust first first."""


class Organism(Base):
    """One organism, or one line of one: a CPAM, an occupational-health service, an emergency number."""

    __tablename__ = "directory_organism"

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    type: Mapped[str] = mapped_column(String(30), index=True)
    fields: Mapped[list["Field"]] = relationship(back_populates="organism", cascade="all, delete-orphan")


class Field(Base):
    """One fact about an organism: its name, departments served, phone, link… with where and when it was
    read."""

    __tablename__ = "directory_field"
    __table_args__ = (UniqueConstraint("organism_id", "name", "origin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organism_id: Mapped[str] = mapped_column(ForeignKey("directory_organism.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(30))
    origin: Mapped[str] = mapped_column(String(10))
    value: Mapped[str] = mapped_column(Text)
    """Empty in an `edit`: the territory says there is no such thing, whatever the other origins say."""
    label: Mapped[str] = mapped_column(String(200), default="")
    """What a link does, in French; empty for the usual words of the field."""
    source_url: Mapped[str] = mapped_column(Text, default="")
    source_date: Mapped[dt.date | None] = mapped_column(Date)
    """Day of the fact, rounded down when only a month or year is known; None when unknown: the value counts
    as old."""
    date_of: Mapped[str] = mapped_column(String(6), default="", server_default="")
    """What that day is: `page` (written on the page), `opened` (someone opened it that day), `copy` (an undated copy was
    read that day: it says nothing of the age). Empty in an edit, whose author gives the day."""
    confidence: Mapped[str] = mapped_column(String(12), default="")
    organism: Mapped[Organism] = relationship(back_populates="fields")


class Change(Base):
    """One value changed by a person or a refresh: who, when, why, and both values, so that it can be
    undone."""

    __tablename__ = "directory_change"
    __table_args__ = (Index(None, "organism_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organism_id: Mapped[str] = mapped_column(String(120))
    field: Mapped[str] = mapped_column(String(30))
    old: Mapped[str | None] = mapped_column(Text)
    """JSON of the edit that was there before; None when the shipped value was in force."""
    new: Mapped[str | None] = mapped_column(Text)
    """JSON of the edit made; None when it was withdrawn, and the shipped value is in force again."""
    who: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))
    restores: Mapped[int | None] = mapped_column(ForeignKey("directory_change.id"))


class DataImport(Base):
    """What was last imported from the project's files: same hash, nothing to do."""

    __tablename__ = "directory_import"

    origin: Mapped[str] = mapped_column(String(10), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    organisms: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(DateTime(timezone=True))


TABLES = [model.__table__ for model in (Organism, Field, Change, DataImport)]
"""The tables of this package, for tests and for a database held in memory; elsewhere Alembic makes them."""
