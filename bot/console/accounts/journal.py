"""The access log, to read: who read or did what, when and why."""

from typing import Any, cast

from aiohttp import web
from sqlalchemy import Connection, Row, Table, select

from bot.console.access import Adviser, adviser_of, require
from bot.console.accounts.desk import desk_of
from bot.console.accounts.people import theirs
from bot.console.context import console_of
from bot.console.models import Access
from bot.console.pages import page

routes = web.RouteTableDef()
_LOG = cast(Table, Access.__table__)
_PAGE = 100


@routes.get("/journal")
@require("admin")
async def journal(request: web.Request) -> web.Response:
    """The last lines, of one conversation or one account where asked; older ones page after page."""
    conversation, who = (
        request.query.get("conversation", "").strip()[:32],
        request.query.get("qui", "").strip()[:254],
    )
    before = request.query.get("avant", "")
    query = select(_LOG).order_by(_LOG.c.id.desc()).limit(_PAGE + 1)
    if conversation:
        query = query.where(_LOG.c.conversation_id == conversation)
    if who:
        query = query.where((_LOG.c.adviser == who) | (_LOG.c.about == who))
    if before.isdecimal() and len(before) < 10:
        query = query.where(_LOG.c.id < int(before))
    mine = await _advisers(request, adviser_of(request))
    if mine is not None:
        query = query.where(_LOG.c.adviser_id.in_(mine))

    def reading(connection: Connection) -> list[Row[Any]]:
        return list(connection.execute(query))

    lines = await console_of(request).store.read(reading)
    older = lines[_PAGE - 1].id if len(lines) > _PAGE else None
    values: dict[str, Any] = {
        "lines": lines[:_PAGE],
        "older": older,
        "conversation": conversation,
        "who": who,
    }
    return page(request, "accounts/journal.html", **values)


async def _advisers(request: web.Request, adviser: Adviser) -> list[int] | None:
    """Whose lines an administrator of some departments reads: those of the accounts that are theirs; None: all."""
    if adviser.departments is None:
        return None
    return [account.id for account in await desk_of(request).book.all() if theirs(adviser, account)]
