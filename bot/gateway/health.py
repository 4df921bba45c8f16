"""Is the process up, can it serve, what does it measure."""

import hmac
import math

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.errors import RefusalError
from bot.shared import answers
from bot.web.addresses import from_loopback

routes = web.RouteTableDef()


@routes.get("/healthz")
async def healthz(_request: web.Request) -> web.Response:
    """The process is up."""
    return web.json_response({"status": "ok"})


@routes.get("/readyz")
async def readyz(request: web.Request) -> web.Response:
    """200 when the database and Rasa answer, 503 otherwise, with which one."""
    gateway = request.app[GATEWAY]
    database = True
    try:
        await gateway.store.ping()
    except (SQLAlchemyError, OSError):
        database = False
    rasa = await gateway.rasa.answers()
    ready = database and rasa
    parts = {"database": _word(database), "rasa": _word(rasa)}
    if gateway.sharing.redis is not None:  # told, but what is kept is served without it
        parts["redis"] = _word(await answers(gateway.sharing.redis))
    return web.json_response({"status": _word(ready), **parts}, status=200 if ready else 503)


def _word(good: bool) -> str:
    return "ok" if good else "unavailable"


async def _look(gateway: Gateway) -> None:
    """What is looked at when it is asked for, and not counted as it happens."""
    measures = gateway.measures
    measures.in_memory.set(len(gateway.sharing.memory))
    measures.rasa_up.set(await gateway.rasa.answers())
    try:
        measures.advisers_waited_for.set(await gateway.advisers.handoffs.waiting(None))
    except (SQLAlchemyError, OSError):
        measures.advisers_waited_for.set(math.nan)


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """Prometheus exposition, for this machine or for who has the token."""
    gateway = request.app[GATEWAY]
    expected = gateway.options.metrics_token
    given = request.headers.get("Authorization", "").partition(" ")[2].strip()
    by_token = bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
    if not by_token and not from_loopback(request):
        raise RefusalError("forbidden")
    await _look(gateway)
    return web.Response(
        body=gateway.measures.exposition(), headers={"Content-Type": "text/plain; version=0.0.4"}
    )
