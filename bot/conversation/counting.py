"""The pass that keeps the figures up to date: every few minutes, and always before anything is erased for its age."""

from functools import partial

from sqlalchemy import Connection, or_, select

from bot.conversation.figures import recount
from bot.conversation.models import Conversation, Counted
from bot.conversation.store import Store

_BATCH = 100


async def count(store: Store) -> int:
    """Count the conversations that are new or changed since the last pass; returns how many."""
    done, after = 0, ""
    while True:
        ids = await store.read(partial(_waiting, after))
        if not ids:
            return done
        done += await store.write(partial(_recount, ids))
        after = ids[-1]


def _recount(ids: list[str], connection: Connection) -> int:
    return recount(connection, ids)


def _waiting(after: str, connection: Connection) -> list[str]:
    changed = or_(
        Counted.conversation_id.is_(None),
        Counted.active_at.is_(None),
        Counted.active_at != Conversation.active_at,
    )
    query = (
        select(Conversation.id)
        .outerjoin(Counted, Counted.conversation_id == Conversation.id)
        .where(Conversation.id > after, Conversation.erased_at.is_(None), changed)
        .order_by(Conversation.id)
        .limit(_BATCH)
    )
    return list(connection.execute(query).scalars())
