"""Saved views: the inbox's filters under a name."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, insert, or_, select

from bot.console.review.filters import Filters
from bot.console.review.marking import RefusedMarkError
from bot.console.review.models import SavedView
from bot.conversation.store import Store
from bot.language.masking import mask

_VIEW = cast(Table, SavedView.__table__)
_V = _VIEW.c
_LONGEST_NAME = 60
_MOST = 50
"""Views of one adviser."""


def views(connection: Connection, adviser_id: int) -> Sequence[Any]:
    """The adviser's own views, and those that others share: id, name, query, shared, owner."""
    query = select(_VIEW).where(or_(_V.owner == adviser_id, _V.shared)).order_by(_V.name)
    return connection.execute(query).all()


async def save_view(store: Store, adviser_id: int, name: str, filters: Filters, *, shared: bool) -> None:
    """Keep these filters under a name, in place of those that had it. Raises RefusedMarkError.

    The words that were searched are left out: they may name someone, and a view outlives every conversation.
    """
    name = mask(" ".join(name.split())).text
    if not 0 < len(name) <= _LONGEST_NAME:
        raise RefusedMarkError("bad_view_name")
    row = {"owner": adviser_id, "name": name, "query": filters.address(words=""), "shared": shared}

    def writing(connection: Connection) -> None:
        connection.execute(delete(_VIEW).where(_V.owner == adviser_id, _V.name == name))
        if len(connection.execute(select(_V.id).where(_V.owner == adviser_id)).all()) >= _MOST:
            raise RefusedMarkError("too_many_views")
        connection.execute(insert(_VIEW), row)

    await store.write(writing)


async def remove_view(store: Store, adviser_id: int, view: int) -> bool:
    """Remove a view of one's own; false when it is not."""
    statement = delete(_VIEW).where(_V.id == view, _V.owner == adviser_id)
    return await store.write(lambda connection: connection.execute(statement).rowcount) > 0
