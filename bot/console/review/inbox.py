"""The inbox: queues, filters, the list, and what is done to several conversations at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import adviser_of
from bot.console.adviser import Adviser
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.pages import page, words
from bot.console.review import choices, marking
from bot.console.review.filters import Filters
from bot.console.review.marking import Change, RefusedMarkError, change
from bot.console.review.people import names, readers
from bot.console.review.queues import Queue
from bot.console.review.search import COUNTED, PAGE, Counts, Found, counts, find, within
from bot.console.review.views import remove_view, save_view, views
from bot.web.answers import see

routes = web.RouteTableDef()
ADDRESS = "/console/conversations"
_DIGITS = 9


@dataclass(frozen=True)
class _Read:
    """What the page of the list shows, read at once."""

    found: Found
    counts: Counts
    people: dict[int, str]
    """Those who may be given a conversation."""
    names: dict[int, str]
    """Those whom the list names."""
    views: Sequence[Any]
    tags: list[str]


@routes.get("/conversations")
async def inbox(request: web.Request) -> web.Response:
    """The list, with its queues and filters."""
    adviser, store = adviser_of(request), console_of(request).store
    filters, after = Filters.read(request.query), request.query.get("apres", "")
    mine = within(adviser)

    def reading(connection: Connection) -> _Read:
        found = find(connection, filters, mine, me=adviser.id, after=after)
        given = {row.assigned_to for row in found.rows} | {row.second_reader for row in found.rows}
        return _Read(
            found=found,
            counts=counts(connection, mine, me=adviser.id),
            people=readers(connection, set()),
            names=names(connection, given - {None}),
            views=views(connection, adviser.id),
            tags=marking.tags_in_use(connection, mine),
        )

    read = await store.read(reading)
    tail = _address_tail(filters)
    return page(
        request,
        "review/inbox.html",
        said=words("review"),
        filters=filters,
        found=read.found,
        rows=[{"row": row, "address": f"{ADDRESS}/{row.conversation_id}{tail}"} for row in read.found.rows],
        counts=read.counts,
        queues=list(Queue),
        queues_of=Queue,
        people=read.people,
        names=read.names,
        views=read.views,
        tags=read.tags,
        tag_options=[(tag, tag) for tag in read.tags],
        choices=choices,
        departments=choices.departments(adviser.departments),
        places=choices.places(),
        **_options(read.people),
        query=filters.address(),
        counted=COUNTED,
        size=PAGE,
        after=after,
        address=ADDRESS,
    )


def _options(people: dict[int, str]) -> dict[str, Any]:
    said = words("review")
    readers_known = [("me", said["me"]), ("none", said["nobody"])]
    return {
        "status_options": [(name, label) for name, label in said["statuses"].items() if name != "open"],
        "file_options": [(queue.slug, said["queues"][queue.slug]["label"]) for queue in Queue],
        "reader_options": readers_known + [(str(number), name) for number, name in people.items()],
    }


def address_of(conversation_id: str, filters: Filters) -> str:
    """The page of a conversation opened from a list: it knows why it is read, and what comes next."""
    return f"{ADDRESS}/{conversation_id}{_address_tail(filters)}"


def _address_tail(filters: Filters) -> str:
    said = words("review")
    queue = filters.queue
    why = (
        said["reasons"][0]
        if queue is None
        else f"{said['queue_read']} : {said['queues'][queue.slug]['label']}"
    )
    return "?" + urlencode({"motif": why, "liste": filters.address()})


@routes.post("/conversations/lot")
async def several(request: web.Request) -> web.Response:
    """Do one thing to the conversations that were ticked."""
    form, adviser = await request.post(), adviser_of(request)
    said = words("review")["said"]
    back = see(f"{ADDRESS}?{Filters.read(choices.parsed(str(form.get('liste', '')))).address()}")
    ids = [str(value) for value in form.getall("conversation", []) if isinstance(value, str)][: 4 * PAGE]
    if not ids:
        flash(request, said["nothing_chosen"], "problem")
        return back
    try:
        what, how, told = await _asked(request, str(form.get("quoi", "")), adviser)
        done = await change(console_of(request).store, adviser, ids, what, how)
    except RefusedMarkError as refusal:
        flash(request, said[str(refusal)], "problem")
        return back
    flash(request, said["changed"].format(count=done, what=told))
    return back


async def _asked(request: web.Request, kind: str, adviser: Adviser) -> tuple[str, Change, str]:
    """Name for the access log, change, and words for it."""
    form, said = await request.post(), words("review")
    if kind == "statut":
        status = str(form.get("statut", ""))
        how = marking.with_status(status)
        return "conversation.status", how, said["said"]["status"].format(value=said["statuses"][status])
    if kind == "attribution":
        number, name = await reader_named(
            request, str(form.get("personne", "")), {*(adviser.departments or ())}
        )
        told = said["said"]["assigned"].format(value=name) if number else said["said"]["unassigned"]
        return "conversation.assigned", marking.assigned(number), told
    if kind == "etiquette":
        tag = marking.read_tag(str(form.get("etiquette", "")))
        return "conversation.tagged", marking.tagged(tag), said["said"]["tagged"].format(value=tag)
    raise RefusedMarkError("nothing_asked")


async def reader_named(
    request: web.Request, typed: str, departments: set[str | None]
) -> tuple[int | None, str]:
    """The adviser of that number who may read these departments; None for nobody. Raises RefusedMarkError."""
    if typed == "personne":
        return None, words("review")["nobody"]
    store = console_of(request).store
    people = await store.read(lambda connection: readers(connection, departments))
    number = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    if number not in people:
        raise RefusedMarkError("unknown_reader")
    return number, people[number]


@routes.post("/conversations/vues")
async def keep_view(request: web.Request) -> web.Response:
    """Keep the filters of the page under a name."""
    form, adviser, said = await request.post(), adviser_of(request), words("review")["said"]
    filters, name = Filters.read(choices.parsed(str(form.get("liste", "")))), str(form.get("nom", ""))
    try:
        await save_view(console_of(request).store, adviser.id, name, filters, shared="partager" in form)
    except RefusedMarkError as refusal:
        flash(request, said[str(refusal)], "problem")
    else:
        flash(request, said["view_saved"].format(value=" ".join(name.split())))
        if filters.words:
            flash(request, said["view_without_words"])
    return see(f"{ADDRESS}?{filters.address()}")


@routes.post(r"/conversations/vues/{view:\d+}/retirer")
async def drop_view(request: web.Request) -> web.Response:
    """Remove a view of one's own."""
    view = numbered(request, "view")
    if not await remove_view(console_of(request).store, adviser_of(request).id, view):
        raise web.HTTPNotFound
    flash(request, words("review")["said"]["view_removed"])
    return see(ADDRESS)


def numbered(request: web.Request, part: str) -> int:
    """The number in a part of the path; one that no row can have is not found."""
    digits = request.match_info[part]
    if len(digits) > _DIGITS:
        raise web.HTTPNotFound
    return int(digits)
