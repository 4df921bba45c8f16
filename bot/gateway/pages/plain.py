"""`/conversation`: the whole path without JavaScript, as server-rendered pages and plain forms."""

import secrets
from typing import Any

from aiohttp import web

from bot.conversation.state import Message
from bot.gateway.api import spend, take
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.pages.answers import FIELD, controls, spoken
from bot.gateway.pages.forms import is_ours, read_form
from bot.gateway.pages.rendering import page_words, render
from bot.gateway.sessions import COOKIE
from bot.gateway.turns import Transcript
from bot.web.answers import html, see

routes = web.RouteTableDef()


@routes.get("/conversation")
async def show(request: web.Request) -> web.Response:
    """The conversation of the cookie, or the page that opens one."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id = gateway.sessions.cookie_conversation_id(request)
    if conversation_id is None:
        notice = page_words()["erased"] if "effacee" in request.query else None
        return _start_page(request, notice=notice)
    return await _conversation_page(gateway, request, conversation_id)


@routes.post("/conversation/start")
async def start(request: web.Request) -> web.StreamResponse:
    """Open a conversation, then show it."""
    gateway = request.app[GATEWAY]
    fields = await read_form(request)
    if not is_ours(gateway, request, fields, ""):
        return _start_page(request, problem=RefusalError("form_expired"))
    return await _begin(gateway, request)


@routes.post("/conversation")
async def answer(request: web.Request) -> web.StreamResponse:
    """Take an answer, then show the conversation (again, with the problem, when it could not be taken)."""
    gateway = request.app[GATEWAY]
    fields = await read_form(request)
    conversation_id = gateway.sessions.cookie_conversation_id(request)
    if conversation_id is not None and not is_ours(gateway, request, fields, conversation_id):
        return await _conversation_page(
            gateway, request, conversation_id, problem=RefusalError("form_expired")
        )
    body: dict[str, Any] = {name: fields[name] for name in ("text", "choice", "id") if fields.get(name)}
    if not body.keys() & {"text", "choice"}:
        body["text"] = spoken(fields.get("asks", ""), fields.get(FIELD, ""))
    try:
        taken, _ = await take(gateway, request, conversation_id, body)
    except RefusalError as refusal:
        if conversation_id is None:
            return _start_page(request, problem=refusal)
        typed = fields.get("text", "")
        return await _conversation_page(gateway, request, conversation_id, problem=refusal, typed=typed)
    if taken.state is None and conversation_id is not None:
        return await _conversation_page(gateway, request, conversation_id, urgent=taken.messages)
    if taken.erased:
        return _erased(gateway)
    response = see("/conversation#suite")
    if taken.state is not None and taken.state.kept:
        gateway.sessions.remember(response, taken.state)
    return response


@routes.post("/conversation/restart")
async def restart(request: web.Request) -> web.StreamResponse:
    """Erase the conversation and open a new one."""
    gateway = request.app[GATEWAY]
    await _erase(gateway, request)
    return await _begin(gateway, request)


@routes.post("/conversation/erase")
async def erase(request: web.Request) -> web.StreamResponse:
    """Erase the conversation."""
    gateway = request.app[GATEWAY]
    await _erase(gateway, request)
    return _erased(gateway)


def _erased(gateway: Gateway) -> web.Response:
    response = see("/conversation?effacee")
    gateway.sessions.forget(response)
    return response


async def _begin(gateway: Gateway, request: web.Request) -> web.StreamResponse:
    await spend(gateway, request, new_conversation=True)
    begun = await gateway.dialogue.begin("page")
    response = see("/conversation#suite")
    assert begun.state is not None
    gateway.sessions.remember(response, begun.state)
    return response


async def _erase(gateway: Gateway, request: web.Request) -> None:
    fields = await read_form(request)
    conversation_id = gateway.sessions.cookie_conversation_id(request)
    if conversation_id is None:
        return
    if not is_ours(gateway, request, fields, conversation_id):
        raise RefusalError("form_expired")
    await gateway.dialogue.erase(conversation_id)


def _start_page(
    request: web.Request, *, notice: str | None = None, problem: RefusalError | None = None
) -> web.Response:
    gateway = request.app[GATEWAY]
    page = render(
        "start.html",
        title=page_words()["conversation_title"],
        form=gateway.sessions.tokens.form(""),
        retention_days=gateway.settings.retention_days,
        notice=notice,
        problem=problem.sentence if problem else None,
        urgent=problem.messages if problem else [],
    )
    response = html(page, status=problem.status if problem else 200)
    if COOKIE in request.cookies:
        gateway.sessions.forget(response)
    return response


async def _conversation_page(
    gateway: Gateway,
    request: web.Request,
    conversation_id: str,
    *,
    problem: RefusalError | None = None,
    urgent: list[Message] | None = None,
    typed: str = "",
) -> web.Response:
    try:
        transcript: Transcript | None = await gateway.dialogue.resume(conversation_id)
    except RefusalError as refusal:
        if refusal.code == "unauthorized":
            return _start_page(request, problem=problem or refusal)
        transcript, problem = None, problem or refusal
    handoff = transcript.state.handoff if transcript else None
    page = render(
        "conversation.html",
        title=page_words()["conversation_title"],
        form=gateway.sessions.tokens.form(conversation_id),
        form_id=secrets.token_urlsafe(9),
        said=transcript.messages if transcript else [],
        question=controls(
            transcript.state.question if transcript and handoff != "taken" else None, gateway.today()
        ),
        handoff=handoff,
        has_plan=bool(transcript and transcript.plan),
        kept=bool(transcript and transcript.state.kept),
        problem=problem.sentence if problem else None,
        urgent=urgent or [],
        typed=typed,
    )
    return html(page, status=problem.status if problem else 200)
