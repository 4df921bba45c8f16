"""Erasure and retention: our tables first, then Rasa's tracker, with nothing forgotten when Rasa is away.

A conversation to erase loses everything at once in our tables. Its row goes when Rasa has confirmed that the
tracker is gone; until then it stays as an empty mark (`erased_at`) and every later pass tries again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, delete, or_, select, update

from bot.conversation.counting import count
from bot.conversation.hanging import empty
from bot.conversation.letters import forget_letters
from bot.conversation.models import Conversation, ResumeCode
from bot.conversation.state import now, rasa_sender
from bot.conversation.store import BLANK, Store

_CONVERSATION = cast(Table, Conversation.__table__)
_C = _CONVERSATION.c
_CODES = cast(Table, ResumeCode.__table__)
_BATCH = 200

ForgetTracker = Callable[[str], Awaitable[bool]]
"""Makes Rasa forget a sender; true once it is done, false if Rasa did not answer."""


@dataclass(frozen=True)
class Erased:
    """Result of a pass."""

    conversations: int
    """Conversations emptied now."""
    waiting: int
    """Conversations whose Rasa tracker could not be reached: the next pass tries again."""


async def erase(store: Store, conversation_id: str, forget: ForgetTracker) -> bool:
    """Erase one conversation everywhere. False when there was none.

    When Rasa does not answer, ours is gone all the same and the mark makes the next pass finish.
    """
    if not await _empty(store, [conversation_id]):
        return False
    await finish(store, forget, only=conversation_id)
    await store.overwrite_journal()
    return True


async def purge(
    store: Store, forget: ForgetTracker, *, retention_days: int, at: datetime | None = None
) -> Erased:
    """Erase every conversation whose last turn is older than `retention_days`, then finish what waited.

    Resume codes that have expired go too. What is erased was counted first: the figures stay.
    """
    await count(store)
    limit = (at or now()) - timedelta(days=retention_days)
    query = select(_C.id).where(_C.active_at < limit, _C.erased_at.is_(None)).limit(_BATCH)
    total = 0
    while batch := await _ids(store, query):
        total += await _empty(store, batch)
    expired = delete(_CODES).where(_CODES.c.expires_at < (at or now()))
    await store.write(lambda connection: connection.execute(expired).close())
    waiting = await finish(store, forget)
    await store.overwrite_journal()
    return Erased(total, waiting)


async def sweep(store: Store, forget: ForgetTracker, *, before: datetime) -> int:
    """Erase the rows of conversations that nobody agreed to keep and that are silent since; returns how many.

    Their content was in a memory that has forgotten it, or that was lost with its process.
    """
    not_kept = or_(_C.consent.is_(None), _C.consent != "yes")
    query = select(_C.id).where(_C.active_at < before, _C.erased_at.is_(None), not_kept).limit(_BATCH)
    total = 0
    while batch := await _ids(store, query):
        total += await _empty(store, batch)
    if total:
        await finish(store, forget)
    return total


async def finish(store: Store, forget: ForgetTracker, *, only: str | None = None) -> int:
    """Make Rasa forget the emptied conversations and remove their rows; returns how many still wait."""
    query = select(_C.id).where(_C.erased_at.is_not(None))
    if only is not None:
        query = query.where(_C.id == only)
    marked = await _ids(store, query)
    for rank, conversation_id in enumerate(marked):
        if not await forget(rasa_sender(conversation_id)):
            return len(marked) - rank
        await store.write(partial(_remove, conversation_id))
    return 0


def _remove(conversation_id: str, connection: Connection) -> None:
    connection.execute(delete(_CONVERSATION).where(_C.id == conversation_id))


async def _ids(store: Store, query: Select[Any]) -> list[str]:
    return await store.read(lambda connection: list(connection.execute(query).scalars()))


async def _empty(store: Store, ids: list[str]) -> int:
    mark = BLANK | {"erased_at": now(), "consent": None}

    def writing(connection: Connection) -> int:
        forget_letters(connection, ids)
        empty(connection, ids)
        still_there = update(_CONVERSATION).where(_C.id.in_(ids), _C.erased_at.is_(None))
        return connection.execute(still_there.values(mark)).rowcount

    return await store.write(writing)
