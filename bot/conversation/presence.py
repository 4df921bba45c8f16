"""Which advisers are on duty, and for which departments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection, Table, delete, insert, select

from bot.conversation.handoff_models import AdviserPresence
from bot.conversation.state import now
from bot.conversation.store import Store

_TABLE = cast(Table, AdviserPresence.__table__)
_C = _TABLE.c


@dataclass(frozen=True)
class Duty:
    """An adviser on duty."""

    adviser: str
    departments: tuple[str, ...] | None
    """None: all of them."""
    until: datetime
    email: str | None = None

    def covers(self, department: str | None) -> bool:
        """Whether this adviser answers people of a department. Someone of nowhere yet is for whoever is there."""
        return self.departments is None or department is None or department in self.departments


class Presence:
    """Reads and writes who is on duty."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def begin(self, duty: Duty) -> None:
        """On duty from now, in place of what was said before."""
        row = {
            "adviser": duty.adviser,
            "departments": None if duty.departments is None else sorted(duty.departments),
            "on_duty_until": duty.until,
            "email": duty.email,
        }

        def writing(connection: Connection) -> None:
            connection.execute(delete(_TABLE).where(_C.adviser == duty.adviser))
            connection.execute(insert(_TABLE), row)

        await self._store.write(writing)

    async def end(self, adviser: str) -> None:
        """Off duty."""
        gone = delete(_TABLE).where(_C.adviser == adviser)
        await self._store.write(lambda connection: connection.execute(gone).close())

    async def of(self, adviser: str) -> Duty | None:
        """This adviser's duty, if they are on duty now."""
        return next((duty for duty in await self._now() if duty.adviser == adviser), None)

    async def for_department(self, department: str | None) -> Sequence[Duty]:
        """Those on duty now for a department."""
        return [duty for duty in await self._now() if duty.covers(department)]

    async def _now(self) -> list[Duty]:
        query = select(_C.adviser, _C.departments, _C.on_duty_until, _C.email).where(_C.on_duty_until > now())
        rows = await self._store.read(lambda connection: connection.execute(query.order_by(_C.adviser)).all())
        return [
            Duty(
                row.adviser,
                None if row.departments is None else tuple(row.departments),
                row.on_duty_until,
                row.email,
            )
            for row in rows
        ]

    async def forget_over(self) -> None:
        """Forget the duties that are over, with the addresses that they hold."""
        over = delete(_TABLE).where(_C.on_duty_until < now())
        await self._store.write(lambda connection: connection.execute(over).close())
