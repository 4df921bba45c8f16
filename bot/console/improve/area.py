"""Improving as an area of the console: its routes and its entries in the navigation."""

from aiohttp import web

from bot.console.improve import correcting, directory, models_page, recogniser, reviewing
from bot.console.navigation import Entry
from bot.console.pages import words

routes = [*correcting.routes, *reviewing.routes, *models_page.routes, *directory.routes]
ENTRIES = (
    Entry(30, words("improve")["entry"], "/console/ameliorer"),
    Entry(50, words("improve")["directory_entry"], directory.ADDRESS),
)


def install(app: web.Application) -> None:
    """The recogniser's process ends with the console."""
    app.on_cleanup.append(_stop)


async def _stop(_app: web.Application) -> None:
    await recogniser.stop()
