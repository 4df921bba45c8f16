"""The store: writes one turn in one transaction, with SQLAlchemy Core (no ORM object in the hot path).

A transaction is a function that runs in a worker thread: one hop between threads, where an asynchronous
SQLite driver makes one per statement, cursor and commit. SQLite has one writer thread, so that no turn waits
on the database's own lock.

Consent decides what is written. Without a yes, a row holds its id, channel, times and consent: the rest
lives in the gateway's memory.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    Update,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import TimeoutError as DatabaseTimeoutError

from bot import tracing
from bot.conversation.figures import uncount
from bot.conversation.hanging import empty
from bot.conversation.models import Conversation, FeedbackEvent, SafetyEvent, Turn
from bot.conversation.state import Consent, ConversationState, Message, TurnRecord

logger = logging.getLogger("relais.store")

# The tables themselves rather than the mapped classes: going through the ORM doubles the cost of a write.
_CONVERSATION = cast(Table, Conversation.__table__)
_TURNS = cast(Table, Turn.__table__)
_C = _CONVERSATION.c
_T = _TURNS.c
_HOT = [_C[field.name] for field in fields(ConversationState) if field.name != "plan"]
_TURN_FIELDS = tuple(field.name for field in fields(TurnRecord))
_TURN = [_T[name] for name in _TURN_FIELDS]
_INSERT_TURN = insert(_TURNS)
_CREATE = insert(_CONVERSATION)
_ANSWERED = (
    select(_T.seq)
    .where(
        _T.conversation_id == bindparam("id"), _T.direction == "user", _T.message_id == bindparam("message")
    )
    .scalar_subquery()
    .label("answered")
)
_BY_ID: ColumnElement[bool] = _C.id == bindparam("id")
_LIVE: ColumnElement[bool] = _C.erased_at.is_(None)
_LOAD = select(*_HOT).where(_BY_ID, _LIVE)
_LOAD_ANSWERED = select(*_HOT, _ANSWERED).where(_BY_ID, _LIVE)
BLANK: dict[str, Any] = {
    "turns": 0,
    "department": None,
    "audience": None,
    "step": None,
    "outcome": None,
    "flags": [],
    "asks": None,
    "choices": {},
    "question": None,
    "situation": None,
    "plan": None,
    "rules_version": None,
    "model_version": None,
    "handoff": None,
}


_CHECKPOINTS = 40
_CHECKPOINT_PAUSE = 0.05
"""Seconds between two tries to empty the log: a checkpoint takes some milliseconds."""
T = TypeVar("T")


class ConversationGoneError(LookupError):
    """The conversation was erased, or its time is over."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something to count, tied to no conversation."""

    table: type[SafetyEvent] | type[FeedbackEvent]
    key: dict[str, Any]


def safety_event(day: date, kind: str, channel: str) -> Event:
    """One alarm more on that day."""
    return Event(SafetyEvent, {"day": day, "kind": kind, "channel": channel})


def feedback_event(day: date, answer: str, channel: str, audience: str = "", department: str = "") -> Event:
    """One answer more to the feedback question on that day."""
    key = {"day": day, "answer": answer, "channel": channel, "audience": audience, "department": department}
    return Event(FeedbackEvent, key)


class Store:
    """Conversations and turns in the database behind `engine` (SQLite or PostgreSQL)."""

    def __init__(self, engine: Engine, *, patience: float | None = None) -> None:
        """`patience`: seconds after which work that has no answer raises (a database that hangs does not say so)."""
        self.engine = engine
        self._patience = patience
        on_sqlite = engine.dialect.name == "sqlite"
        self._readers = ThreadPoolExecutor(4 if on_sqlite else 7, "relais-read")
        self._writers = ThreadPoolExecutor(1 if on_sqlite else 7, "relais-write")

    async def close(self) -> None:
        """Finish what is being written and give the database connections back."""
        for threads in (self._writers, self._readers):
            await asyncio.to_thread(threads.shutdown)
        self.engine.dispose()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a connection of its own, in a thread; nothing that it writes is kept."""

        def reading() -> T:
            with self.engine.connect() as connection:
                return work(connection)

        return await self._in_thread(self._readers, reading)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in one transaction, in a thread: all of it is kept, or nothing when it raises."""

        def writing() -> T:
            with self.engine.begin() as connection:
                return work(connection)

        return await self._in_thread(self._writers, writing)

    async def _in_thread(self, threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        name = "database.write" if threads is self._writers else "database.read"
        try:
            with tracing.part(name, kind="CLIENT") as part:
                part.note(database=self.engine.dialect.name)
                async with asyncio.timeout(self._patience):
                    return await asyncio.get_running_loop().run_in_executor(threads, work)
        except TimeoutError:  # what had begun may still be kept: sending the message again tells
            raise DatabaseTimeoutError("the database does not answer") from None

    async def write_kept(self, conversation_id: str, work: Callable[[Connection], T]) -> T:
        """As `write`, for a conversation whose person agreed that it be kept, and still does.

        Raises ConversationGoneError otherwise: what an erasure removed in between must not come back.
        """
        row = select(_C.id).where(_C.id == conversation_id, _LIVE, _C.consent == "yes").with_for_update()

        def writing(connection: Connection) -> T:
            if connection.execute(row).one_or_none() is None:
                raise ConversationGoneError(conversation_id)
            return work(connection)

        return await self.write(writing)

    @asynccontextmanager
    async def alone(self, task: str) -> AsyncIterator[bool]:
        """Whether this process is the one that does `task` now: on PostgreSQL, no other gets a yes meanwhile."""
        if self.engine.dialect.name != "postgresql":
            yield True
            return
        lock = func.hashtextextended(f"relais:{task}", 0)
        engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        opening = asyncio.ensure_future(asyncio.to_thread(engine.connect))

        def ask(query: Select[Any]) -> bool:
            return bool(opening.result().execute(query).scalar_one())

        try:
            await asyncio.shield(opening)
            chosen = await asyncio.to_thread(ask, select(func.pg_try_advisory_lock(lock)))
            yield chosen
            if chosen:
                await asyncio.to_thread(ask, select(func.pg_advisory_unlock(lock)))
        finally:  # whatever happened, the lock goes with the session, when the server has seen it go
            connection = await opening  # a cancelled task does not stop its thread: what it opens is closed
            await asyncio.to_thread(connection.invalidate)
            await asyncio.to_thread(connection.close)

    async def ping(self) -> None:
        """Raise what the database driver raises when the database does not answer."""
        await self.read(lambda connection: connection.execute(text("SELECT 1")).close())

    async def create(self, state: ConversationState) -> None:
        """Write the row of a new conversation: id, channel, times."""
        row = {"id": state.id, "channel": state.channel, "consent": None, "created_at": state.created_at}
        row |= {"active_at": state.active_at} | BLANK
        await self.write(lambda connection: connection.execute(_CREATE, row).close())

    async def load(
        self, conversation_id: str, message_id: str | None = None
    ) -> tuple[ConversationState, int | None] | None:
        """The state (without its plan), and the sequence number of the turn that bears `message_id`, if any.

        None when there is no such conversation, or it was erased.
        """
        parameters: dict[str, Any] = {"id": conversation_id}
        query: Select[Any] = _LOAD
        if message_id is not None:
            query, parameters["message"] = _LOAD_ANSWERED, message_id
        row = await self.read(
            lambda connection: connection.execute(query, parameters).mappings().one_or_none()
        )
        if row is None:
            return None
        values = dict(row)
        answered = values.pop("answered", None)
        return ConversationState(**values), answered

    async def save(
        self,
        state: ConversationState,
        turns: Sequence[TurnRecord],
        *,
        changed: Iterable[str],
        events: Sequence[Event] = (),
    ) -> None:
        """Write a turn in one transaction: what was said, the `changed` fields of the state, events to count.

        Turns and fields other than consent and activity are written only with consent. Raises
        ConversationGoneError if the conversation was erased in between.
        """
        kept = list(turns) if state.kept else []
        names = frozenset(changed) if state.kept else frozenset()
        values = {f"new_{name}": getattr(state, name) for name in names | {"active_at", "consent"}}
        values |= {"row_id": state.id, "said": len(kept)}

        def writing(connection: Connection) -> int | None:
            last: int | None = connection.execute(_change(names), values).scalar_one_or_none()
            if last is not None and kept:
                first = last - len(kept) + 1
                rows = [_turn_row(state.id, first + rank, turn) for rank, turn in enumerate(kept)]
                connection.execute(_INSERT_TURN, rows)
            for event in events:
                self._count(connection, event)
            return last

        last = await self.write(writing)
        if last is None:
            raise ConversationGoneError(state.id)
        state.turns = last

    async def count(self, event: Event) -> None:
        """Count one event alone."""
        await self.write(lambda connection: self._count(connection, event))

    def _count(self, connection: Connection, event: Event) -> None:
        dialect = postgresql if self.engine.dialect.name == "postgresql" else sqlite
        counter = event.table.__table__
        statement = dialect.insert(event.table).values(**event.key, count=1)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=list(event.key), set_={"count": counter.c.count + 1}
            )
        )

    async def plan(self, conversation_id: str) -> dict[str, Any] | None:
        """The last plan given, if there is one."""
        query = select(_C.plan).where(_C.id == conversation_id, _LIVE)
        return await self.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def transcript(self, conversation_id: str, *, last: int = 1000) -> list[TurnRecord]:
        """The turns in order, at most the `last` ones."""
        said = select(*_TURN).where(_T.conversation_id == conversation_id)
        query = said.order_by(_T.seq.desc()).limit(last)
        rows = await self.read(lambda connection: connection.execute(query).mappings().all())
        return [TurnRecord(**row) for row in reversed(rows)]

    async def answers_after(self, conversation_id: str, seq: int) -> list[Message]:
        """What the bot answered to the person's turn number `seq`."""
        said = select(_T.direction, _T.message).where(_T.conversation_id == conversation_id, _T.seq > seq)
        rows = await self.read(lambda connection: connection.execute(said.order_by(_T.seq).limit(50)).all())
        messages: list[Message] = []
        for direction, message in rows:
            if direction != "bot":
                break
            messages.append(message)
        return messages

    async def withdraw(self, conversation_id: str, consent: Consent, moment: datetime) -> None:
        """The person took their consent back: drop all that was kept but the row's id and times."""
        blank = BLANK | {"consent": consent, "active_at": moment}

        def writing(connection: Connection) -> None:
            uncount(connection, conversation_id)
            empty(connection, [conversation_id])
            connection.execute(update(_CONVERSATION).where(_C.id == conversation_id).values(blank))

        await self.write(writing)
        await self.overwrite_journal()

    async def overwrite_journal(self) -> None:
        """On SQLite, empty the write-ahead log, so that what was deleted is in no file any more.

        SQLite refuses at once, without waiting, while another checkpoint runs (sqlite3_wal_checkpoint_v2): it is
        asked again. What a long reader still holds after that is emptied by the next housekeeping.
        """
        if self.engine.dialect.name != "sqlite":
            return
        for _ in range(_CHECKPOINTS):
            if await self.read(_emptied):
                return
            await asyncio.sleep(_CHECKPOINT_PAUSE)
        logger.warning("the write-ahead log could not be emptied; the next housekeeping tries again")


def _emptied(connection: Connection) -> bool:
    busy: int = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
    return not busy


def _turn_row(conversation_id: str, seq: int, turn: TurnRecord) -> dict[str, Any]:
    row = {name: getattr(turn, name) for name in _TURN_FIELDS}
    row["conversation_id"], row["seq"] = conversation_id, seq
    return row


@lru_cache(maxsize=64)
def _change(names: frozenset[str]) -> Update:
    """Statement that writes these columns of a live conversation; built once per set of columns."""
    columns = sorted(names | {"active_at", "consent"})
    values: dict[str, Any] = {name: bindparam(f"new_{name}", type_=_C[name].type) for name in columns}
    values["turns"] = _C.turns + bindparam("said")
    change = update(_CONVERSATION).where(_C.id == bindparam("row_id"), _LIVE).values(values)
    return change.returning(_C.turns)
