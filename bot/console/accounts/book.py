"""The book of accounts: reads and writes of the adviser table, each change with its line in the access log."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.console.access import Adviser, Role, entry, log
from bot.console.models import AdviserLink, AdviserRow, AdviserSession
from bot.console.sessions import digest
from bot.conversation.secrecy import Secrecy
from bot.conversation.store import Store

_A, _L, _S = (cast(Table, each.__table__) for each in (AdviserRow, AdviserLink, AdviserSession))
T = TypeVar("T")


class EmailTakenError(ValueError):
    """Another account has this e-mail."""


class LastAdminError(ValueError):
    """Nobody could administer the console any more."""


@dataclass(frozen=True)
class Account:
    """An account as its pages show it. No secret can be read from it but by the modules that check them."""

    id: int
    email: str
    name: str
    role: str
    departments: list[str] | None
    active: bool
    password: str | None
    totp: str | None
    totp_step: int | None
    recovery: list[str]
    issuer: str | None
    subject: str | None
    created_at: datetime
    seen_at: datetime | None

    @property
    def ready(self) -> bool:
        """Whether they have signed in once, or can."""
        return self.password is not None or self.subject is not None


class Book:
    """Accounts in the database of the store."""

    def __init__(self, store: Store, secrecy: Secrecy, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._secrecy = secrecy
        self._clock = clock

    async def find(self, adviser_id: int) -> Account | None:
        """By number."""
        return await self._one(select(_A).where(_A.c.id == adviser_id))

    async def by_email(self, email: str) -> Account | None:
        """By e-mail, whatever its case."""
        return await self._one(select(_A).where(_A.c.email == email.strip().lower()))

    async def by_subject(self, issuer: str, subject: str) -> Account | None:
        """By what the organisation's provider calls them."""
        return await self._one(select(_A).where(_A.c.issuer == issuer, _A.c.subject == subject))

    async def all(self) -> list[Account]:
        """Every account, by name."""
        rows = await self._read(select(_A).order_by(func.lower(_A.c.name), _A.c.id))
        return [_account(row) for row in rows]

    async def add(
        self, email: str, name: str, role: str, departments: Sequence[str] | None, by: Adviser | None
    ) -> int:
        """A new account, without a password yet; returns its number. Raises EmailTakenError."""
        row: dict[str, Any] = {
            "email": email.strip().lower(), "name": name, "role": role, "active": True, "recovery": [],
            "departments": None if departments is None else sorted(departments), "created_at": self._clock(),
        }  # fmt: skip

        def writing(connection: Connection) -> int:
            made: int = connection.execute(insert(_A).values(row).returning(_A.c.id)).scalar_one()
            self._log(connection, by, "account.added", row["email"])
            return made

        try:
            return await self._store.write(writing)
        except IntegrityError:
            raise EmailTakenError(email) from None

    async def change(self, account: Account, what: str, by: Adviser | None, **values: Any) -> None:
        """Change columns of an account and log it as `what`. Raises LastAdminError."""

        def writing(connection: Connection) -> None:
            connection.execute(update(_A).where(_A.c.id == account.id).values(values))
            _keep_an_admin(connection, account)
            if values.get("active") is False:
                connection.execute(delete(_S).where(_S.c.adviser_id == account.id))
                connection.execute(delete(_L).where(_L.c.adviser_id == account.id))
            self._log(connection, by, what, account.email)

        await self._store.write(writing)

    async def remove(self, account: Account, by: Adviser | None) -> None:
        """Remove an account; what it did stays in the access log. Raises LastAdminError."""

        def writing(connection: Connection) -> None:
            connection.execute(delete(_A).where(_A.c.id == account.id))
            _keep_an_admin(connection, account)
            self._log(connection, by, "account.removed", account.email)

        await self._store.write(writing)

    async def link(self, account: Account, lifetime: timedelta, by: Adviser | None) -> str:
        """A link's token, good once; the one before it is good no more."""
        token, expires = secrets.token_urlsafe(32), self._clock() + lifetime

        def writing(connection: Connection) -> None:
            connection.execute(delete(_L).where(_L.c.adviser_id == account.id))
            row = {"digest": digest(token), "adviser_id": account.id, "expires_at": expires}
            connection.execute(insert(_L).values(row))
            self._log(connection, by, "account.link", account.email)

        await self._store.write(writing)
        return token

    async def invited(self, token: str) -> Account | None:
        """Whose link this is, if it is still good; looking does not use it up."""
        good = _L.c.digest == digest(token[:100])
        query = select(_A).join(_L, _L.c.adviser_id == _A.c.id)
        return await self._one(query.where(good, _L.c.expires_at > self._clock(), _A.c.active))

    async def use_link(self, token: str, password: str) -> Account | None:
        """Set the password that the holder of a link chose, and end their sessions; None when the link is over."""
        mine = delete(_L).where(_L.c.digest == digest(token[:100]), _L.c.expires_at > self._clock())

        def writing(connection: Connection) -> Row[Any] | None:
            adviser_id = connection.execute(mine.returning(_L.c.adviser_id)).scalar_one_or_none()
            changed = update(_A).where(_A.c.id == adviser_id, _A.c.active).values(password=password)
            row = connection.execute(changed.returning(*_A.c)).one_or_none()
            if row is not None:
                connection.execute(delete(_S).where(_S.c.adviser_id == row.id))
                self._log(connection, None, "account.password", row.email)
            return row

        row = await self._store.write(writing)
        return None if row is None else _account(row)

    async def use_step(self, account: Account, step: int) -> bool:
        """Mark a code of the second factor as used; False when another request was first."""
        later = or_(_A.c.totp_step.is_(None), _A.c.totp_step < step)
        mark = update(_A).where(_A.c.id == account.id, later).values(totp_step=step)
        return await self._store.write(lambda connection: connection.execute(mark).rowcount == 1)

    async def use_recovery(self, account: Account, codes: list[str]) -> bool:
        """Use up the recovery code that has one of these digests; False when it is not one of those left."""
        row = select(_A.c.recovery).where(_A.c.id == account.id).with_for_update()

        def writing(connection: Connection) -> bool:
            left = list(connection.execute(row).scalar_one())
            kept = [each for each in left if each not in codes]
            if len(kept) == len(left):
                return False
            connection.execute(update(_A).where(_A.c.id == account.id).values(recovery=kept))
            self._log(connection, None, "account.recovery", account.email)
            return True

        return await self._store.write(writing)

    async def seen(self, account: Account) -> None:
        """Note that they signed in."""
        mark = update(_A).where(_A.c.id == account.id).values(seen_at=self._clock())
        departments = None if account.departments is None else frozenset(account.departments)
        adviser = Adviser(account.id, account.email, account.name, cast(Role, account.role), departments)

        def writing(connection: Connection) -> None:
            connection.execute(mark)
            self._log(connection, adviser, "account.signed_in", account.email)

        await self._store.write(writing)

    def _log(self, connection: Connection, by: Adviser | None, what: str, about: str) -> None:
        log(connection, entry(by, self._clock(), what, about=about))

    async def _one(self, query: Select[Any]) -> Account | None:
        rows = await self._read(query)
        return _account(rows[0]) if rows else None

    async def _read(self, query: Select[Any]) -> Sequence[Row[Any]]:
        return await self._store.read(lambda connection: connection.execute(query).all())


def _account(row: Row[Any]) -> Account:
    return Account(**row._mapping)


def _keep_an_admin(connection: Connection, changed: Account) -> None:
    """Undo the change of an administrator of every department when no other is left (the transaction is undone)."""
    if changed.role != "admin" or changed.departments is not None or not changed.active:
        return
    admins = select(func.count()).where(_A.c.role == "admin", _A.c.active, _A.c.departments.is_(None))
    if not connection.execute(admins).scalar_one():
        raise LastAdminError
