"""`POST /api/places`: places to suggest to someone who types one. Nothing is kept; a body, since addresses are logged."""

from aiohttp import web

from bot.directory.suggesting import suggest
from bot.gateway.api import reply_json, spend
from bot.gateway.context import GATEWAY
from bot.gateway.errors import RefusalError
from bot.gateway.guard import read_json

routes = web.RouteTableDef()


@routes.post("/api/places")
async def places(request: web.Request) -> web.Response:
    """`{"text"}` → `{"places": [label…]}`, each label an answer that is understood. Raises RefusalError."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    text = (await read_json(request)).get("text")
    if not isinstance(text, str):
        raise RefusalError("bad_request")
    return reply_json({"places": suggest(text)})
