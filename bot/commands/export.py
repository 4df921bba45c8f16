"""`relais export --from --to`: pseudonymised conversations, one JSON object per line."""

import argparse
import asyncio
import json
import sys
from datetime import date
from typing import Any

from bot.conversation.export import export
from bot.conversation.store import Store
from bot.database import sync_engine
from bot.settings import Settings


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "export", help="exporte les conversations, pseudonymisées (JSON, une par ligne)"
    )
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="AAAA-MM-JJ", required=True)
    parser.add_argument("--to", dest="last", type=date.fromisoformat, metavar="AAAA-MM-JJ", required=True)
    parser.add_argument(
        "--texts", action="store_true", help="avec les textes masqués : ils peuvent encore dire qui parle"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the export; 2 when the dates are in the wrong order."""
    if options.last < options.first:
        print("--to doit être le même jour que --from, ou après.", file=sys.stderr)
        return 2
    asyncio.run(_print(Settings.from_environment(), options))
    return 0


async def _print(settings: Settings, options: argparse.Namespace) -> None:
    store = Store(sync_engine(settings.database_url))
    try:
        async for conversation in export(
            store, options.first, options.last, key=settings.secret, texts=options.texts
        ):
            print(json.dumps(conversation, ensure_ascii=False))
    finally:
        await store.close()
