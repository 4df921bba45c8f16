"""`/console/demandes`: who waits, who is being answered, who wants to be called back, and one's own duty."""

from collections.abc import Collection
from datetime import timedelta

from aiohttp import web

from bot.console.access import Adviser, adviser_of, background, record
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.pages import page, words
from bot.conversation.presence import Duty
from bot.conversation.queues import Queue, queues
from bot.web.answers import see

routes = web.RouteTableDef()

ADDRESS = "/console/demandes"
_LONGEST_NUMBER = 9
_HOURS = (1, 2, 4, 8)
"""How long one may say to be on duty for: forgotten at the end of the day, it ends by itself."""


def number(request: web.Request, part: str) -> int:
    """The number in a path; one that no row can have is of nothing. Raises HTTPNotFound."""
    typed = request.match_info[part]
    if len(typed) > _LONGEST_NUMBER:
        raise web.HTTPNotFound
    return int(typed)


def own_id(adviser: Adviser) -> str:
    """How an account is named in the requests."""
    return str(adviser.id)


@routes.get("/demandes")
async def show(request: web.Request) -> web.Response:
    """The page of those on duty."""
    console, adviser = console_of(request), adviser_of(request)
    desk, mine = console.desk, own_id(adviser)
    open_ = await desk.handoffs.open(adviser.departments)
    return page(
        request,
        "takeover/requests.html",
        waiting=[each for each in open_ if each.status == "waiting"],
        mine=[each for each in open_ if each.status == "taken" and each.adviser == mine],
        others=[each for each in open_ if each.status == "taken" and each.adviser != mine],
        call_backs=await desk.call_backs.waiting(adviser.departments),
        duty=await desk.presence.of(mine),
        hours=_HOURS,
        queues=[(each, each.open_at(console.clock())) for each in _queues_of(adviser.departments)],
        sends_mail=desk.sends_mail,
    )


def _queues_of(departments: Collection[str] | None) -> list[Queue]:
    """The queues that reach someone of these departments."""
    return [
        each
        for each in queues()
        if departments is None or each.departments is None or each.departments & set(departments)
    ]


@routes.post("/demandes/service")
async def begin_duty(request: web.Request) -> web.StreamResponse:
    """On duty, for a time and for one's own departments."""
    console, adviser, fields = console_of(request), adviser_of(request), await request.post()
    typed = str(fields.get("hours", ""))
    if typed not in {str(hours) for hours in _HOURS}:
        raise web.HTTPBadRequest
    departments = None if adviser.departments is None else tuple(sorted(adviser.departments))
    email = adviser.email if fields.get("mail") == "yes" else None
    until = console.clock() + timedelta(hours=int(typed))
    await console.desk.presence.begin(Duty(own_id(adviser), departments, until, email))
    await record(request, "duty.begun")
    flash(request, words("takeover")["said"]["on_duty"])
    return see(ADDRESS)


@routes.post("/demandes/service/fin")
async def end_duty(request: web.Request) -> web.StreamResponse:
    """Off duty: nobody new is sent here; conversations already taken go on."""
    adviser = adviser_of(request)
    await console_of(request).desk.presence.end(own_id(adviser))
    await record(request, "duty.ended")
    flash(request, words("takeover")["said"]["off_duty"])
    return see(ADDRESS)


@routes.get("/demandes/compte")
@background
async def count(request: web.Request) -> web.Response:
    """How many wait, for the badge that every page of the console shows. Says nothing of anyone."""
    desk, departments = console_of(request).desk, adviser_of(request).departments
    found = {
        "waiting": await desk.handoffs.waiting(departments),
        "call_backs": await desk.call_backs.count(departments),
    }
    return web.json_response(found)
