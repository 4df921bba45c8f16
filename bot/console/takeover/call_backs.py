"""Requests to be called back: what they hold is shown one at a time, and each look is in the access log."""

from aiohttp import web

from bot.console.access import adviser_of, record
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.pages import page, words
from bot.console.takeover.requests import ADDRESS, number
from bot.web.answers import see

routes = web.RouteTableDef()


@routes.get(r"/demandes/rappels/{call_back:[0-9]+}")
async def show(request: web.Request) -> web.Response:
    """Name, number, preferred time."""
    console, adviser = console_of(request), adviser_of(request)
    found = await console.desk.call_backs.get(number(request, "call_back"), adviser.departments)
    if found is None:
        raise web.HTTPNotFound
    details = await console.desk.call_backs.open(found.id, adviser.departments)
    await record(request, "call_back.read", found.conversation_id, about=f"rappel {found.id}")
    return page(request, "takeover/call_back.html", asked=found, details=details)


@routes.post(r"/demandes/rappels/{call_back:[0-9]+}/fait")
async def done(request: web.Request) -> web.StreamResponse:
    """The person was called: nothing of what they gave stays."""
    console, adviser = console_of(request), adviser_of(request)
    found = await console.desk.call_backs.get(number(request, "call_back"), adviser.departments)
    if found is None or not await console.desk.call_backs.done(found.id, adviser.departments):
        raise web.HTTPNotFound
    await record(request, "call_back.done", found.conversation_id, about=f"rappel {found.id}")
    flash(request, words("takeover")["said"]["called"])
    return see(ADDRESS)
