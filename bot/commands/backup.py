"""`relais backup FILE` and `relais restore FILE`: all that is kept, in one archive."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings, SettingsError


def register(subparsers: Any) -> None:
    """Add both commands."""
    saving = subparsers.add_parser("backup", help="sauvegarde tout ce qui est gardé dans une archive")
    saving.add_argument("file", type=Path, metavar="FICHIER")
    saving.set_defaults(run=run_backup)
    restoring = subparsers.add_parser("restore", help="remet ce qu'une archive contient (Relais arrêté)")
    restoring.add_argument("file", type=Path, metavar="FICHIER")
    restoring.add_argument("--replace", action="store_true", help="remplace les données qui sont là")
    restoring.set_defaults(run=run_restore)


def run_backup(options: argparse.Namespace) -> int:
    """Write the archive; 1 with one line when it cannot be done."""
    from bot.runtime.backup import BackupError, backup

    settings, passphrase = Settings.from_environment(), _passphrase()
    try:
        held = backup(settings, options.file, passphrase=passphrase)
    except (BackupError, SQLAlchemyError, OSError) as problem:
        print(f"Pas de sauvegarde : {_said(problem)}", file=sys.stderr)
        return 1
    print(f"{options.file} : {', '.join(held)}.")
    if not passphrase:
        print(
            "Archive non chiffrée, sans la clé : des données de santé y sont lisibles. Donnez "
            "RELAIS_BACKUP_PASSPHRASE pour la chiffrer.",
            file=sys.stderr,
        )
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Put the archive back; 1 with one line when it cannot be done."""
    from bot.runtime.backup import BackupError, restore

    try:
        settings = Settings.from_environment()
        held = restore(settings, options.file, passphrase=_passphrase(), replace=options.replace)
    except (BackupError, SettingsError, SQLAlchemyError, OSError) as problem:
        print(f"Rien n'est remis : {_said(problem)}", file=sys.stderr)
        return 1
    print(
        f"Remis : {', '.join(held)}. Les conversations trop vieilles partiront au prochain passage (relais purge)."
    )
    return 0


def _passphrase() -> str:
    path = os.environ.get("RELAIS_BACKUP_PASSPHRASE_FILE")
    return (
        Path(path).read_text(encoding="utf-8").strip()
        if path
        else os.environ.get("RELAIS_BACKUP_PASSPHRASE", "")
    )


def _said(problem: Exception) -> str:
    return type(problem).__name__ if isinstance(problem, SQLAlchemyError) else str(problem)
