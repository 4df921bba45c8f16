"""`/plan` and what one does with it: read it, print it, take it away, tick its steps."""

from aiohttp import web

from bot.conversation.following import Progress
from bot.gateway.api import spend
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.keeping import (
    KeptPlan,
    asks_employment,
    kept_plan,
    mark_seen,
    note,
    note_employment,
    read_day,
    what_changed,
)
from bot.gateway.pages.calendar_file import has_dates
from bot.gateway.pages.document import file_name
from bot.gateway.pages.facts import understood
from bot.gateway.pages.forms import read_own_form
from bot.gateway.pages.rendering import page_words, plan_view, render
from bot.gateway.pages.sending import calendar_of, pdf_of
from bot.web.addresses import client_key
from bot.web.answers import html, see

routes = web.RouteTableDef()


def _conversation(gateway: Gateway, request: web.Request) -> tuple[str, str]:
    """Whose plan is asked for, and the key of the link that says so, if it is one. Raises RefusalError."""
    key = request.query.get("cle", "")
    if key:
        days = gateway.settings.retention_days
        conversation_id = gateway.sessions.tokens.plan_conversation(key, days)
    else:
        conversation_id = gateway.sessions.cookie_conversation_id(request)
    if conversation_id is None:
        raise RefusalError("unauthorized")
    return conversation_id, key


async def _asked(request: web.Request) -> tuple[Gateway, KeptPlan, str]:
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id, key = _conversation(gateway, request)
    return gateway, await kept_plan(gateway, conversation_id), key


@routes.get("/plan")
async def plan(request: web.Request) -> web.Response:
    """The plan to read, print and follow. Raises RefusalError without a conversation or before there is a plan."""
    gateway, kept, key = await _asked(request)
    return await _page(gateway, kept, key)


async def _page(
    gateway: Gateway, kept: KeptPlan, key: str = "", *, problem: RefusalError | None = None
) -> web.Response:
    found, since = (None, None) if key else await what_changed(gateway, kept)
    follows = kept.state.kept and not key
    form = None if key else gateway.sessions.tokens.form(kept.state.id)
    page = render(
        "plan.html",
        title=page_words()["plan_title"],
        plan=plan_view(kept.plan),
        for_employer=kept.for_employer,
        progress=kept.progress,
        nothing=Progress(),
        form=form if follows else None,
        own_form=form,
        changes=found,
        since=since.isoformat() if since else None,
        facts=[] if key else understood(kept.state.situation or {}),
        query=f"?cle={key}" if key else "",
        read_only=bool(key),
        has_dates=has_dates(kept, gateway.today()),
        today=gateway.today().isoformat(),
        asks_employment=follows and asks_employment(kept, gateway.today()),
        employment=kept.employment or "",
        problem=problem.sentence if problem else None,
    )
    return html(page, status=problem.status if problem else 200)


@routes.get("/plan.pdf")
async def plan_pdf(request: web.Request) -> web.Response:
    """The plan as a tagged PDF."""
    gateway, kept, _ = await _asked(request)
    wait = await gateway.documents.take(client_key(request, gateway.options.trusted_proxies))
    if wait is not None:
        raise RefusalError("too_many", retry_after=wait)
    body = await pdf_of(gateway, kept)
    return _file(body, "application/pdf", file_name(gateway.today(), "pdf"))


@routes.get("/plan.ics")
async def plan_ics(request: web.Request) -> web.Response:
    """The plan's dates for a calendar. Raises RefusalError("no_dates")."""
    gateway, kept, _ = await _asked(request)
    body = calendar_of(gateway, kept)
    if body is None:
        raise RefusalError("no_dates")
    return _file(body, "text/calendar", file_name(gateway.today(), "ics"))


def _file(body: bytes, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    charset = "utf-8" if kind.startswith("text/") else None
    return web.Response(body=body, content_type=kind, charset=charset, headers=headers)


@routes.post("/plan/etapes/{step}")
async def follow(request: web.Request) -> web.Response:
    """Tick a step and its documents, say when its appointment is, by a plain form."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id, fields = await read_own_form(gateway, request)
    step = request.match_info["step"]
    try:
        day = read_day(fields.get("appointment", ""), gateway.today())
    except RefusalError as problem:
        return await _page(gateway, await kept_plan(gateway, conversation_id), problem=problem)
    ready = tuple(value for name, value in fields.items() if name.startswith("document-"))
    await note(gateway, conversation_id, step, Progress("done" in fields, day, ready))
    return see(f"/plan#suivi-{step}")


@routes.post("/plan/emploi")
async def employment(request: web.Request) -> web.Response:
    """Say whether one still has one's job, or take that answer back."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id, fields = await read_own_form(gateway, request)
    await note_employment(gateway, conversation_id, fields.get("employment", ""))
    return see("/plan#emploi")


@routes.post("/plan/vu")
async def seen(request: web.Request) -> web.Response:
    """The person has read what changed."""
    gateway = request.app[GATEWAY]
    await spend(gateway, request)
    conversation_id, _ = await read_own_form(gateway, request)
    kept = await kept_plan(gateway, conversation_id)
    if not kept.state.kept:
        raise RefusalError("not_kept")
    await mark_seen(gateway, kept)
    return see("/plan")
