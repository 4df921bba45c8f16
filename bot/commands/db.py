"""`relais db upgrade`: bring the database to the current tables (`relais serve` does it too)."""

import argparse
import sys
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.migrate import upgrade
from bot.settings import Settings


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("db", help="la base de données")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("upgrade", help="met les tables à jour").set_defaults(run=run_upgrade)


def run_upgrade(_options: argparse.Namespace) -> int:
    """Run the migrations; 1 when the database does not answer."""
    try:
        upgrade(Settings.from_environment().database_url)
    except SQLAlchemyError as problem:
        print(
            f"Base de données inaccessible ({type(problem).__name__}) : vérifiez RELAIS_DATABASE_URL.",
            file=sys.stderr,
        )
        return 1
    print("Base de données à jour.")
    return 0
