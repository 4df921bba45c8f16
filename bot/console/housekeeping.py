"""What the console forgets by itself: sessions and links that are over, old tries, old lines of the access log."""

import asyncio
import logging
from datetime import timedelta
from typing import cast

from sqlalchemy import Connection, Table, delete

from bot.console.context import Console
from bot.console.models import Access, AdviserLink, SignInTry

logger = logging.getLogger("relais.console")

ACCESS_LOG_DAYS = 365
"""The CNIL recommends six months to a year for such logs."""
_HOUR = 3600.0
_LINKS, _TRIES, _LOG = (cast(Table, each.__table__) for each in (AdviserLink, SignInTry, Access))


async def keep_house(console: Console, *, pause: float = _HOUR) -> None:
    """Run until cancelled. What fails is tried again at the next pass."""
    while True:
        try:
            await forget_what_is_over(console)
        except Exception as problem:  # retention must outlive any fault
            logger.error("housekeeping put off: %s", type(problem).__name__)
        await asyncio.sleep(pause)


async def forget_what_is_over(console: Console) -> None:
    """One pass."""
    moment = console.clock()

    def writing(connection: Connection) -> None:
        connection.execute(delete(_LINKS).where(_LINKS.c.expires_at < moment))
        connection.execute(delete(_TRIES).where(_TRIES.c.since < moment - timedelta(days=1)))
        connection.execute(delete(_LOG).where(_LOG.c.at < moment - timedelta(days=ACCESS_LOG_DAYS)))

    await console.sessions.purge()
    await console.store.write(writing)
