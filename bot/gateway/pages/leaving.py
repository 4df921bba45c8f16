"""« Quitter vite » of the pages: erase what there is, then a page about something else. Without JavaScript."""

import asyncio
from contextlib import suppress

from aiohttp import web

from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.pages.rendering import render
from bot.web.answers import html, sent_from_here
from bot.widget.bundle import words

routes = web.RouteTableDef()

_PATIENCE = 0.3
"""Seconds that the erasure may take before the person leaves; it goes on without them."""
_erasing: set[asyncio.Task[None]] = set()


@routes.post("/quitter")
async def leave(request: web.Request) -> web.Response:
    """Leave at once, whatever happens to the erasure; never an error on the screen of someone who must hide it.

    The form carries no token, since an old page must work too: a cookie that goes only with our own pages (SameSite)
    and the origin of the request say that it was sent from here. A page in between, and not a redirection, because
    the policy of our pages lets forms lead nowhere else.
    """
    gateway = request.app[GATEWAY]
    exit_address: str = words()["exit"]
    response = html(render("leave.html"))
    response.headers["Refresh"] = f"0; url={exit_address}"
    conversation_id = gateway.sessions.cookie_conversation_id(request)
    if conversation_id is not None and sent_from_here(request, gateway.settings.public_url):
        erasing = asyncio.create_task(_erase(gateway, conversation_id))
        _erasing.add(erasing)
        erasing.add_done_callback(_erasing.discard)
        await asyncio.wait({erasing}, timeout=_PATIENCE)
        gateway.sessions.forget(response)
    return response


async def _erase(gateway: Gateway, conversation_id: str) -> None:
    with suppress(RefusalError):
        await gateway.dialogue.erase(conversation_id)
