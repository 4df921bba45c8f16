"""`relais erase CONVERSATION`: erase one conversation, here and in Rasa."""

import argparse
import asyncio
import sys
from typing import Any

from bot.conversation.retention import erase, finish
from bot.conversation.store import Store
from bot.database import sync_engine
from bot.gateway.memory import MemoryAwayError
from bot.gateway.options import Options
from bot.gateway.rasa import RasaClient
from bot.gateway.sharing import Sharing
from bot.settings import Settings


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("erase", help="efface une conversation")
    parser.add_argument("conversation", metavar="CONVERSATION", help="identifiant de la conversation")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Erase; 1 when there is no such conversation, 3 when Rasa's tracker still has to be erased."""
    settings = Settings.from_environment()
    try:
        found, waiting = asyncio.run(_erase(settings, options.conversation))
    except MemoryAwayError:
        print("Redis ne répond pas : ce qui y reste s'efface de lui-même en deux heures.", file=sys.stderr)
        return 3
    if not found:
        print("Aucune conversation ne porte cet identifiant.", file=sys.stderr)
        return 1
    print("Conversation effacée.")
    return told(waiting)


def told(waiting: int) -> int:
    """Say that Rasa did not answer, if so; returns the exit status."""
    if not waiting:
        return 0
    print(
        f"Rasa ne répond pas : la copie de {waiting} conversation(s) y sera effacée au prochain passage "
        "(relais serve le fait chaque minute).",
        file=sys.stderr,
    )
    return 3


async def _erase(settings: Settings, conversation_id: str) -> tuple[bool, int]:
    store, rasa = Store(sync_engine(settings.database_url)), RasaClient.of(settings)
    sharing = Sharing.of(settings, Options())
    try:
        found = await erase(store, conversation_id, rasa.forget)
        await sharing.memory.drop(conversation_id)
        return found, await finish(store, rasa.forget, only=conversation_id)
    finally:
        await sharing.close()
        await rasa.close()
        await store.close()
