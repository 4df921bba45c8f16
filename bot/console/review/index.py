"""Keeps the inbox's rows in step with the conversations, outside the turns' own transactions.

A turn costs nothing more than before: a conversation whose row is behind (`review.turns < conversation.turns`)
is read again a few seconds later. Erasure does not wait for it: the rows go with the conversation.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import partial
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Table, and_, bindparam, delete, insert, or_, select, text, update

from bot.console.review.digest import Digest, TurnRead, digest, profile
from bot.console.review.models import Review, ReviewEvent, ReviewWord
from bot.console.review.queues import DROPPED_AFTER, Queue
from bot.conversation.models import Conversation, Turn
from bot.conversation.state import now
from bot.conversation.store import Store

logger = logging.getLogger("relais.review")

_CONVERSATION = cast(Table, Conversation.__table__)
_REVIEW = cast(Table, Review.__table__)
_EVENT = cast(Table, ReviewEvent.__table__)
_WORD = cast(Table, ReviewWord.__table__)
_C, _T, _R = _CONVERSATION.c, cast(Table, Turn.__table__).c, _REVIEW.c
_COPIED = (
    "channel", "department", "audience", "step", "outcome", "created_at", "active_at", "turns"
)  # fmt: skip
_READ = select(
    _C.id, *(_C[name] for name in _COPIED), _C.asks, _C.flags, _C.situation, _C.plan, _R.id.label("review_id")
).outerjoin(_REVIEW, _R.conversation_id == _C.id)
_TURNS = select(
    _T.conversation_id, _T.seq, _T.direction, _T.choice, _T.text, _T.intent, _T.confidence, _T.margin,
    _T.facts, _T.asked, _T.flag, _T.message["asks"].as_string(), _T.message["plan"]["first_step"].as_string(),
)  # fmt: skip
_LIVE = and_(_C.erased_at.is_(None), _C.consent == "yes")
_BATCH = 20
"""Conversations a transaction: on SQLite, turns wait for it (about 20 ms)."""
_OVERLAP = timedelta(minutes=5)
"""A turn is dated when it is answered and written later: the last minutes are always looked at again."""
_PAUSE = 3.0
_AGES_EVERY = timedelta(minutes=1)
_PARIS = ZoneInfo("Europe/Paris")

_EVER = datetime(1970, 1, 1, tzinfo=timezone.utc)

Place = tuple[datetime, str]
"""A conversation in the order of their activity: its last turn, its id."""
Entry = tuple[dict[str, Any], Digest]
"""A conversation's row, and its digest."""


@dataclass(frozen=True)
class Behind:
    """Some of the conversations whose rows are behind."""

    entries: list[Entry]
    last: Place
    """The last one read."""


class Index:
    """Brings the inbox's rows up to date; one for each process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen = _EVER
        self._aged: datetime | None = None

    async def catch_up(self, *, batch: int = _BATCH) -> int:
        """Compute every row that is behind; returns how many."""
        started, last, total = now(), (self._seen, ""), 0
        while found := await self._store.read(partial(_behind, last, batch)):
            total += await self._store.write(partial(_write, found.entries))
            last = found.last
        self._seen = started - _OVERLAP
        await self._age(started)
        return total

    async def refresh(self, conversation_id: str) -> None:
        """Compute one row now if it is behind: someone is about to read it."""
        found = await self._store.read(partial(_behind, (_EVER, ""), 1, only=conversation_id))
        if found:
            await self._store.write(partial(_write, found.entries))

    async def _age(self, at: datetime) -> None:
        """Time passes: questions without an answer become abandoned ones."""
        limit = at - DROPPED_AFTER
        if self._aged is not None and limit - self._aged < _AGES_EVERY:
            return
        left = and_(_R.waiting_on.is_not(None), _R.outcome.is_(None), _R.active_at < limit)
        if self._aged is not None:
            left = and_(left, _R.active_at >= self._aged - _OVERLAP)
        fresh = and_(left, _R.queues.bitwise_and(Queue.DROPPED.value) == 0)
        statement = update(_REVIEW).where(fresh)
        # no more a sample of what went well
        queues = _R.queues.bitwise_or(Queue.DROPPED.value).bitwise_and(~Queue.SAMPLE.value)
        await self._store.write(
            lambda connection: connection.execute(statement.values(queues=queues)).close()
        )
        self._aged = limit

    async def keep(self, *, pause: float = _PAUSE) -> None:
        """Run until cancelled. What fails is tried again at the next pass."""
        while True:
            try:
                await self.catch_up()
            except Exception as problem:  # the inbox must outlive any fault of the database
                logger.error("review index put off: %s", type(problem).__name__)
            await asyncio.sleep(pause)


def _behind(last: Place, limit: int, connection: Connection, only: str | None = None) -> Behind | None:
    """The next conversations that are behind, in the order of their activity; None at the end."""
    late = or_(_R.id.is_(None), _R.turns < _C.turns)
    further = or_(_C.active_at > last[0], _C.id > last[1])
    # an erased conversation has no consent any more: naming erased_at here, SQLite would read all that are not
    query = _READ.where(_C.consent == "yes", late, _C.active_at >= last[0], further).order_by(
        _C.active_at, _C.id
    )
    query = query.limit(limit)
    if only is not None:
        query = query.where(_C.id == only)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    if not rows:
        return None
    said = _turns(connection, [row["id"] for row in rows])
    today = datetime.now(_PARIS).date()
    entries = []
    for row in rows:
        try:
            entries.append((row, _digest(row, said[row["id"]], today)))
        except Exception as problem:  # one odd conversation must not keep the others out of the inbox
            logger.error("conversation not indexed: %s", type(problem).__name__)
    return Behind(entries, (rows[-1]["active_at"], rows[-1]["id"]))


def _digest(row: dict[str, Any], turns: list[TurnRead], today: date) -> Digest:
    if turns:  # written between the two reads: the row must not pretend to have seen less
        row["turns"] = min(row["turns"], turns[-1].seq)
    return digest(row, turns, today)


def _turns(connection: Connection, ids: Iterable[str]) -> dict[str, list[TurnRead]]:
    said: dict[str, list[TurnRead]] = defaultdict(list)
    query = _TURNS.where(_T.conversation_id.in_(ids)).order_by(_T.conversation_id, _T.seq)
    for conversation_id, *values in connection.execute(query):
        said[conversation_id].append(TurnRead(*values))
    return said


def _write(entries: list[Entry], connection: Connection) -> int:
    ids = [row["id"] for row, _ in entries]
    # The lock first: an erasure made since the reading must find nothing written after it. Another process that
    # holds some of them is writing the same rows.
    live = select(_C.id).where(_C.id.in_(ids), _LIVE).with_for_update(skip_locked=True)
    if connection.dialect.name == "sqlite":
        connection.execute(text("BEGIN IMMEDIATE"))
    there = set(connection.execute(live).scalars())
    kept = [entry for entry in entries if entry[0]["id"] in there]
    numbers = _rows(connection, kept)
    _replace(connection, [(numbers[row["id"]], made) for row, made in kept])
    return len(kept)


def _rows(connection: Connection, entries: list[Entry]) -> dict[str, int]:
    """Write the rows of `review`; conversation → number of its row."""
    ids = [row["id"] for row, _ in entries]
    known = select(_R.conversation_id, _R.id, _R.queues, _R.status).where(_R.conversation_id.in_(ids))
    before = {row.conversation_id: row for row in connection.execute(known)}
    added, changed = [], []
    for row, made in entries:
        values = {name: row[name] for name in _COPIED}
        values |= {"profile": profile(row["situation"] or {}), "confidence": made.confidence}
        values |= {"waiting_on": None if row["outcome"] else row["asks"], "queues": made.queues.value}
        old = before.get(row["id"])
        if old is None:
            added.append(values | {"conversation_id": row["id"], "status": "todo"})
            continue
        reopened = (
            old.status == "done" and made.queues.value & ~old.queues
        )  # something new since it was closed
        changed.append(values | {"row": old.id, "status": "todo" if reopened else old.status})
    if added:
        connection.execute(insert(_REVIEW), added)
    if changed:
        connection.execute(update(_REVIEW).where(_R.id == bindparam("row")), changed)
    return {row.conversation_id: row.id for row in connection.execute(known)}


def _replace(connection: Connection, digests: list[tuple[int, Digest]]) -> None:
    numbers = [number for number, _ in digests]
    for table in (_EVENT, _WORD):
        connection.execute(delete(table).where(table.c.review_id.in_(numbers)))
    events = [
        {"review_id": number, "name": name, "first": first, "last": last}
        for number, made in digests
        for name, (first, last) in made.events.items()
    ]
    words = [{"review_id": number, "word": word} for number, made in digests for word in sorted(made.words)]
    for table, rows in ((_EVENT, events), (_WORD, words)):
        if rows:
            connection.execute(insert(table), rows)
