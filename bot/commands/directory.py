"""`relais directory`: check, refresh from open data, import of edits, history and restoration."""

import argparse
import asyncio
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.directory.links import LinkResult
    from bot.directory.lookup import Directory


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its own commands."""
    parser = commands.add_parser("directory", help="l'annuaire : contrôle, mise à jour, modifications")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    checking = actions.add_parser("check", help="forme, doubles, couverture, âge ; rapport daté")
    checking.add_argument("--links", action="store_true", help="ouvrir aussi chaque lien (réseau)")
    checking.add_argument("--output", type=Path, help="dossier du rapport (var/reports)")
    checking.set_defaults(run=run_check)
    refreshing = actions.add_parser(
        "refresh", help="comparer aux données ouvertes ; écrit un fichier à relire"
    )
    refreshing.add_argument(
        "--only", action="append", metavar="SOURCE", help="cpam, mdph, cap_emploi…, urssaf ; répétable"
    )
    refreshing.add_argument("--dila-url", default="", help="autre adresse de l'annuaire de l'administration")
    refreshing.add_argument("--urssaf-url", default="", help="autre adresse de la liste des services (SST)")
    refreshing.add_argument("--output", type=Path, help="dossier du fichier à relire (var/refresh)")
    refreshing.add_argument("--odbl", type=Path, help="dossier des données ODbL (data/directory/odbl)")
    refreshing.set_defaults(run=run_refresh)
    importing = actions.add_parser("import", help="faire les modifications d'un fichier CSV")
    importing.add_argument("file", type=Path, metavar="FICHIER")
    importing.add_argument("--dry-run", action="store_true", help="montrer sans rien changer")
    importing.add_argument("--who", default="", help="qui fait la modification")
    importing.add_argument("--why", default="", help="pourquoi")
    importing.set_defaults(run=run_import)
    past = actions.add_parser("history", help="les modifications d'un organisme")
    past.add_argument("organism", metavar="IDENTIFIANT")
    past.set_defaults(run=run_history)
    restoring = actions.add_parser("restore", help="remettre la valeur d'avant une modification")
    restoring.add_argument("change", type=int, metavar="NUMÉRO")
    restoring.add_argument("--who", required=True)
    restoring.add_argument("--why", required=True)
    restoring.set_defaults(run=run_restore)


def _load() -> "Directory":
    from bot.directory.lookup import Directory
    from bot.settings import Settings

    return Directory.load(Settings.from_environment().database_url)


def _engine() -> "Engine":
    """The database of edits, its tables made by the migrations. Raises DataError when they are not."""
    from sqlalchemy import inspect

    from bot.database import sync_engine
    from bot.directory.importer import DataError, import_files
    from bot.directory.models import Organism
    from bot.settings import Settings

    engine = sync_engine(Settings.from_environment().database_url)
    if not inspect(engine).has_table(Organism.__tablename__):
        raise DataError("la base n'est pas prête : lancez d'abord les migrations (alembic upgrade head)")
    import_files(engine)
    return engine


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _today() -> dt.date:
    return dt.datetime.now(dt.timezone.utc).date()


def run_check(options: argparse.Namespace) -> int:
    """Print and keep the report; 1 when there is an error or a broken link."""
    from bot.directory import check, links
    from bot.settings import Settings

    directory, today = _load(), _today()
    problems = check.check(directory, today)
    entries = directory.entries()
    text = check.report(problems, check.counts(entries, today), today)
    text += f"\n{check.without_service(entries)}\n"
    failed = any(problem.severity == "error" for problem in problems)
    if options.links:
        results = asyncio.run(_open_links(directory))
        text += "\n" + links.links_report(results)
        failed = failed or any(not result.works for result in results)
    folder = options.output or Settings.from_environment().var / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"annuaire-{today.isoformat()}.md"
    path.write_text(text, encoding="utf-8")
    print(text)
    _say(f"Rapport : {path}")
    return 1 if failed else 0


async def _open_links(directory: "Directory") -> "list[LinkResult]":
    import aiohttp

    from bot.directory.links import links_of, open_links

    async with aiohttp.ClientSession() as session:
        return await open_links(session, links_of(directory.entries()), progress=_say)


def run_refresh(options: argparse.Namespace) -> int:
    """Write the diff and the ODbL files; 1 when a source failed (the others are kept)."""
    from bot.directory import dila
    from bot.directory.gazetteer import DATA
    from bot.directory.refreshing import Refresh
    from bot.settings import Settings

    known = {*dila.PIVOTS.values(), "urssaf"}
    wanted = set(options.only or known)
    if wanted - known:
        _say(f"source inconnue : {', '.join(sorted(wanted - known))} ; connues : {', '.join(sorted(known))}")
        return 2
    refresh = Refresh(
        folder=options.output or Settings.from_environment().var / "refresh",
        odbl=options.odbl or DATA / "odbl",
        day=_today(),
        dila_url=options.dila_url or dila.URL,
        urssaf_url=options.urssaf_url,
        progress=_say,
    )
    outcome = asyncio.run(refresh.run(_load().entries(), wanted))
    for failure in outcome.failures:
        _say(failure)
    if outcome.diff:
        print(outcome.diff)
        _say(f"{outcome.lines} lignes à relire, puis : relais directory import {outcome.diff} --dry-run")
    return 1 if outcome.failures else 0


def run_import(options: argparse.Namespace) -> int:
    """Make the edits of a file, or show them; 2 when a line cannot be used: nothing is then changed."""
    from sqlalchemy.orm import Session

    from bot.directory import edits
    from bot.directory.importer import DataError

    try:
        wanted = edits.read_edits(options.file)
        with Session(_engine()) as session:
            for planned in edits.plan(session, wanted):
                edit = planned.edit
                before, after = planned.before or "(rien)", edit.value or "(retiré)"
                print(f"{edit.organism_id} {edit.field} : {before} → {after}")
            if options.dry_run:
                _say("Essai : rien n'est changé.")
                return 0
            changes = edits.apply(session, wanted, who=options.who, why=options.why)
            session.commit()
    except (DataError, OSError) as error:
        _say(str(error))
        return 2
    _say(f"{len(changes)} modifications faites.")
    return 0


def run_history(options: argparse.Namespace) -> int:
    """Print the changes of an organism, the latest first."""
    from sqlalchemy.orm import Session

    from bot.directory import edits
    from bot.directory.importer import DataError

    try:
        with Session(_engine()) as session:
            for change in edits.history(session, options.organism):
                undone = f" (remet l'état d'avant la n° {change.restores})" if change.restores else ""
                print(f"n° {change.id} {change.at:%Y-%m-%d %H:%M} {change.who} : {change.field}{undone}")
                print(f"   pourquoi : {change.why}")
                print(f"   avant : {change.old or '(valeur du projet)'}")
                print(f"   après : {change.new or '(valeur du projet)'}")
    except DataError as error:
        _say(str(error))
        return 2
    return 0


def run_restore(options: argparse.Namespace) -> int:
    """Put back the value from before a change; 2 when it does not exist."""
    from sqlalchemy.orm import Session

    from bot.directory import edits
    from bot.directory.importer import DataError

    try:
        with Session(_engine()) as session:
            change = edits.restore(session, options.change, who=options.who, why=options.why)
            session.commit()
            _say(f"{change.organism_id} {change.field} : valeur d'avant remise.")
    except DataError as error:
        _say(str(error))
        return 2
    return 0
