"""The page that compares two models: one comparison at a time, made in another thread, kept in memory alone."""

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from aiohttp import web

from bot.console.access import adviser_of, record, require
from bot.console.adviser import scope
from bot.console.context import console_of
from bot.console.flashes import flash
from bot.console.improve import corrections
from bot.console.improve.comparison import Comparison, Reviewed, compare, name_of
from bot.console.pages import page, words
from bot.understanding import trained_models
from bot.web.answers import see

routes = web.RouteTableDef()
logger = logging.getLogger("relais.console.models")
ADDRESS = "/console/ameliorer/modeles"
MOST = 2000
"""Messages read by each model, the latest reviewed: about a minute."""


@dataclass
class Job:
    """A comparison asked by an adviser; its result holds no text."""

    adviser: int
    started: float
    task: "asyncio.Task[Comparison]"


_JOBS: dict[int, Job] = {}
"""The last comparison of each adviser: it was made on the conversations that they may read."""


async def _reviewed(request: web.Request) -> list[Reviewed]:
    within = scope(adviser_of(request))
    found = await console_of(request).store.read(lambda connection: corrections.reviewed(connection, within))
    return [Reviewed((each.conversation_id, each.seq), each.text, each.after) for each in found[-MOST:]]


@routes.get("/ameliorer/modeles")
@require("manager")
async def show(request: web.Request) -> web.Response:
    """The models at hand and the last comparison."""
    reviewed, job = await _reviewed(request), _JOBS.get(adviser_of(request).id)
    result, running = None, None
    if job is not None and not job.task.done():
        running = int(monotonic() - job.started)
    elif job is not None and job.task.exception() is None:
        result = job.task.result()
    elif job is not None:
        logger.error("comparison stopped: %s", type(job.task.exception()).__name__)
        del _JOBS[job.adviser]
        flash(request, words("improve")["said"]["failed"], "problem")
    texts = {each.key: each.text for each in reviewed}
    if result is not None:
        for conversation_id in {row.key[0] for row in result.told_apart if row.key in texts}:
            await record(request, "correction.reviewed", conversation_id)
    found = trained_models(console_of(request).settings)
    return page(
        request,
        "improve/models.html",
        count=len(reviewed),
        models=[name_of(path) for path in found],
        folder=str(console_of(request).settings.models),
        running=running,
        result=result,
        texts=texts,
    )


@routes.post("/ameliorer/modeles")
@require("manager")
async def start(request: web.Request) -> web.Response:
    """Start a comparison."""
    form, said = await request.post(), words("improve")["said"]
    by_name = {name_of(path): path for path in trained_models(console_of(request).settings)}
    chosen = [by_name.get(str(form.get(name, ""))) for name in ("first", "second")]
    if any(not job.task.done() for job in _JOBS.values()):
        flash(request, said["running"], "problem")
        return see(ADDRESS)
    reviewed = await _reviewed(request)
    if None in chosen or chosen[0] == chosen[1] or not reviewed:
        flash(request, said["no_model"], "problem")
        return see(ADDRESS)
    first, second = (path for path in chosen if path is not None)
    adviser = adviser_of(request).id
    _JOBS[adviser] = Job(adviser, monotonic(), asyncio.create_task(_compare(first, second, reviewed)))
    flash(request, said["started"])
    return see(ADDRESS)


async def _compare(first: Path, second: Path, reviewed: list[Reviewed]) -> Comparison:
    return await asyncio.to_thread(compare, first, second, reviewed)
