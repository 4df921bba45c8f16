"""One request: take it, read what was said, write, give it back. Works by reloading; live with JavaScript."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.console.access import adviser_of, background, in_scope, record
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.pages import page, wants_data, words
from bot.console.review.reading import shown_value
from bot.console.takeover.requests import ADDRESS, number, own_id
from bot.conversation.handoff import TEXT_LIMIT, HandoffError, Request
from bot.conversation.live import of_adviser
from bot.conversation.messages import message_id
from bot.conversation.state import TurnRecord
from bot.orientation import FACTS
from bot.web.answers import see
from bot.web.text import french_moment

routes = web.RouteTableDef()

_SHOWN = 200
"""Turns shown, the last ones: who needs the rest opens the conversation."""
_PATIENCE = 20.0
"""Seconds that a page waits for something new before it asks again; below the half minute that proxies allow."""
_PATH = "/demandes/{request:[0-9]+}"


async def _asked(request: web.Request) -> Request:
    """The request of the path, if it is of this adviser's territory."""
    found = await console_of(request).desk.handoffs.get(
        number(request, "request"), adviser_of(request).departments
    )
    if found is None:
        raise web.HTTPNotFound
    return found


@routes.get(_PATH)
async def show(request: web.Request) -> web.Response:
    """What was said so far, and the field to write."""
    asked, adviser = await _asked(request), adviser_of(request)
    await record(request, "handoff.read", asked.conversation_id)
    # The state first: a turn written in between is then shown twice to the script, which knows it, rather than never.
    found = await console_of(request).store.load(asked.conversation_id)
    turns = await console_of(request).store.transcript(asked.conversation_id, last=_SHOWN)
    return page(
        request,
        "takeover/conversation.html",
        asked=asked,
        mine=asked.adviser == own_id(adviser),
        whole=in_scope(adviser, asked.department),
        said=[_shown(turn) for turn in turns],
        last=found[0].turns if found else 0,
        facts=_facts((found[0].situation or {}) if found else {}),
        given_id=message_id(),
        longest=TEXT_LIMIT,
    )


def _facts(situation: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value of what the person said, in the order of the Situation."""
    named = [(name, situation[name]) for name in FACTS if situation.get(name) is not None]
    return [(FACTS[name].label, shown_value(name, value)) for name, value in named]


@routes.get(_PATH + "/suite")
@background
async def following(request: web.Request) -> web.Response:
    """What was said after the turn number `apres`: waits a moment for it when there is nothing yet."""
    asked, console = await _asked(request), console_of(request)
    typed = request.query.get("apres", "")
    seq = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0
    async with console.desk.live.listen(of_adviser(asked.conversation_id)) as news:
        turns = await console.desk.pushing.all_after(asked.conversation_id, seq)
        if not turns and request.query.get("attendre") == "1":
            await news.wait(_PATIENCE)
            turns = await console.desk.pushing.all_after(asked.conversation_id, seq)
    now_ = await console.desk.handoffs.get(asked.id, adviser_of(request).departments)
    body = {
        "messages": [_shown(turn) for _, turn in turns],
        "last": turns[-1][0] if turns else seq,
        "status": now_.status if now_ else "closed",
    }
    return web.json_response(body)


def _shown(turn: TurnRecord) -> dict[str, Any]:
    """A turn for the page: who, when, words. Words of danger were never kept: that they were said is shown."""
    withheld = turn.direction == "user" and turn.text is None
    text = words("takeover")["withheld"] if withheld else turn.text or ""
    return {
        "id": turn.message_id,
        "from": turn.direction,
        "who": words("takeover")["who"][turn.direction],
        "text": text,
        "at": french_moment(turn.created_at),
        "alarm": turn.flag == "safety",
    }


@routes.post(_PATH + "/prendre")
async def take(request: web.Request) -> web.StreamResponse:
    """This adviser answers from now on."""
    asked, adviser = await _asked(request), adviser_of(request)
    return await _done(
        request,
        asked,
        "handoff.taken",
        lambda: console_of(request).desk.handoffs.take(asked.id, own_id(adviser)),
    )


@routes.post(_PATH + "/dire")
async def say(request: web.Request) -> web.StreamResponse:
    """Write to the person."""
    asked, adviser, fields = await _asked(request), adviser_of(request), await request.post()
    text, given = str(fields.get("text", "")).replace("\r\n", "\n"), str(fields.get("id", ""))
    if not 0 < len(text.strip()) <= TEXT_LIMIT or not 0 < len(given) <= 64:
        raise web.HTTPBadRequest

    async def saying() -> None:
        handoffs = console_of(request).desk.handoffs
        await handoffs.say(asked.id, own_id(adviser), text, given_id=given)

    return await _done(request, asked, "handoff.said", saying, back=f"{ADDRESS}/{asked.id}#ecrire")


@routes.post(_PATH + "/rendre")
async def give_back(request: web.Request) -> web.StreamResponse:
    """The bot answers again."""
    asked, adviser = await _asked(request), adviser_of(request)
    handoffs = console_of(request).desk.handoffs
    return await _done(
        request,
        asked,
        "handoff.returned",
        lambda: handoffs.give_back(asked.id, own_id(adviser)),
        back=ADDRESS,
    )


@routes.post(_PATH + "/clore")
async def close(request: web.Request) -> web.StreamResponse:
    """Nothing more to do."""
    asked, adviser = await _asked(request), adviser_of(request)
    handoffs = console_of(request).desk.handoffs
    return await _done(
        request, asked, "handoff.closed", lambda: handoffs.close(asked.id, own_id(adviser)), back=ADDRESS
    )


async def _done(
    request: web.Request, asked: Request, what: str, change: Callable[[], Awaitable[None]], *, back: str = ""
) -> web.StreamResponse:
    """Make a change, or say that it came too late; to a program, with a status."""
    try:
        await change()
    except HandoffError:
        if wants_data(request):
            return web.json_response({"error": words("takeover")["said"]["too_late"]}, status=409)
        flash(request, words("takeover")["said"]["too_late"], "problem")
        return see(f"{ADDRESS}/{asked.id}")
    await record(request, what, asked.conversation_id)
    if wants_data(request):
        return web.json_response({})
    if done := words("takeover")["said"].get(what.partition(".")[2]):
        flash(request, done)
    return see(back or f"{ADDRESS}/{asked.id}")
