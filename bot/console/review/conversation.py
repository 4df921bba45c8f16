"""The page of one conversation: what was said and understood, and what advisers make of it.

The guard has checked the territory of `{conversation}` and logs each reading, with the `motif` of the address.
"""

from collections.abc import Callable, Sequence
from typing import Any, cast

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import adviser_of, already_recorded, record
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.pages import page, words
from bot.console.review import choices, marking
from bot.console.review.filters import Filters
from bot.console.review.inbox import ADDRESS, address_of, numbered, reader_named
from bot.console.review.index import Index
from bot.console.review.marking import Change, RefusedMarkError, change
from bot.console.review.people import names, readers
from bot.console.review.queues import Queue
from bot.console.review.reading import Opened, open_conversation, shown_value, turns
from bot.console.review.search import neighbours, within
from bot.directory.places import Place
from bot.orientation import FACTS
from bot.web.answers import see

routes = web.RouteTableDef()
PATH = "/conversations/{conversation}"
Asked = tuple[str, Change, str]
"""Name for the access log, the change, and what to say once it is done."""


@routes.get(PATH)
async def read(request: web.Request) -> web.Response:
    """The conversation; with `avant`, the turns before that one."""
    adviser, console = adviser_of(request), console_of(request)
    conversation_id, before = request.match_info["conversation"], _before(request)
    await Index(console.store).refresh(conversation_id)
    filters = Filters.read(choices.parsed(request.query.get("liste", "")))
    mine = within(adviser)

    def reading(connection: Connection) -> dict[str, Any] | None:
        opened = open_conversation(conversation_id, connection)
        if opened is None:
            return None
        said = turns(conversation_id, before, connection)
        given = {
            opened.review.assigned_to,
            opened.review.second_reader,
            *(note.author for note in opened.notes),
        }
        previous, following = neighbours(connection, filters, mine, opened.review, me=adviser.id)
        return {
            "opened": opened,
            "turns": said,
            "names": names(connection, {number for number in given if number is not None}),
            "people": readers(connection, {opened.review.department}),
            "previous": previous and address_of(previous, filters),
            "following": following and address_of(following, filters),
        }

    shown = await console.store.read(reading)
    if shown is None:
        raise web.HTTPNotFound
    asked = await console.desk.handoffs.current(conversation_id)
    return page(
        request,
        "review/conversation.html",
        asked=asked,
        **shown,
        **_labels(request, shown["opened"], filters),
    )


def _before(request: web.Request) -> int | None:
    typed = request.query.get("avant", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def _labels(request: web.Request, opened: Opened, filters: Filters) -> dict[str, Any]:
    carried = {name: request.query[name] for name in ("motif", "liste") if name in request.query}
    here = request.rel_url.with_query(carried)
    said, plan = words("review"), opened.conversation.plan or {}
    department = opened.review.department
    return {
        "said": said,
        "place": Place(department).label if department else said["no_place"],
        "facts_named": FACTS,
        "question_names": {name: fact.label for name, fact in FACTS.items()} | said["others"],
        "shown_value": shown_value,
        "sources": plan.get("sources", {}),
        "readers_shown": _once_a_day(opened.readers),
        "queues": list(Queue(opened.review.queues)),
        "address": f"{ADDRESS}/{opened.review.conversation_id}",
        "list_address": f"{ADDRESS}?{filters.address()}",
        "earlier": lambda seq: str(here.update_query(avant=seq)) + "#tours",
        "latest": str(here) if _before(request) else "",
        "carried": carried,
    }


def _once_a_day(readers: Sequence[Any]) -> list[Any]:
    """The last of each kind of access of each adviser and day: coming back to a page is not news."""
    kept = {(row.adviser, row.what, row.why, row.at.date()): row for row in reversed(readers)}
    return sorted(kept.values(), key=lambda row: row.at, reverse=True)


@routes.post(f"{PATH}/statut")
async def status(request: web.Request) -> web.Response:
    """Give a status; with `suivante`, go on to the next conversation of the list."""
    return await _mark(request, _status)


def _status(form: dict[str, str], _request: web.Request) -> Asked:
    said = words("review")
    how = marking.with_status(form.get("statut", ""))
    return (
        "conversation.status",
        how,
        said["said"]["status_here"].format(value=said["statuses"][form["statut"]]),
    )


@routes.post(f"{PATH}/etiquettes")
async def tag(request: web.Request) -> web.Response:
    """Put a tag."""
    return await _mark(request, _tag)


def _tag(form: dict[str, str], _request: web.Request) -> Asked:
    word = marking.read_tag(form.get("etiquette", ""))
    told = words("review")["said"]["tagged_here"].format(value=word)
    return "conversation.tagged", marking.tagged(word), told


@routes.post(f"{PATH}/etiquettes/retirer")
async def untag(request: web.Request) -> web.Response:
    """Take a tag off."""
    return await _mark(request, _untag)


def _untag(form: dict[str, str], _request: web.Request) -> Asked:
    word = form.get("etiquette", "")
    told = words("review")["said"]["untagged_here"].format(value=word)
    return "conversation.untagged", marking.untagged(word), told


@routes.post(f"{PATH}/notes")
async def note(request: web.Request) -> web.Response:
    """Add a private note."""
    return await _mark(request, _note)


def _note(form: dict[str, str], request: web.Request) -> Asked:
    how = marking.noted(adviser_of(request), form.get("note", ""))
    return "conversation.noted", how, words("review")["said"]["note"]


@routes.post(PATH + r"/notes/{note:\d+}/retirer")
async def drop_note(request: web.Request) -> web.Response:
    """Remove a note of one's own; a manager, any note."""
    return await _mark(request, _drop_note)


def _drop_note(_form: dict[str, str], request: web.Request) -> Asked:
    how = marking.without_note(adviser_of(request), numbered(request, "note"))
    return "conversation.note_removed", how, words("review")["said"]["note_removed"]


@routes.post(f"{PATH}/attribution")
async def assign(request: web.Request) -> web.Response:
    """Assign to an adviser, or to nobody."""
    return await _give(request, "conversation.assigned", marking.assigned, "assigned_here", "unassigned_here")


@routes.post(f"{PATH}/second")
async def second(request: web.Request) -> web.Response:
    """Ask another adviser to read it too, or nobody."""
    return await _give(
        request, "conversation.second_reader", marking.second_read, "second_here", "no_second_here"
    )


async def _give(
    request: web.Request, what: str, how: Callable[[int | None], Change], given: str, taken: str
) -> web.Response:
    department = await _department(request)
    said, form = words("review")["said"], await request.post()
    try:
        number, name = await reader_named(request, str(form.get("personne", "")), {department})
    except RefusedMarkError as refusal:
        flash(request, said[str(refusal)], "problem")
        return await _back(request)
    told = said[given].format(value=name) if number else said[taken]
    return await _mark(request, lambda _form, _request: (what, how(number), told))


async def _department(request: web.Request) -> str | None:
    query = marking.department_of(request.match_info["conversation"])
    return await console_of(request).store.read(
        lambda connection: connection.execute(query).scalar_one_or_none()
    )


@routes.post(f"{PATH}/motif")
async def why(request: web.Request) -> web.Response:
    """Say why one reads: a line of the access log."""
    reason = str((await request.post()).get("motif", ""))
    if reason in words("review")["reasons"]:
        await record(request, "conversation.read", request.match_info["conversation"], reason)
    return await _back(request, motif=reason)


async def _mark(request: web.Request, asked: Callable[[dict[str, str], web.Request], Asked]) -> web.Response:
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    store, adviser = console_of(request).store, adviser_of(request)
    conversation_id = request.match_info["conversation"]
    await Index(store).refresh(conversation_id)
    following = await _following(request, form) if "suivante" in form else None
    try:
        what, how, told = asked(form, request)
        if not await change(store, adviser, [conversation_id], what, how):
            raise web.HTTPNotFound
    except RefusedMarkError as refusal:
        flash(request, words("review")["said"][str(refusal)], "problem")
        return await _back(request)
    already_recorded(request)
    flash(request, told)
    if following is not None:
        return see(following)
    return await _back(request)


async def _following(request: web.Request, form: dict[str, str]) -> str:
    """The next conversation of the list that the form names, or the list itself at its end."""
    adviser, store = adviser_of(request), console_of(request).store
    filters = Filters.read(choices.parsed(form.get("liste", "")))
    mine = within(adviser)

    def finding(connection: Connection) -> str | None:
        opened = open_conversation(request.match_info["conversation"], connection)
        if opened is None:
            return None
        return neighbours(connection, filters, mine, opened.review, me=adviser.id)[1]

    found = await store.read(finding)
    return address_of(found, filters) if found else f"{ADDRESS}?{filters.address()}"


async def _back(request: web.Request, **other: str) -> web.Response:
    form = await request.post()
    carried = {name: cast(str, form[name]) for name in ("motif", "liste") if name in form} | other
    address = f"{ADDRESS}/{request.match_info['conversation']}"
    return see(str(request.rel_url.with_path(address).with_query(carried)))
