"""Failed sign-ins, counted so that guessing is slow and that nobody is kept out for ever.

A try is counted before it is judged, in one statement: a hundred tries sent at once are a hundred tries. A lock
ends a quarter of an hour after the first failure, whatever is tried meanwhile. A browser where an adviser signed
in before has a count of its own: a stranger who fails on purpose locks strangers out, not the adviser.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, Table, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.console.models import SignInTry
from bot.conversation.secrecy import Secrecy
from bot.conversation.store import Store

WINDOW = timedelta(minutes=15)
LIMITS = {"account": 8, "device": 10, "factor": 10, "address": 50}
"""Failures in a window. An address may be a whole office."""
_T = cast(Table, SignInTry.__table__)


class Tries:
    """Counts the tries of accounts, devices, second factors and addresses; keeps none of them readable."""

    def __init__(self, store: Store, secrecy: Secrecy, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._secrecy = secrecy
        self._clock = clock

    async def take(self, kind: str, value: str) -> timedelta | None:
        """Count one try; the time to wait when there were too many, None when this one may be judged."""
        moment, key = self._clock(), self._secrecy.lookup("try", kind, value)
        dialect = postgresql if self._store.engine.dialect.name == "postgresql" else sqlite
        over = _T.c.since < moment - WINDOW
        counted = (
            dialect.insert(_T)
            .values(key=key, count=1, since=moment)
            .on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "count": case((over, 1), else_=_T.c.count + 1),
                    "since": case((over, moment), else_=_T.c.since),
                },
            )
            .returning(_T.c.count, _T.c.since)
        )
        count, since = await self._store.write(lambda connection: connection.execute(counted).one())
        return None if count <= LIMITS[kind] else max(since + WINDOW - moment, timedelta(seconds=1))

    async def forgive(self, kind: str, value: str, *, all_of_them: bool = True) -> None:
        """The try succeeded: forget those before it, or only itself where others may share the count."""
        mine = _T.c.key == self._secrecy.lookup("try", kind, value)

        def writing(connection: Connection) -> None:
            if all_of_them:
                connection.execute(delete(_T).where(mine))
            else:
                connection.execute(update(_T).where(mine, _T.c.count > 0).values(count=_T.c.count - 1))

        await self._store.write(writing)
