"""What a handler asks about its visitor: who it is, who may reach it, and the log of who read what and why."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar, cast

from aiohttp import web
from sqlalchemy import Connection, Table, insert

from bot.console.adviser import ROLES, Adviser, Role, in_scope, scope
from bot.console.context import console_of
from bot.console.models import Access

__all__ = [
    "ADVISER",
    "CONVERSATION",
    "ROLES",
    "Adviser",
    "Role",
    "adviser_of",
    "in_scope",
    "record",
    "require",
    "scope",
]

CONVERSATION = "conversation"
"""Name of the part of a path that holds a conversation's id: the guard checks its territory and logs the reading."""

_LOG = cast(Table, Access.__table__)
_RECORDED: web.RequestKey[bool] = web.RequestKey("relais.console.recorded", bool)
Handler = TypeVar("Handler", bound=Callable[..., Awaitable[web.StreamResponse]])


ADVISER: web.RequestKey[Adviser] = web.RequestKey("relais.console.adviser", Adviser)


def adviser_of(request: web.Request) -> Adviser:
    """The adviser who asks. The guard let nobody else reach a handler."""
    return request[ADVISER]


def require(role: Role) -> Callable[[Handler], Handler]:
    """Decorator: only this role and higher reach the handler. Without it, any adviser signed in does."""
    return _mark("console_role", role)


def open_to_all(handler: Handler) -> Handler:
    """Decorator: the handler answers people who have not signed in."""
    return _mark("console_role", "everyone")(handler)


def reads(what: str) -> Callable[[Handler], Handler]:
    """Decorator: name, in the access log, of what the handler shows of the conversation in its path."""
    return _mark("console_reads", what)


def background(handler: Handler) -> Handler:
    """Decorator: a page calls this by itself (polling): it does not keep the session alive nor is logged."""
    return _mark("console_background", True)(handler)


def _mark(name: str, value: object) -> Callable[[Handler], Handler]:
    def marking(handler: Handler) -> Handler:
        setattr(handler, name, value)
        return handler

    return marking


def marked(request: web.Request, name: str) -> Any:
    """What a decorator above put on the handler of this request, or None."""
    return getattr(request.match_info.handler, name, None)


async def record(
    request: web.Request, what: str, conversation_id: str | None = None, why: str = "", *, about: str = ""
) -> None:
    """Write in the access log who read or did what, when and why. Never give it words of a conversation.

    The guard does it for every page whose path holds a conversation, unless its handler already did: call it for
    lists that show texts, exports and actions.
    """
    console = console_of(request)
    row = entry(request.get(ADVISER), console.clock(), what, conversation_id, why, about)
    await console.store.write(lambda connection: log(connection, row))
    request[_RECORDED] = True


def already_recorded(request: web.Request) -> None:
    """The handler wrote its own line in the access log, in the transaction that did the thing."""
    request[_RECORDED] = True


def recorded(request: web.Request) -> bool:
    """Whether `record` was called for this request."""
    return _RECORDED in request


def entry(
    adviser: Adviser | None,
    at: datetime,
    what: str,
    conversation_id: str | None = None,
    why: str = "",
    about: str = "",
) -> dict[str, Any]:
    """A row of the access log."""
    return {
        "at": at,
        "adviser_id": None if adviser is None else adviser.id,
        "adviser": "" if adviser is None else adviser.email,
        "what": what[:80],
        "conversation_id": conversation_id,
        "about": about[:254],
        "why": why[:200],
    }


def log(connection: Connection, *rows: dict[str, Any]) -> None:
    """Write rows of the access log in a transaction that does something else too."""
    connection.execute(insert(_LOG), list(rows))
