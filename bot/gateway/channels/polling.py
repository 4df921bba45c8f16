"""Telegram by long polling, for a machine without a public address."""

import asyncio
import logging

from bot.gateway.channels.model import Adapter, SendError, attempt
from bot.gateway.channels.telegram import Telegram
from bot.gateway.channels.webhooks import Desk

logger = logging.getLogger("relais.channels")

_PAUSE = 3.0
_LONGEST_PAUSE = 60.0


async def poll(telegram: Adapter, desk: Desk) -> None:
    """Fetch until cancelled. Telegram forgets an update only once it is kept here and the next one is asked for."""
    assert isinstance(telegram, Telegram)
    offset, pause, connected = 0, _PAUSE, False
    while True:
        try:
            if not connected:
                await attempt(telegram, telegram.connect(""))
                connected = True
            updates = await attempt(telegram, telegram.fetch(offset))
            found = [received for update in updates if (received := telegram.read(update)) is not None]
            await desk.keep(telegram, list(found))
            offset, pause = max([offset, *(update.update_id + 1 for update in updates)]), _PAUSE
        except SendError as problem:
            logger.warning("telegram: nothing fetched: %s", problem.name)
            await asyncio.sleep(max(pause, problem.retry_after or 0))
            pause = min(pause * 2, _LONGEST_PAUSE)
        except Exception as problem:  # the database is away: what was fetched is asked for again
            logger.error("telegram: fetching put off: %s", type(problem).__name__)
            await asyncio.sleep(pause)
