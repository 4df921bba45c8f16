"""A person asks for a copy of their data, or that it be erased: found by their resume code, done here, logged.

Without a name nor an account, the code is what shows that the conversation is theirs.
"""

import json
from datetime import datetime
from typing import Any, cast

from aiohttp import web
from sqlalchemy import Row, Select, Table, select

from bot.console.access import adviser_of, in_scope, reads, record, require
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.pages import page, words
from bot.conversation.callbacks import PURPOSE
from bot.conversation.codes import ResumeCodes
from bot.conversation.models import Conversation
from bot.conversation.person_data import person_data
from bot.conversation.retention import erase
from bot.conversation.secrecy import Secrecy, UnreadableError
from bot.web.answers import see

routes = web.RouteTableDef()
ADDRESS = "/console/donnees"
_C = cast(Table, Conversation.__table__).c
_ROW: Select[Any] = select(
    _C.id, _C.channel, _C.department, _C.consent, _C.created_at, _C.active_at, _C.turns
)


@routes.get("/donnees")
@require("manager")
async def find_page(request: web.Request) -> web.Response:
    """How to find the conversation of the person who asks."""
    return page(request, "privacy/find.html", problem="", typed="")


@routes.post("/donnees")
@require("manager")
async def find(request: web.Request) -> web.Response:
    """By the person's resume code, or by the conversation's number."""
    console, typed = console_of(request), str((await request.post()).get("quoi", "")).strip()[:64]
    codes = ResumeCodes(
        console.store, console.settings.secret, retention_days=console.settings.retention_days
    )
    row = await _row(request, await codes.conversation(typed) or typed)
    if row is None or not in_scope(adviser_of(request), row.department):
        problem = words("privacy")["not_found"]
        return page(request, "privacy/find.html", status=404, problem=problem, typed=typed)
    return see(f"{ADDRESS}/{row.id}")


async def _row(request: web.Request, conversation_id: str) -> Row[Any] | None:
    query = _ROW.where(_C.id == conversation_id, _C.erased_at.is_(None))
    return await console_of(request).store.read(lambda connection: connection.execute(query).one_or_none())


@routes.get("/donnees/{conversation}")
@require("manager")
@reads("data.looked_up")
async def one(request: web.Request) -> web.Response:
    """What can be done with this conversation. Shows nothing of what was said."""
    return await _one(request)


async def _one(request: web.Request, *, problem: str = "", status: int = 200) -> web.Response:
    row = await _row(request, request.match_info["conversation"])
    if row is None:
        raise web.HTTPNotFound
    return page(request, "privacy/one.html", status=status, row=row, problem=problem)


async def _reason(request: web.Request) -> str | None:
    """The reason chosen, in words. From a list: what is typed freely could say something of the person."""
    reasons: dict[str, str] = words("privacy")["reasons"]
    return reasons.get(str((await request.post()).get("motif", "")))


@routes.post("/donnees/{conversation}/copie")
@require("manager")
async def copy(request: web.Request) -> web.Response:
    """Everything that is kept, as JSON, to be handed to the person."""
    console, reason = console_of(request), await _reason(request)
    conversation_id = request.match_info["conversation"]
    if reason is None:
        return await _one(request, problem=words("privacy")["reason_missing"], status=400)
    secrecy = Secrecy.of(console.settings, PURPOSE)

    def show(hidden: str) -> Any:
        try:
            return secrecy.show(hidden)
        except UnreadableError:
            return None

    await record(request, "data.copied", conversation_id, reason)
    found = await console.store.read(lambda connection: person_data(connection, conversation_id, show))
    text = json.dumps({"copie_du": _today(console.clock()), "donnees": found}, ensure_ascii=False, indent=1)
    name = f"relais-copie-{_today(console.clock())}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text=text, content_type="application/json", charset="utf-8", headers=headers)


def _today(moment: datetime) -> str:
    return moment.date().isoformat()


@routes.post("/donnees/{conversation}/effacer")
@require("manager")
async def erase_it(request: web.Request) -> web.Response:
    """Erase the conversation here and in Rasa. The line of the log goes first: an erasure without a trace is none."""
    console, reason = console_of(request), await _reason(request)
    form, said = await request.post(), words("privacy")
    if reason is None or form.get("sur") != "oui":
        problem = said["reason_missing"] if reason is None else said["not_sure"]
        return await _one(request, problem=problem, status=400)
    conversation_id = request.match_info["conversation"]
    await record(request, "data.erased", conversation_id, reason)
    await erase(console.store, conversation_id, console.forget)
    flash(request, said["erased"])
    return see(ADDRESS)
