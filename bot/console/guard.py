"""The guard in front of every handler of the console: who asks, may they, is the form ours, is it their territory.

Nothing is open unless its handler says so (`access.open_to_all`).
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any, cast

from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy import Table, select

from bot.console import access
from bot.console.adviser import Adviser, Role, in_scope
from bot.console.context import console_of
from bot.console.flashes import carry
from bot.console.pages import refusal, wants_data
from bot.console.sessions import COOKIE, Session
from bot.conversation.models import Conversation
from bot.web.answers import see, sent_from_here
from bot.web.failures import where

logger = logging.getLogger("relais.console")

SESSION: web.RequestKey[Session] = web.RequestKey("relais.console.session", Session)
SIGN_IN, SECOND_FACTOR, ENROL = (
    "/console/connexion",
    "/console/connexion/code",
    "/console/connexion/enrolement",
)
CSRF_FIELD, CSRF_HEADER = "csrf", "X-CSRF-Token"
_SAFE = ("GET", "HEAD", "OPTIONS")
_BODY_SECONDS = 10
_C = cast(Table, Conversation.__table__).c


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every request of the console, whatever happens inside."""
    try:
        response = await _admitted(request, handler)
    except web.HTTPException as problem:
        if problem.status < 400:
            response = see(problem.headers.get("Location", "/console/"))
        else:
            response = refusal(request, problem.status)
    except Exception as problem:  # the last line: nothing of what was said may be in an error's text
        logger.error("request failed: %s", where(problem))
        response = refusal(request, 503)
    carry(request, response)
    return response


async def _admitted(request: web.Request, handler: Handler) -> web.StreamResponse:
    console = console_of(request)
    session = await console.sessions.find(request.cookies.get(COOKIE, ""))
    if session is not None:
        request[SESSION] = session
    if request.match_info.http_exception is None and access.marked(request, "console_role") == "everyone":
        await _check_form(request)
        return await handler(request)
    if session is None or session.stage != "full":
        return _to_sign_in(request, session)
    request[access.ADVISER] = session.adviser
    if request.match_info.http_exception is not None:
        raise request.match_info.http_exception
    _check_role(request, session.adviser)
    await _check_form(request)
    await _check_territory(request, session.adviser)
    is_background = access.marked(request, "console_background")
    if not is_background:
        await console.sessions.touch(session)
    response = await handler(request)
    if not is_background:
        await _log_reading(request, response)
    return response


def _to_sign_in(request: web.Request, session: Session | None) -> web.StreamResponse:
    """The page where signing in goes on; programs and forms get a refusal, as there is nothing to come back to."""
    if request.method not in _SAFE or wants_data(request):
        return refusal(request, 401)
    if session is not None:
        return see(SECOND_FACTOR if session.stage == "factor" else ENROL)
    if request.rel_url.path.rstrip("/") == "/console":
        return see(SIGN_IN)
    return see(str(request.rel_url.with_path(SIGN_IN).with_query({"vers": str(request.rel_url)})))


def _check_role(request: web.Request, adviser: Adviser) -> None:
    needed: Role = access.marked(request, "console_role") or "adviser"
    if not adviser.may(needed):
        raise web.HTTPForbidden


async def _check_form(request: web.Request) -> None:
    """Refuse what was not sent by a page made here for this very browser."""
    if request.method in _SAFE:
        return
    form = await _form(request)
    typed = request.headers.get(CSRF_HEADER)
    if typed is None:
        typed = str(form.get(CSRF_FIELD, ""))
    console, token = console_of(request), request.cookies.get(COOKIE, "")
    ours = sent_from_here(request, console.settings.public_url)
    if not ours or not console.sessions.is_ours(typed or "", token):
        raise web.HTTPConflict


async def _form(request: web.Request) -> Mapping[str, Any]:
    """The fields, read here once: handlers find them again in `request.post()`. In bounded time."""
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            return await request.post()
    except web.HTTPException:
        raise
    except (
        Exception
    ):  # not a form: aiohttp says so with ten kinds of error (charset, boundary, compression, cut…)
        raise web.HTTPBadRequest from None


async def _check_territory(request: web.Request, adviser: Adviser) -> None:
    """A conversation of another territory is as absent as one that never was."""
    conversation_id = request.match_info.get(access.CONVERSATION)
    if conversation_id is None:
        return
    query = select(_C.department).where(_C.id == conversation_id, _C.erased_at.is_(None))
    row = await console_of(request).store.read(lambda connection: connection.execute(query).one_or_none())
    if row is None or not in_scope(adviser, row.department):
        raise web.HTTPNotFound


async def _log_reading(request: web.Request, response: web.StreamResponse) -> None:
    """Every page that shows a conversation is in the access log, even when its handler forgot."""
    conversation_id = request.match_info.get(access.CONVERSATION)
    if conversation_id is None or access.recorded(request) or response.status >= 400:
        return
    default = "conversation.read" if request.method in _SAFE else "conversation.changed"
    what = access.marked(request, "console_reads") or default
    await access.record(request, what, conversation_id, request.query.get("motif", ""))
