"""The way in of the console, and its static files."""

from aiohttp import web

from bot.console import navigation
from bot.console.access import adviser_of, open_to_all
from bot.console.pages import STATIC, page
from bot.web.answers import see

routes = web.RouteTableDef()
ENTRIES: tuple[navigation.Entry, ...] = ()

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@routes.get("")
@routes.get("/")
async def home(request: web.Request) -> web.Response:
    """The first entry of the navigation that the adviser has."""
    places = navigation.entries(adviser_of(request))
    return see(places[0].address) if places else page(request, "empty.html")


@routes.get("/static/{name}")
@open_to_all
async def static(request: web.Request) -> web.StreamResponse:
    """A style sheet or a script of the console."""
    path = STATIC / request.match_info["name"]
    if path.suffix not in _KINDS or path.parent != STATIC or not path.is_file():
        raise web.HTTPNotFound
    headers = {
        "Content-Type": f"{_KINDS[path.suffix]}; charset=utf-8",
        "Cache-Control": "public, max-age=3600",
    }
    return web.FileResponse(path, headers=headers)
