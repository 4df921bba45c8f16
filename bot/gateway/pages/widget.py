"""Routes of the widget: its script, and the way from another site to the whole plan."""

from aiohttp import web

from bot.gateway.context import GATEWAY
from bot.gateway.errors import RefusalError
from bot.gateway.pages.forms import read_form
from bot.web.addresses import client_key
from bot.widget.bundle import bundle

routes = web.RouteTableDef()

_CACHE = "public, max-age=600"


@routes.get("/relais.js")
async def script(request: web.Request) -> web.Response:
    """The script. Any site may load it: it is the API that knows its allowed origins."""
    made = bundle()
    headers = {
        "Cache-Control": _CACHE,
        "ETag": made.etag,
        "Vary": "Accept-Encoding",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if request.headers.get("If-None-Match") == made.etag:
        return web.Response(status=304, headers=headers)
    body = made.script
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        body = made.gzipped
    return web.Response(body=body, content_type="text/javascript", charset="utf-8", headers=headers)


@routes.post("/plan/open")
async def open_plan(request: web.Request) -> web.Response:
    """From the widget on another site: the token, sent by a form, becomes our cookie; then the plan.

    In the body and not in the address, which histories and logs keep. Only from an allowed origin, so that no other
    site can put its own conversation into someone's browser. Raises RefusalError.
    """
    gateway = request.app[GATEWAY]
    wait = await gateway.requests.take(client_key(request, gateway.options.trusted_proxies))
    if wait is not None:
        raise RefusalError("too_many", retry_after=wait)
    origin = request.headers.get("Origin", "")
    if origin not in gateway.options.allowed_origins:
        raise RefusalError("unauthorized")
    token = (await read_form(request)).get("token", "")
    conversation_id = gateway.sessions.tokens.conversation(token)
    if conversation_id is None:
        raise RefusalError("unauthorized")
    transcript = await gateway.dialogue.resume(conversation_id)
    response = web.Response(status=303, headers={"Location": "/plan"})
    gateway.sessions.remember(response, transcript.state)
    return response
