"""Requests to be called back: encrypted, apart from what was said, gone once done or after 30 days."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, delete, func, insert, select

from bot.conversation import live
from bot.conversation.handoff_models import CallBack
from bot.conversation.live import Live
from bot.conversation.secrecy import Secrecy, UnreadableError
from bot.conversation.state import now
from bot.conversation.store import Store

_TABLE = cast(Table, CallBack.__table__)
_C = _TABLE.c
_COLUMNS = (_C.id, _C.department, _C.created_at, _C.conversation_id)
LIFE = timedelta(days=30)
PURPOSE = "call-backs"
"""What `Secrecy` is made for."""


@dataclass(frozen=True)
class Details:
    """What the person typed in the form."""

    name: str
    phone: str
    email: str
    when: str
    """When they prefer to be called."""


@dataclass(frozen=True)
class Waiting:
    """A request, without what it holds."""

    id: int
    department: str
    created_at: datetime
    conversation_id: str | None


class CallBacks:
    """Reads and writes the requests to be called back."""

    def __init__(self, store: Store, secrecy: Secrecy, live_: Live) -> None:
        self._store = store
        self._secrecy = secrecy
        self._live = live_

    async def ask(self, conversation_id: str | None, department: str, details: Details) -> None:
        """Keep a request, in place of the one of the same conversation. Raises ConversationGoneError.

        `conversation_id`: a conversation that its person lets us keep, or None.
        """
        row = {
            "conversation_id": conversation_id,
            "department": department,
            "details": self._secrecy.hide(asdict(details)),
            "created_at": now(),
        }

        def writing(connection: Connection) -> None:
            if conversation_id is not None:
                connection.execute(delete(_TABLE).where(_C.conversation_id == conversation_id))
            connection.execute(insert(_TABLE), row)

        if conversation_id is None:
            await self._store.write(writing)
        else:
            await self._store.write_kept(conversation_id, writing)
        await self._live.tell(live.REQUESTS)

    async def waiting(self, departments: Collection[str] | None) -> list[Waiting]:
        """The requests of these departments (None: all), the oldest first. Says nothing of what they hold."""
        query = _within(select(*_COLUMNS), departments).order_by(_C.created_at, _C.id)
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        return [Waiting(row.id, row.department, row.created_at, row.conversation_id) for row in rows]

    async def get(self, request_id: int, departments: Collection[str] | None) -> Waiting | None:
        """One of them, without what it holds."""
        query = _within(select(*_COLUMNS), departments).where(_C.id == request_id)
        row = await self._store.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else Waiting(row.id, row.department, row.created_at, row.conversation_id)

    async def count(self, departments: Collection[str] | None) -> int:
        """How many wait."""
        query = _within(select(func.count()).select_from(_TABLE), departments)
        return await self._store.read(lambda connection: connection.execute(query).scalar_one())

    async def open(self, request_id: int, departments: Collection[str] | None) -> Details | None:
        """What a request holds, for who may call: the caller writes it in the access log.

        None when it is done, of another territory, or hidden with a secret that we no longer have.
        """
        return await self._details(_within(select(_C.details), departments).where(_C.id == request_id))

    async def of(self, conversation_id: str) -> Details | None:
        """What the person of a conversation gave, for themselves."""
        return await self._details(select(_C.details).where(_C.conversation_id == conversation_id))

    async def _details(self, query: Select[Any]) -> Details | None:
        hidden = await self._store.read(lambda connection: connection.execute(query).scalar_one_or_none())
        if hidden is None:
            return None
        try:
            return Details(**self._secrecy.show(hidden))
        except UnreadableError:
            return None

    async def done(self, request_id: int, departments: Collection[str] | None) -> bool:
        """The person was called: nothing of the request stays. False when there is none."""
        gone = delete(_TABLE).where(_C.id == request_id)
        if departments is not None:
            gone = gone.where(_C.department.in_(departments))
        found = await self._store.write(lambda connection: connection.execute(gone).rowcount) > 0
        await self._store.overwrite_journal()
        await self._live.tell(live.REQUESTS)
        return found

    async def purge(self, at: datetime | None = None) -> int:
        """Forget the requests of more than 30 days; returns how many."""
        old = delete(_TABLE).where(_C.created_at < (at or now()) - LIFE)
        return await self._store.write(lambda connection: connection.execute(old).rowcount)


def _within(query: Select[Any], departments: Collection[str] | None) -> Select[Any]:
    return query if departments is None else query.where(_C.department.in_(departments))
