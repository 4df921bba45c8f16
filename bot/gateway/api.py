"""The contract's web API: conversations and messages, as JSON."""

import json
import logging
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.conversation.state import ConversationState
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.emergencies import emergency_message
from bot.gateway.errors import RefusalError
from bot.gateway.guard import Incoming, read_json, read_message, words_to_watch
from bot.gateway.turns import Answer
from bot.language.safety import Alarm, detect
from bot.web.addresses import client_key

logger = logging.getLogger("relais.api")

routes = web.RouteTableDef()

EVENTS = "/api/conversation/events"
"""Where messages that answer none arrive (bot/gateway/events.py)."""


async def spend(gateway: Gateway, request: web.Request, *, new_conversation: bool = False) -> None:
    """Count a request of this address. Raises RefusalError("too_many")."""
    key = client_key(request, gateway.options.trusted_proxies)
    wait = await gateway.requests.take(key)
    if wait is None and new_conversation:
        wait = await gateway.conversations.take(key)
    if wait is not None:
        raise RefusalError("too_many", retry_after=wait)


async def take(
    gateway: Gateway, request: web.Request, conversation_id: str | None, body: dict[str, Any]
) -> tuple[Answer, Incoming | None]:
    """One message of a person, whatever page it comes from. Safety is looked at before any refusal.

    Raises RefusalError; for someone in danger only when nothing says whose conversation it is, and then with
    the emergency answer in its messages.
    """
    alarm = _watch(words_to_watch(body))
    try:
        await spend(gateway, request)
        if conversation_id is None:
            raise RefusalError("unauthorized")
        wait = await gateway.messages.take(conversation_id)
        if wait is not None:
            raise RefusalError("too_many", retry_after=wait)
        incoming = read_message(body, request.headers.get("Idempotency-Key"))
        return await gateway.dialogue.take(conversation_id, incoming, alarm), incoming
    except RefusalError as refusal:
        return _refused(refusal, alarm), None


def _watch(words: str) -> Alarm | None:
    """Look for danger. A fault of the detector must not silence everyone: the learned intents still watch."""
    try:
        return detect(words)
    except Exception as problem:
        logger.error("safety detection failed: %s", type(problem).__name__)
        return None


def _refused(refusal: RefusalError, alarm: Alarm | None) -> Answer:
    if alarm is None:
        raise refusal
    message = emergency_message(alarm)
    if refusal.code == "unauthorized":
        refusal.messages = [message]
        raise refusal
    return Answer([message], None)


def reply_json(body: dict[str, Any], status: int = 200) -> web.Response:
    """A JSON answer, accents written as they are."""
    return web.json_response(body, status=status, dumps=_dumps)


def _dumps(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


@routes.post("/api/conversations")
async def begin(request: web.Request) -> web.Response:
    """Open a conversation: its token and the opening messages."""
    gateway = request.app[GATEWAY]
    await read_json(request)
    await spend(gateway, request, new_conversation=True)
    answer = await gateway.dialogue.begin("web")
    assert answer.state is not None
    token = gateway.sessions.tokens.issue(answer.state.id)
    body = {"token": token, "messages": answer.messages, "events": EVENTS}
    response = reply_json(body, status=201)
    gateway.sessions.remember(response, answer.state)
    return response


@routes.post("/api/messages")
async def messages(request: web.Request) -> web.Response:
    """Take one message, by text or choice; answer with the bot's messages."""
    gateway = request.app[GATEWAY]
    body = await read_json(request)
    try:
        conversation_id: str | None = gateway.sessions.conversation_id(request)
    except RefusalError:
        conversation_id = None
    answer, _ = await take(gateway, request, conversation_id, body)
    told = {"erased": True} if answer.erased else {}  # the widget then empties the screen
    response = reply_json({"messages": answer.messages} | told)
    if answer.erased:
        gateway.sessions.forget(response)
    elif answer.state is not None and answer.state.kept and _by_cookie(request):
        gateway.sessions.remember(response, answer.state)
    return response


def _by_cookie(request: web.Request) -> bool:
    return "Authorization" not in request.headers


@routes.get("/api/conversation")
async def conversation(request: web.Request) -> web.Response:
    """The transcript, the question that stands, the situation, the plan if there is one."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    return reply_json((await standing(gateway, gateway.sessions.conversation_id(request))).body)


@dataclass(frozen=True)
class Standing:
    """A conversation as it stands."""

    state: ConversationState
    body: dict[str, Any]
    """As the API shows it."""


async def standing(gateway: Gateway, conversation_id: str) -> Standing:
    """Where a conversation stands. Raises RefusalError."""
    transcript = await gateway.dialogue.resume(conversation_id)
    state = transcript.state
    progress = await gateway.follow.progress(conversation_id) if state.kept else {}
    body = {
        "messages": transcript.messages,
        "situation": state.situation or {},
        "plan": transcript.plan,
        "asks": state.asks,
        "question": None if state.handoff == "taken" else state.question,
        "handoff": state.handoff,
        "events": EVENTS,
        "steps": {step: each.to_json() for step, each in progress.items()},
    }
    return Standing(state, body)


@routes.delete("/api/conversation")
async def erase(request: web.Request) -> web.Response:
    """Erase everything about the conversation."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id = gateway.sessions.conversation_id(request)
    await gateway.dialogue.erase(conversation_id)
    response = web.Response(status=204)
    gateway.sessions.forget(response)
    return response
