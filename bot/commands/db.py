"""`relais db`: bring the database to the current tables (`relais serve` does it too), take erased rows off the disk."""

import argparse
import asyncio
import sys
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.migrate import upgrade
from bot.conversation.rewriting import rewrite
from bot.conversation.store import Store
from bot.database import sync_engine
from bot.settings import Settings


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("db", help="la base de données")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("upgrade", help="met les tables à jour").set_defaults(run=run_upgrade)
    rewriting = "réécrit les tables de PostgreSQL, pour que ce qui est effacé ne soit plus sur le disque"
    actions.add_parser("rewrite", help=rewriting).set_defaults(run=run_rewrite)


def run_upgrade(_options: argparse.Namespace) -> int:
    """Run the migrations; 1 when the database does not answer."""
    try:
        upgrade(Settings.from_environment().database_url)
    except SQLAlchemyError as problem:
        return _unreachable(problem)
    print("Base de données à jour.")
    return 0


def _unreachable(problem: SQLAlchemyError) -> int:
    print(
        f"Base de données inaccessible ({type(problem).__name__}) : vérifiez RELAIS_DATABASE_URL.",
        file=sys.stderr,
    )
    return 1


def run_rewrite(_options: argparse.Namespace) -> int:
    """Write the tables again; 1 when one of them was busy or the database does not answer."""
    try:
        left = asyncio.run(_rewrite(Settings.from_environment().database_url))
    except SQLAlchemyError as problem:
        return _unreachable(problem)
    if left:
        print(f"Pas réécrites, refaites la commande plus tard : {', '.join(left)}.", file=sys.stderr)
        return 1
    print("Ce qui est effacé n'est plus dans les tables, sur le disque.")
    return 0


async def _rewrite(url: str) -> list[str]:
    store = Store(sync_engine(url))
    try:
        return await rewrite(store)
    finally:
        await store.close()
