"""Rasa's SQL tracker store, with recent trackers in memory and nothing written before consent.

Rasa reads and parses every event of a conversation again at each turn (10 to 25 ms, growing). Here recent trackers stay
in memory, written through; before one is used, the newest event number in the database is compared, so that two Rasa
processes never answer from a stale one; and the events of a turn are written only after the event that the turn was
read at, so that two processes never both answer from the same one. A tracker whose `consent` slot is not "yes" is never
written: see `bot.dialogue.unwritten`. The text of a message in which someone is in danger is removed before anything is
kept.
"""

import asyncio
import contextlib
import itertools
import json
from collections import OrderedDict
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm
import sqlalchemy.pool
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from redis.exceptions import RedisError

from bot.dialogue.once import LOOKED_AT, taken
from bot.dialogue.trackers import forget_old_events
from bot.dialogue.unwritten import LocalUnwritten, StaleTrackerError, Unwritten

RECENT = 2000
"""Trackers kept in memory (about 50 kB each)."""
DATABASE_SECONDS = 5
"""Patience with a PostgreSQL that does not answer: a turn then fails, and the person may send it again."""
CHECKPOINTS = 40
CHECKPOINT_PAUSE = 0.05
"""Seconds between two tries to empty SQLite's log."""
SAFETY_INTENTS = ("distress", "emergency")


def _tune_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def forget_words(event: Event) -> None:
    """Remove the words of a message that speaks of danger: its intent and facts stay, its text goes."""
    if not isinstance(event, UserUttered) or not event.text:
        return
    soft = (event.metadata or {}).get("safety") is not None
    if event.intent_name not in SAFETY_INTENTS and not soft:
        return
    event.text = ""
    event.parse_data["text"] = ""
    for entity in event.parse_data.get("entities", []):
        entity.pop("words", None)


class RelaisTrackerStore(SQLTrackerStore):
    """See the module. Rasa builds it from `endpoints.yml`; `url` is an SQLAlchemy 1.4 address."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain=domain, host=host, event_broker=event_broker, **kwargs)
        if self.engine.dialect.name == "sqlite":
            self._keep_sqlite_open(host)
        elif self.engine.dialect.name == "postgresql":
            self._tune_postgresql(host)
        self._recent: OrderedDict[str, tuple[DialogueStateTracker, int]] = OrderedDict()
        self._just_kept: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self.unwritten: Unwritten = LocalUnwritten()
        """Trackers of people who have not agreed that anything be written."""
        # Made once: SQLAlchemy takes longer to build a statement than SQLite to run it.
        events = self.SQLEvent.__table__.c
        of_sender = events.sender_id == sa.bindparam("sender")
        self._last = sa.select(sa.func.max(events.id)).where(of_sender)
        self._since = sa.select(sa.func.count(events.id), sa.func.max(events.id)).where(
            of_sender, events.id >= sa.bindparam("read_at")
        )
        self._insert = self.SQLEvent.__table__.insert()

    def _tune_postgresql(self, url: str | None) -> None:
        """Connections looked at before they are used, and no wait without an end."""
        self.engine.dispose()
        options = f"-c statement_timeout={DATABASE_SECONDS * 1000} -c lock_timeout={DATABASE_SECONDS * 1000}"
        self.engine = sa.create_engine(
            url,
            pool_pre_ping=True,
            pool_timeout=DATABASE_SECONDS,
            hide_parameters=True,
            connect_args={
                "connect_timeout": DATABASE_SECONDS,
                "tcp_user_timeout": DATABASE_SECONDS * 1000,
                "options": options,
            },
        )
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)

    def _keep_sqlite_open(self, url: str | None) -> None:
        """SQLAlchemy 1.4 opens and closes a SQLite file for each use; closing the last one empties its log each time."""
        self.engine.dispose()
        self.engine = sa.create_engine(
            url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False}
        )
        sa.event.listen(self.engine, "connect", _tune_sqlite)
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)

    def _newest(self, connection: sa.engine.Connection, sender_id: str) -> int:
        return connection.execute(self._last, {"sender": sender_id}).scalar() or 0

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of a conversation, or None. It leaves memory until it is saved again, so that a turn that
        fails half-way leaves no trace."""
        return await self._retrieve(sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Sessions never expire in Relais: the full tracker is the tracker."""
        return await self._retrieve(conversation_id)

    async def _retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        tracker = self._written(sender_id)
        return tracker or await self.unwritten.get(sender_id, self.domain.slots)

    def _written(self, sender_id: str) -> DialogueStateTracker | None:
        with self.engine.connect() as connection:
            newest = self._newest(connection, sender_id)
            kept = self._recent.pop(sender_id, None)
            if newest == 0:
                return None
            tracker = kept[0] if kept and kept[1] == newest else self._read(connection, sender_id)
        tracker.stored_events, tracker.stored_newest = len(tracker.events), newest
        return tracker

    def _read(self, connection: sa.engine.Connection, sender_id: str) -> DialogueStateTracker:
        table = self.SQLEvent.__table__
        query = sa.select(table.c.data).where(table.c.sender_id == sender_id).order_by(table.c.id)
        events = [json.loads(row.data) for row in connection.execute(query)]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        tracker.taken = taken(tracker.events)
        forget_old_events(tracker)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the events that are new, if the person agreed; keep the tracker at hand."""
        await self.stream_events(tracker)
        stored = getattr(tracker, "stored_events", 0)
        new_events = list(itertools.islice(tracker.events, stored, None))
        for event in new_events:
            forget_words(event)
        if tracker.get_slot("consent") != "yes" and not stored:
            await self.unwritten.keep(tracker)
            self._just_kept[tracker.sender_id] = tracker
            while len(self._just_kept) > RECENT:
                self._just_kept.popitem(last=False)
            return
        newest = self._write(tracker.sender_id, new_events, getattr(tracker, "stored_newest", 0))
        if not stored:
            with contextlib.suppress(
                RedisError, OSError
            ):  # the database is looked at first, and Redis forgets
                await self.unwritten.drop(tracker.sender_id)
        tracker.taken = [*(tracker.taken if stored else []), *taken(new_events)][-LOOKED_AT:]
        forget_old_events(tracker)
        tracker.stored_events, tracker.stored_newest = len(tracker.events), newest
        self._recent[tracker.sender_id] = (tracker, newest)
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    def _write(self, sender_id: str, new_events: list[Event], read_at: int) -> int:
        """Write events after the event number `read_at`. Raises StaleTrackerError when it is not the newest one."""
        rows = [self._row(sender_id, event) for event in new_events]
        if not rows:
            return read_at
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
                lock = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sender_id, 0))
                connection.execute(sa.select(lock))
            connection.execute(self._insert, rows)
            found, newest = connection.execute(self._since, {"sender": sender_id, "read_at": read_at}).one()
            if found != len(rows) + (read_at > 0):
                raise StaleTrackerError(sender_id)
            return int(newest)

    @staticmethod
    def _row(sender_id: str, event: Event) -> dict[str, Any]:
        data = event.as_dict()
        return {
            "sender_id": sender_id,
            "type_name": event.type_name,
            "timestamp": data.get("timestamp"),
            "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
            "action_name": data.get("name"),
            "data": json.dumps(data),
        }

    def peek(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker that this process has just saved, once, without a look at the database; None if it did not."""
        just = self._just_kept.pop(sender_id, None)
        return just or self._recent.get(sender_id, (None, 0))[0]

    async def forget(self, sender_id: str) -> None:
        """Erase everything that is known of a conversation, in memory and in the database."""
        await self.unwritten.drop(sender_id)
        self._recent.pop(sender_id, None)
        table = self.SQLEvent.__table__
        with self.engine.begin() as connection:
            connection.execute(table.delete().where(table.c.sender_id == sender_id))
        if self.engine.dialect.name == "sqlite":
            # Deleted rows are overwritten (secure_delete), but their old pages stay in the log until it is emptied.
            for _ in range(CHECKPOINTS):
                with self.engine.connect() as connection:
                    busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
                if not busy:  # SQLite refuses at once while another checkpoint runs
                    break
                await asyncio.sleep(CHECKPOINT_PAUSE)
