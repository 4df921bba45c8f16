"""Rasa's SQL tracker store, with recent trackers in memory and nothing written before consent.

Rasa reads and parses every event of a conversation again at each turn (10 to 25 ms, growing). Here recent trackers stay
in memory, written through; before one is used, the newest event number in the database is compared, so that two Rasa
processes never answer from a stale one. A tracker whose `consent` slot is not "yes" is never written: it lives here
until it is forgotten. The text of a message in which someone is in danger is removed before anything is kept.
"""

import itertools
import json
import time
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

from bot.dialogue.trackers import forget_old_events

RECENT = 2000
"""Trackers kept in memory (about 50 kB each)."""
UNWRITTEN_SECONDS = 2 * 3600
"""How long a conversation without consent is remembered."""
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
        self._recent: OrderedDict[str, tuple[DialogueStateTracker, int]] = OrderedDict()
        self._unwritten: OrderedDict[str, tuple[float, DialogueStateTracker]] = OrderedDict()

    def _keep_sqlite_open(self, url: str | None) -> None:
        """SQLAlchemy 1.4 opens and closes a SQLite file for each use; closing the last one empties its log each time."""
        self.engine.dispose()
        self.engine = sa.create_engine(
            url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False}
        )
        sa.event.listen(self.engine, "connect", _tune_sqlite)
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)

    def _newest(self, connection: sa.engine.Connection, sender_id: str) -> int:
        table = self.SQLEvent.__table__
        query = sa.select(sa.func.max(table.c.id)).where(table.c.sender_id == sender_id)
        return connection.execute(query).scalar() or 0

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of a conversation, or None. It leaves memory until it is saved again, so that a turn that
        fails half-way leaves no trace."""
        return self._retrieve_now(sender_id)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Sessions never expire in Relais: the full tracker is the tracker."""
        return self._retrieve_now(conversation_id)

    def _retrieve_now(self, sender_id: str) -> DialogueStateTracker | None:
        if sender_id in self._unwritten:
            _seen, tracker = self._unwritten[sender_id]
            return DialogueStateTracker.from_events(sender_id, list(tracker.events), self.domain.slots)
        with self.engine.connect() as connection:
            newest = self._newest(connection, sender_id)
            if newest == 0:
                self._recent.pop(sender_id, None)
                return None
            kept = self._recent.pop(sender_id, None)
            tracker = kept[0] if kept and kept[1] == newest else self._read(connection, sender_id)
        tracker.stored_events = len(tracker.events)
        return tracker

    def _read(self, connection: sa.engine.Connection, sender_id: str) -> DialogueStateTracker:
        table = self.SQLEvent.__table__
        query = sa.select(table.c.data).where(table.c.sender_id == sender_id).order_by(table.c.id)
        events = [json.loads(row.data) for row in connection.execute(query)]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
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
            self._remember_unwritten(tracker)
            return
        self._unwritten.pop(tracker.sender_id, None)
        newest = self._write(tracker.sender_id, new_events)
        forget_old_events(tracker)
        tracker.stored_events = len(tracker.events)
        self._recent[tracker.sender_id] = (tracker, newest)
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    def _remember_unwritten(self, tracker: DialogueStateTracker) -> None:
        now = time.monotonic()
        self._unwritten.pop(tracker.sender_id, None)
        self._unwritten[tracker.sender_id] = (now, tracker)
        while self._unwritten and (
            len(self._unwritten) > RECENT or next(iter(self._unwritten.values()))[0] < now - UNWRITTEN_SECONDS
        ):
            self._unwritten.popitem(last=False)

    def _write(self, sender_id: str, new_events: list[Event]) -> int:
        table = self.SQLEvent.__table__
        rows = [self._row(sender_id, event) for event in new_events]
        with self.engine.begin() as connection:
            if rows:
                connection.execute(table.insert(), rows)
            return self._newest(connection, sender_id)

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
        """The tracker as this process last saved it, without a look at the database; None when it never did."""
        if sender_id in self._recent:
            return self._recent[sender_id][0]
        if sender_id in self._unwritten:
            return self._unwritten[sender_id][1]
        return None

    async def forget(self, sender_id: str) -> None:
        """Erase everything that is known of a conversation, in memory and in the database."""
        self._unwritten.pop(sender_id, None)
        self._recent.pop(sender_id, None)
        table = self.SQLEvent.__table__
        with self.engine.begin() as connection:
            connection.execute(table.delete().where(table.c.sender_id == sender_id))
        if self.engine.dialect.name == "sqlite":
            # Deleted rows are overwritten (secure_delete), but their old pages stay in the log until it is emptied.
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
