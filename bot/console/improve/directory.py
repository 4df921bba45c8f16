"""The pages of the directory: report a wrong contact, decide on what others reported."""

import asyncio
from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.console.access import adviser_of, record, require
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.improve import contacts
from bot.console.pages import page, words
from bot.directory.edits import Edit
from bot.directory.gazetteer import gazetteer
from bot.directory.importer import FACTS, DataError, import_files
from bot.language.masking import mask
from bot.web.answers import see

routes = web.RouteTableDef()
ADDRESS = "/console/annuaire"
_LONGEST = 500


@routes.get("/annuaire")
async def show(request: web.Request) -> web.Response:
    """The organisms of a department, the form to report one, and what waits for a decision."""
    return await _page(request)


async def _page(
    request: web.Request, *, typed: dict[str, str] | None = None, status: int = 200
) -> web.Response:
    adviser, known = adviser_of(request), gazetteer().departments
    mine = sorted(known if adviser.departments is None else adviser.departments & known.keys())
    asked = (typed or {}).get("department", "") or request.query.get("department", "")
    chosen = asked if asked in mine else mine[0] if len(mine) == 1 else ""

    def reading(connection: Connection) -> dict[str, Any]:
        waiting = []
        for report in contacts.reports(connection):
            organism = contacts.organism(connection, report.organism_id)
            if contacts.concerns(adviser, organism):
                waiting.append((report, organism, contacts.may_decide(adviser, organism)))
        return {
            "organisms": contacts.of_department(connection, chosen) if chosen else [],
            "reports": waiting,
        }

    await asyncio.to_thread(
        import_files, console_of(request).store.engine
    )  # nothing to do but the first time
    return page(
        request,
        "improve/directory.html",
        status=status,
        departments=[(code, f"{known[code].name} ({code})") for code in mine],
        chosen=chosen,
        fields=[name for name in FACTS if name in words("improve")["directory"]["fields"]],
        typed=typed or {},
        **await console_of(request).store.read(reading),
    )


@routes.post("/annuaire/signalements")
async def report(request: web.Request) -> web.Response:
    """Report a wrong contact."""
    form = {name: str(value).strip()[:_LONGEST] for name, value in (await request.post()).items()}
    adviser, console, said = adviser_of(request), console_of(request), words("improve")["said"]
    try:
        day = date.fromisoformat(form.get("source_date", ""))
    except ValueError:
        day = None
    edit = Edit(
        form.get("organism", ""),
        form.get("field", ""),
        form.get("value", ""),
        "",
        form.get("source_url", ""),
        day,
    )
    comment, moment = mask(form.get("comment", "")).text, console.clock()

    def writing(connection: Connection) -> str:
        organism = contacts.organism(connection, edit.organism_id)
        if organism is None or not contacts.concerns(adviser, organism) or not comment:
            return str(said["bad_report"])
        problem = contacts.report(
            connection, organism, edit, comment=comment, author=adviser.id, at=moment, today=moment.date()
        )
        return str(said.get(problem, problem))

    problem = await console.store.write(writing)
    if problem:
        flash(request, problem, "problem")
        return await _page(request, typed=form, status=400)
    await record(request, "contact.reported", about=edit.organism_id)
    flash(request, said["reported"])
    return see(
        f"{ADDRESS}?department={form['department']}" if form.get("department", "").isalnum() else ADDRESS
    )


@routes.post("/annuaire/signalements/{report}")
@require("manager")
async def decide(request: web.Request) -> web.Response:
    """Correct the directory as reported, or set the report aside."""
    typed, form = request.match_info["report"], await request.post()
    if not typed.isdecimal() or len(typed) > 12:
        raise web.HTTPNotFound
    adviser, console, said = adviser_of(request), console_of(request), words("improve")["said"]
    approves = form.get("decision") == "approve"

    def writing(connection: Connection) -> tuple[str, str]:
        waiting = contacts.one(connection, int(typed))
        if waiting is None:
            return "gone", ""
        if not contacts.may_decide(adviser, contacts.organism(connection, waiting.organism_id)):
            return "not_yours", ""
        act = contacts.approve if approves else contacts.refuse
        act(connection, waiting, who=adviser, at=console.clock())
        return ("approved" if approves else "refused"), waiting.organism_id

    try:
        outcome, organism_id = await console.store.write(writing)
    except DataError as problem:
        flash(request, said["directory_refuses"].format(problem=problem), "problem")
        return see(ADDRESS)
    if organism_id:
        await record(request, f"contact.{outcome}", about=organism_id)
    flash(request, said[outcome], "notice" if organism_id else "problem")
    return see(ADDRESS)
