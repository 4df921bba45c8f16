"""On PostgreSQL, what was erased leaves the disk when its tables are written again: each night, and on command.

A DELETE hides a row; its bytes stay in the page, in the indexes, and in the planner's statistics. VACUUM alone is not
enough: tried, the last row of a page is still readable after it. VACUUM FULL writes tables and indexes anew, under a lock
that stops whoever wants the table meanwhile (4 to 12 s for 1,500,000 turns): at night, one table after the other, and
never waiting for that lock more than two seconds. SQLite overwrites what it deletes and needs none of this.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, inspect, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from bot.conversation.migrate import tables
from bot.conversation.models import Conversation, Upkeep
from bot.conversation.state import now
from bot.conversation.store import Store

logger = logging.getLogger("relais.rewriting")

_UPKEEP = cast(Table, Upkeep.__table__)
_TASK = "rewriting"
_NIGHT = range(3, 6)
"""Hours in France when few people talk to us."""
_PARIS = ZoneInfo("Europe/Paris")
_LOCK, _LONGEST = "2s", "5min"
_TRACKERS = "events"
"""Rasa's table, when it is in our database."""
_STATISTICS = "pg_statistic"
"""Where ANALYZE keeps some of the values of each column; the owner of the database may rewrite it."""


def holding_words() -> list[str]:
    """Names of the tables that hold something of a conversation: all that depends on one, and the channels' own."""
    known = tables().metadata
    found = {Conversation.__tablename__}
    for table in known.sorted_tables:
        depends = any(key.column.table.name in found for key in table.foreign_keys)
        if depends or table.name.startswith("channel_"):
            found.add(table.name)
    return sorted(found)


async def rewrite(store: Store) -> list[str]:
    """Write these tables again, now; returns those that could not be. Nothing to do on SQLite."""
    if store.engine.dialect.name != "postgresql":
        return []
    return await asyncio.to_thread(_all, store)


def _all(store: Store) -> list[str]:
    with store.engine.connect() as looking:
        has_trackers = inspect(looking).has_table(_TRACKERS)
    names = [*holding_words(), *([_TRACKERS] if has_trackers else [])]
    left = []
    with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        try:
            connection.execute(text(f"SET lock_timeout = '{_LOCK}'"))
            connection.execute(text(f"SET statement_timeout = '{_LONGEST}'"))
            for name in (*names, _STATISTICS):  # the statistics last: ANALYZE has just replaced them
                if not _written(connection, name):
                    left.append(name)
        finally:
            connection.invalidate()  # its timeouts go with it
    return left


def _written(connection: Connection, name: str) -> bool:
    analyze = "" if name == _STATISTICS else ", ANALYZE"
    try:
        connection.execute(text(f'VACUUM (FULL{analyze}) "{name}"')).close()
    except DBAPIError as problem:
        logger.error("table %s was not written again: %s", name, type(problem.orig).__name__)
        return False
    return True


async def rewrite_at_night(store: Store, at: datetime | None = None) -> bool:
    """Once a night, whatever the number of processes; a table that was busy waits for the next one."""
    there = (at or now()).astimezone(_PARIS)
    if store.engine.dialect.name != "postgresql" or there.hour not in _NIGHT:
        return False
    if not await store.write(_claim(there.date())):
        return False
    left = await rewrite(store)
    logger.info("erased rows are off the disk, but for %d tables", len(left))
    return True


def _claim(day: date) -> Callable[[Connection], bool]:
    """Take this night's work; false when it is taken already."""

    def claiming(connection: Connection) -> bool:
        done = connection.execute(select(_UPKEEP.c.day).where(_UPKEEP.c.task == _TASK)).scalar_one_or_none()
        if done is not None and done >= day:
            return False
        adding = postgresql.insert(_UPKEEP).values(task=_TASK, day=day)
        connection.execute(adding.on_conflict_do_update(index_elements=["task"], set_={"day": day}))
        return True

    return claiming
