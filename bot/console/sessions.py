"""Server-side sessions: the cookie holds a random token, the database its digest, and nothing else opens one."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, cast

from aiohttp import web
from sqlalchemy import Connection, Table, delete, insert, or_, select, update

from bot.console.adviser import Adviser
from bot.console.models import AdviserRow, AdviserSession
from bot.console.options import ConsoleOptions
from bot.conversation.store import Store

COOKIE = "relais_console"
PATH = "/console"
Stage = Literal["factor", "enrol", "full"]
_S = cast(Table, AdviserSession.__table__)
_A = cast(Table, AdviserRow.__table__)
_STAGE_LIFETIME = timedelta(minutes=10)
"""Between the password and the second factor."""
_SEEN_EVERY = timedelta(minutes=1)
"""A page is not a write: the last visit is noted once a minute."""


@dataclass(frozen=True, slots=True)
class Session:
    """Who is behind a request, and how far they have signed in."""

    digest: str
    adviser: Adviser
    stage: Stage
    created_at: datetime
    seen_at: datetime


def digest(token: str) -> str:
    """What the database keeps of a random token. It has 256 bits: a plain hash is enough."""
    return sha256(token.encode()).hexdigest()


class Sessions:
    """Opens, finds and ends sessions; makes the token of the forms."""

    def __init__(
        self,
        store: Store,
        options: ConsoleOptions,
        secret: str,
        *,
        secure: bool,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._options = options
        self._key = hmac.new(secret.encode(), b"relais-console-forms", sha256).digest()
        self._secure = secure
        self._clock = clock

    async def open(self, adviser_id: int, stage: Stage, *, instead_of: str = "") -> str:
        """A new session; returns its token. The one it replaces ends: a token never survives a change of stage."""
        token, moment = secrets.token_urlsafe(32), self._clock()
        row = {"digest": digest(token), "adviser_id": adviser_id, "stage": stage}
        row |= {"created_at": moment, "seen_at": moment}

        def writing(connection: Connection) -> None:
            connection.execute(delete(_S).where(_S.c.digest == digest(instead_of)))
            connection.execute(insert(_S), row)

        await self._store.write(writing)
        return token

    async def find(self, token: str) -> Session | None:
        """The live session of this token, whose adviser is still active."""
        if not token or len(token) > 100:
            return None
        query = (
            select(_S, _A.c.id, _A.c.email, _A.c.name, _A.c.role, _A.c.departments)
            .join(_A, _A.c.id == _S.c.adviser_id)
            .where(_S.c.digest == digest(token), _A.c.active)
        )
        row = await self._store.read(lambda connection: connection.execute(query).one_or_none())
        if row is None or not self._is_live(row.stage, row.created_at, row.seen_at):
            return None
        departments = None if row.departments is None else frozenset(row.departments)
        adviser = Adviser(row.id, row.email, row.name, row.role, departments)
        return Session(row.digest, adviser, row.stage, row.created_at, row.seen_at)

    def _is_live(self, stage: Stage, created: datetime, seen: datetime) -> bool:
        moment = self._clock()
        longest = self._options.session if stage == "full" else _STAGE_LIFETIME
        return moment - created < longest and moment - seen < self._options.idle

    async def touch(self, session: Session) -> None:
        """Note that the adviser is there."""
        moment = self._clock()
        if moment - session.seen_at < _SEEN_EVERY:
            return
        seen = update(_S).where(_S.c.digest == session.digest).values(seen_at=moment)
        await self._store.write(lambda connection: connection.execute(seen).close())

    async def end(self, session: Session) -> None:
        """Sign out."""
        await self._store.write(
            lambda connection: connection.execute(delete(_S).where(_S.c.digest == session.digest)).close()
        )

    async def end_all(self, adviser_id: int, *, but: str = "") -> None:
        """End every session of an adviser, except the one with this digest."""
        others = delete(_S).where(_S.c.adviser_id == adviser_id, _S.c.digest != but)
        await self._store.write(lambda connection: connection.execute(others).close())

    async def purge(self) -> None:
        """Remove the sessions whose time is over."""
        moment = self._clock()
        over = delete(_S).where(
            or_(_S.c.seen_at < moment - self._options.idle, _S.c.created_at < moment - self._options.session)
        )
        await self._store.write(lambda connection: connection.execute(over).close())

    def form_token(self, token: str) -> str:
        """Token of the forms shown to the holder of this cookie."""
        return hmac.new(self._key, token.encode(), sha256).hexdigest()

    def is_ours(self, typed: str, token: str) -> bool:
        """Whether a form was made for the holder of this cookie."""
        return bool(token) and hmac.compare_digest(typed.encode(), self.form_token(token).encode())

    def give(self, response: web.StreamResponse, token: str) -> None:
        """Put the token in the browser: unreadable by scripts, sent to the console only."""
        response.set_cookie(
            COOKIE, token, path=PATH, httponly=True, samesite="Lax", secure=self._secure or None
        )

    def take_back(self, response: web.StreamResponse) -> None:
        """Remove the token from the browser."""
        response.del_cookie(COOKIE, path=PATH, httponly=True, samesite="Lax", secure=self._secure or None)
