"""The advisers' application, mounted at /console on the public process by bot/runtime."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime

from aiohttp import web

from bot.console import accounts, home, measure, navigation, privacy, takeover
from bot.console.context import CONSOLE, Console
from bot.console.guard import guard
from bot.console.housekeeping import keep_house
from bot.console.improve import area as improve
from bot.console.options import ConsoleOptions
from bot.console.pages import environment
from bot.console.review import area as review
from bot.console.sessions import Sessions
from bot.conversation.desk import AdviserDesk
from bot.conversation.retention import ForgetTracker
from bot.conversation.secrecy import Secrecy
from bot.conversation.state import now
from bot.conversation.store import Store
from bot.settings import Settings
from bot.web.addresses import Network

AREAS = (
    home,
    takeover,
    accounts,
    review,
    improve,
    measure,
    privacy,
)
"""Packages of the console. Each has `routes`, `ENTRIES` (of the navigation) and, if needed, `install(app)`."""


def create_console(
    settings: Settings,
    store: Store,
    *,
    desk: AdviserDesk,
    forget: ForgetTracker,
    options: ConsoleOptions | None = None,
    trusted_proxies: tuple[Network, ...] = (),
    clock: Callable[[], datetime] = now,
) -> web.Application:
    """The console, to be mounted with `public.add_subapp("/console", …)`.

    `store` and `desk` are the caller's: its database is up to date before the first request, and the caller closes it.
    `forget` makes Rasa forget a conversation; `trusted_proxies` are believed about the visitor's address.
    """
    options = options or ConsoleOptions.from_environment()
    secure = settings.public_url.startswith("https://")
    app = web.Application(middlewares=[guard])
    app[CONSOLE] = Console(
        settings=settings,
        options=options,
        store=store,
        sessions=Sessions(store, options, settings.secret, secure=secure, clock=clock),
        secrecy=Secrecy.of(settings, "console"),
        desk=desk,
        forget=forget,
        trusted_proxies=trusted_proxies,
        clock=clock,
    )
    environment()
    for area in AREAS:
        if hasattr(area, "install"):
            area.install(app)
        app.router.add_routes(area.routes)
        navigation.register(*area.ENTRIES)
    app.cleanup_ctx.append(_life)
    return app


async def _life(app: web.Application) -> AsyncIterator[None]:
    housekeeper = asyncio.create_task(keep_house(app[CONSOLE]))
    yield
    housekeeper.cancel()
    with suppress(asyncio.CancelledError):
        await housekeeper
