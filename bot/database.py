"""The base of our tables and the way to their database: SQLite by default, PostgreSQL in production."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of Relais hangs here, so that Alembic sees them all."""

    metadata = MetaData(naming_convention=NAMES)


def _prepare(url: str) -> None:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)


def _tune_sqlite(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        # WAL lets readers go on while one writes; NORMAL loses nothing on a process crash.
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=5000")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()


PATIENCE = 5
"""Seconds given to a PostgreSQL that does not answer: people then read that they may try again."""


def _options(url: URL) -> dict[str, Any]:
    """A file needs no ping before each use; no error ever prints the values of a statement."""
    if url.get_backend_name() == "sqlite":
        return {"hide_parameters": True}
    milliseconds = PATIENCE * 1000
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": 16,  # as many as `Store` has threads, and two
        "pool_timeout": PATIENCE,
        "connect_args": {
            "connect_timeout": PATIENCE,
            "tcp_user_timeout": milliseconds,
            "options": f"-c lock_timeout={milliseconds} -c idle_in_transaction_session_timeout=60000",
        },
    }


def one_at_a_time(connection: Connection, task: str) -> None:
    """On PostgreSQL, wait until no other transaction does `task`; it is ours until this one ends.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '180s'"))  # longer than any request may wait
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"relais:{task}", 0))))


def async_engine(url: str) -> AsyncEngine:
    """Engine for the public process. `url` has an asynchronous driver (aiosqlite, psycopg)."""
    _prepare(url)
    engine = create_async_engine(url, **_options(make_url(url)))
    _tune_sqlite(engine.sync_engine)
    return engine


def sync_engine(url: str) -> Engine:
    """Engine for threads, commands and migrations, from the same URL as `async_engine`."""
    parsed = make_url(url)
    if parsed.drivername == "sqlite+aiosqlite":
        parsed = parsed.set(drivername="sqlite")
    _prepare(url)
    engine = create_engine(parsed, **_options(parsed))
    _tune_sqlite(engine)
    return engine
