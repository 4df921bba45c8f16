"""The review as an area of the console: its routes, its entry in the navigation, what keeps its rows up to date."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web

from bot.console.context import CONSOLE
from bot.console.navigation import Entry
from bot.console.pages import words
from bot.console.review import conversation, inbox
from bot.console.review.index import Index

routes = [*inbox.routes, *conversation.routes]
ENTRIES = (Entry(10, words("review")["entry"], inbox.ADDRESS),)


def install(app: web.Application) -> None:
    """Keep the inbox's rows up to date as long as the console runs."""
    app.cleanup_ctx.append(_life)


async def _life(app: web.Application) -> AsyncIterator[None]:
    indexer = asyncio.create_task(Index(app[CONSOLE].store).keep())
    yield
    indexer.cancel()
    with suppress(asyncio.CancelledError):
        await indexer
