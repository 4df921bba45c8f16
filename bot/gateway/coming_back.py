"""API of what comes after the plan: code to come back, steps done, link to the plan, e-mail."""

from datetime import date, datetime, timedelta
from typing import Any

from aiohttp import web

from bot.conversation.codes import IssuedCode
from bot.conversation.following import Progress
from bot.conversation.state import ConversationState
from bot.conversation.store import ConversationGoneError
from bot.gateway.api import reply_json, spend, standing
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.guard import read_json
from bot.gateway.keeping import kept_plan, note, read_day
from bot.gateway.pages.sending import send_plan
from bot.web.addresses import client_key

routes = web.RouteTableDef()


async def new_code(gateway: Gateway, conversation_id: str) -> IssuedCode:
    """A code for this conversation, in place of the one before. Raises RefusalError."""
    transcript = await gateway.dialogue.resume(conversation_id)
    if not transcript.state.kept:
        raise RefusalError("not_kept")
    try:
        return await gateway.codes.issue(conversation_id)
    except ConversationGoneError:
        raise RefusalError("unauthorized") from None


async def opened_by(gateway: Gateway, request: web.Request, typed: str) -> str:
    """The conversation that a code opens. Counts the attempt. Raises RefusalError."""
    key = client_key(request, gateway.options.trusted_proxies)
    for limiter, counted in ((gateway.resumes, key), (gateway.all_resumes, "all")):
        wait = await limiter.take(counted)
        if wait is not None:
            raise RefusalError("too_many", retry_after=wait)
    conversation_id = await gateway.codes.conversation(typed)
    if conversation_id is None:
        raise RefusalError("wrong_code")
    return conversation_id


def code_url(gateway: Gateway, code: str) -> str:
    """Link that fills the code in."""
    return f"{gateway.settings.public_url}/reprendre/{code}"


@routes.post("/api/conversation/code")
async def make_code(request: web.Request) -> web.Response:
    """A code and a link to come back from another device, without an account."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    issued = await new_code(gateway, gateway.sessions.conversation_id(request))
    body = {
        "code": issued.code,
        "url": code_url(gateway, issued.code),
        "expires_at": issued.expires_at.isoformat(),
    }
    return reply_json(body, status=201)


@routes.delete("/api/conversation/code")
async def revoke_code(request: web.Request) -> web.Response:
    """Make the code useless."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    await gateway.codes.revoke(gateway.sessions.conversation_id(request))
    return web.Response(status=204)


@routes.post("/api/resume")
async def resume(request: web.Request) -> web.Response:
    """The conversation of a code: a token, and what `GET /api/conversation` gives."""
    gateway = request.app[GATEWAY]
    body = await read_json(request)
    await spend(gateway, request)
    code = body.get("code")
    if not isinstance(code, str):
        raise RefusalError("bad_request")
    conversation_id = await opened_by(gateway, request, code)
    shown = await standing(gateway, conversation_id)
    response = reply_json({"token": gateway.sessions.tokens.issue(conversation_id), **shown.body})
    gateway.sessions.remember(response, shown.state)
    return response


@routes.patch("/api/conversation/steps/{step}")
async def follow_step(request: web.Request) -> web.Response:
    """Tick a step or its documents, or say when its appointment is. What is not given does not change."""
    gateway = request.app[GATEWAY]
    body = await read_json(request)
    await spend(gateway, request)
    conversation_id = gateway.sessions.conversation_id(request)
    step = request.match_info["step"]
    before = (await gateway.follow.progress(conversation_id)).get(step, Progress())
    progress = Progress(
        _done(body, before), _appointment(body, before, gateway.today()), _ready(body, before)
    )
    noted = await note(gateway, conversation_id, step, progress)
    return reply_json({"id": step, **noted.to_json()})


def _ready(body: dict[str, Any], before: Progress) -> tuple[str, ...]:
    ready = body.get("ready", list(before.ready))
    if not isinstance(ready, list) or not all(isinstance(document, str) for document in ready):
        raise RefusalError("bad_request")
    return tuple(ready)


def _done(body: dict[str, Any], before: Progress) -> bool:
    done = body.get("done", before.done)
    if not isinstance(done, bool):
        raise RefusalError("bad_request")
    return done


def _appointment(body: dict[str, Any], before: Progress, today: date) -> date | None:
    if "appointment" not in body:
        return before.appointment
    typed = body["appointment"]
    if typed is not None and not isinstance(typed, str):
        raise RefusalError("bad_request")
    return read_day(typed or "", today)


@routes.post("/api/conversation/link")
async def plan_link(request: web.Request) -> web.Response:
    """A signed link that shows the plan, to read only: for another device or a messaging channel."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    kept = await kept_plan(gateway, gateway.sessions.conversation_id(request))
    body = {
        "url": f"{gateway.settings.public_url}/plan?cle={gateway.sessions.tokens.plan(kept.state.id)}",
        "expires_at": _link_end(gateway, kept.state).isoformat(),
    }
    return reply_json(body, status=201)


def _link_end(gateway: Gateway, state: ConversationState) -> datetime:
    """When the conversation is erased if nothing more is said."""
    if state.kept:
        return state.active_at + timedelta(days=gateway.settings.retention_days)
    return state.active_at + timedelta(seconds=gateway.options.memory_ttl)


@routes.post("/api/conversation/mail")
async def mail(request: web.Request) -> web.Response:
    """Send the plan by e-mail. The address is used once and kept nowhere."""
    gateway = request.app[GATEWAY]
    body = await read_json(request)
    await spend(gateway, request)
    conversation_id = gateway.sessions.conversation_id(request)
    typed = body.get("address")
    if not isinstance(typed, str):
        raise RefusalError("bad_request")
    await send_plan(gateway, request, conversation_id, typed)
    return web.Response(status=204)
