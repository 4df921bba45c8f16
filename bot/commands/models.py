"""`relais models`: the trained models at hand, and two of them compared on the turns that advisers reviewed."""

import argparse
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import true

from bot.console.improve import corrections
from bot.console.improve.comparison import Comparison, Reviewed, compare, name_of
from bot.database import sync_engine
from bot.settings import Settings
from bot.understanding import UnderstandingError, trained_models


def register(subparsers: Any) -> None:
    """Add the commands."""
    parser = subparsers.add_parser(
        "models", help="les modèles entraînés, et la comparaison de deux d'entre eux"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMANDE")
    listing = commands.add_parser("list", help="les modèles entraînés, le dernier d'abord")
    listing.set_defaults(run=run_list)
    comparing = commands.add_parser(
        "compare", help="deux modèles sur les messages dont un conseiller a corrigé ou confirmé l'intention"
    )
    comparing.add_argument("first", metavar="DEPART", help="nom (relais models list) ou fichier")
    comparing.add_argument("second", metavar="NOUVEAU")
    comparing.add_argument(
        "--texts", action="store_true", help="avec les messages masqués : ils restent personnels"
    )
    comparing.set_defaults(run=run_compare)


def run_list(_options: argparse.Namespace) -> int:
    """Print the names."""
    for model in trained_models(Settings.from_environment()):
        print(name_of(model))
    return 0


def run_compare(options: argparse.Namespace) -> int:
    """Print the table; 2 when a model or the reviewed messages are missing, 1 when a model does not load."""
    settings = Settings.from_environment()
    paths = [_find(settings, name) for name in (options.first, options.second)]
    if None in paths:
        print("Modèle introuvable : « relais models list » donne ceux qu'il y a.", file=sys.stderr)
        return 2
    reviewed = _reviewed(settings)
    if not reviewed:
        print("Aucun message relu : corrigez ou confirmez des intentions dans la console.", file=sys.stderr)
        return 2
    first, second = (path for path in paths if path is not None)
    try:
        _print(
            compare(first, second, reviewed),
            {each.key: each.text for each in reviewed} if options.texts else {},
        )
    except UnderstandingError:
        print("Un modèle ne s'est pas chargé ; voir le message au-dessus.", file=sys.stderr)
        return 1
    return 0


def _find(settings: Settings, name: str) -> Path | None:
    if Path(name).is_file():
        return Path(name)
    return next((path for path in trained_models(settings) if name_of(path) == name), None)


def _reviewed(settings: Settings) -> list[Reviewed]:
    if not settings.has_database:
        return []
    engine = sync_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            found = corrections.reviewed(connection, true())
    finally:
        engine.dispose()
    return [Reviewed((each.conversation_id, each.seq), each.text, each.after) for each in found]


def _print(found: Comparison, texts: dict[tuple[str, int], str]) -> None:
    total = len(found.rows)
    for rank in (0, 1):
        print(
            f"{found.names[rank]} : {found.right(rank)} / {total} justes, confiance {found.confidence(rank):.2f}"
        )
    print(
        f"gagnés : {found.count('gained')}, perdus : {found.count('lost')}, faux deux fois : {found.count('both_wrong')}"
    )
    for row in found.told_apart:
        said = f"  {texts[row.key]}" if row.key in texts else ""
        before, after = row.first, row.second
        print(
            f"{row.right:<26} {before.intent} ({before.confidence:.2f}) -> {after.intent} ({after.confidence:.2f}){said}"
        )
