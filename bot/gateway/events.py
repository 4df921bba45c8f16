"""`GET /api/conversation/events`: messages that answer none (an adviser's), as they come, as server-sent events."""

import json
from contextlib import suppress

from aiohttp import web

from bot.conversation import live
from bot.conversation.pushing import Arrived
from bot.gateway.api import EVENTS, spend
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.security import dress

routes = web.RouteTableDef()

_HEARTBEAT = 15.0
"""Seconds between two signs of life: proxies cut what is silent for 30 to 60. The database is looked at then too,
for what another process may have written without telling."""
_RETRY = 5000


@routes.get(EVENTS)
async def events(request: web.Request) -> web.StreamResponse:
    """Follow a conversation. `Last-Event-ID` gives what came since; without it, only what comes from now on."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id = gateway.sessions.conversation_id(request)
    last = await gateway.pushing.last(conversation_id)
    if last is None:
        raise RefusalError("unauthorized")
    given = request.headers.get("Last-Event-ID", "")
    seq = min(int(given), last) if given.isascii() and given.isdecimal() and len(given) < 10 else last
    with gateway.streams.one(conversation_id):
        response = web.StreamResponse(headers={"X-Accel-Buffering": "no"})
        response.content_type, response.charset = "text/event-stream", "utf-8"
        dress(request, response)
        await response.prepare(request)
        with suppress(ConnectionError):
            await response.write(f"retry: {_RETRY}\n\n".encode())
            await _follow(gateway, response, conversation_id, seq)
    return response


async def _follow(gateway: Gateway, response: web.StreamResponse, conversation_id: str, seq: int) -> None:
    async with gateway.live.listen(live.of_conversation(conversation_id)) as listener:
        while True:
            for arrived in await gateway.pushing.after(conversation_id, seq):
                await response.write(_event(arrived))
                seq = arrived.seq
            if not await listener.wait(_HEARTBEAT):
                await response.write(b": \n\n")
            if await gateway.pushing.last(conversation_id) is None:  # erased
                await response.write(b"event: ended\ndata: {}\n\n")
                return


def _event(arrived: Arrived) -> bytes:
    data = json.dumps(arrived.message, ensure_ascii=False, separators=(",", ":"))
    return f"id: {arrived.seq}\nevent: message\ndata: {data}\n\n".encode()
