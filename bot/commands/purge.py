"""`relais purge`: erase the conversations whose time is over, here and in Rasa."""

import argparse
import asyncio
from typing import Any

from bot.commands.erase import told
from bot.conversation.retention import Erased, purge
from bot.conversation.store import Store
from bot.database import sync_engine
from bot.gateway.rasa import RasaClient
from bot.settings import Settings


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "purge", help="efface les conversations dont la durée de conservation est passée"
    )
    parser.add_argument("--days", type=int, help="durée en jours (par défaut : RELAIS_RETENTION_DAYS)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Erase; 3 when some Rasa trackers still have to be (the next pass tries again)."""
    settings = Settings.from_environment()
    days = settings.retention_days if options.days is None else max(0, options.days)
    done = asyncio.run(_purge(settings, days))
    print(f"{done.conversations} conversation(s) effacée(s).")
    return told(done.waiting)


async def _purge(settings: Settings, days: int) -> Erased:
    store, rasa = Store(sync_engine(settings.database_url)), RasaClient.of(settings)
    try:
        return await purge(store, rasa.forget, retention_days=days)
    finally:
        await rasa.close()
        await store.close()
