"""Backup and restore of all that Relais keeps: its database, Rasa's trackers, and the key when the archive is sealed.

An archive is a tar of: `manifest.json`, one file per database (a SQLite copy made while it is used, or pg_dump's custom
format), `secret.key` only in a sealed archive, for who holds both the archive and the key reads everything.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy.engine import URL, make_url

from bot.conversation.migrate import upgrade
from bot.runtime.sealed_file import WrongPassphraseError, is_sealed, seal, unseal
from bot.settings import Settings

FORMAT = 1


class BackupError(RuntimeError):
    """It could not be done; the message says why and what to do."""


def backup(settings: Settings, archive: Path, *, passphrase: str = "") -> list[str]:
    """Write an archive (mode 0600), sealed when there is a passphrase; returns the names of what it holds.

    Relais may be serving. Our tables first, then Rasa's: a message taken in between is known to Rasa alone, which
    answers it again when it is sent again. Raises BackupError.
    """
    with TemporaryDirectory(prefix="relais-backup-", dir=_near(archive)) as name:
        work = Path(name)
        content = work / "content"
        content.mkdir()
        for part, url in databases(settings).items():
            _copy(url, content / part)
        key = settings.var / "secret.key"
        if passphrase and key.exists():
            shutil.copy(key, content / "secret.key")
        held = sorted(path.name for path in content.iterdir())
        manifest = {"format": FORMAT, "made_at": datetime.now(timezone.utc).isoformat(), "holds": held}
        (content / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        plain = work / "archive.tar.gz"
        with tarfile.open(plain, "w:gz") as tar:
            for path in sorted(content.iterdir()):
                tar.add(path, path.name)
        made = plain
        if passphrase:
            made = work / "archive.sealed"
            seal(plain, made, passphrase)
        made.chmod(0o600)
        made.replace(archive)
    return held


def restore(settings: Settings, archive: Path, *, passphrase: str = "", replace: bool = False) -> list[str]:
    """Put back what an archive holds, then bring the tables up to date; returns the names of what was put back.

    Nothing may be serving. Without `replace`, a database that exists already is an error. Raises BackupError.
    """
    if not archive.is_file():
        raise BackupError(f"{archive} n'existe pas.")
    parts = databases(settings)
    if not replace and (taken := [part for part, url in parts.items() if _exists(url)]):
        raise BackupError(
            f"Il y a déjà des données ({', '.join(taken)}). Ajoutez --replace pour les remplacer."
        )
    with TemporaryDirectory(prefix="relais-restore-", dir=_near(archive)) as name:
        work = Path(name)
        manifest = _unpack(archive, work, passphrase)
        missing = [part for part in parts if part not in manifest["holds"]]
        if missing:
            raise BackupError(
                f"L'archive vient d'une autre sorte de base : il y manque {', '.join(missing)}."
            )
        for part, url in parts.items():
            _put_back(url, work / part)
        if (work / "secret.key").exists() and not settings.has_shared_secret:
            settings.var.mkdir(parents=True, exist_ok=True)
            shutil.copy(work / "secret.key", settings.var / "secret.key")
            (settings.var / "secret.key").chmod(0o600)
    upgrade(settings.database_url)
    return list(manifest["holds"])


def databases(settings: Settings) -> dict[str, URL]:
    """File of the archive → database. One file when Rasa's trackers are in the same database."""
    ours, trackers = make_url(settings.database_url), make_url(settings.tracker_database_url)
    found = {f"relais.{_suffix(ours)}": ours}
    same = (ours.host, ours.port, ours.database) == (trackers.host, trackers.port, trackers.database)
    if not same or _suffix(ours) != _suffix(trackers):
        found[f"trackers.{_suffix(trackers)}"] = trackers
    return found


def _suffix(url: URL) -> str:
    return "sqlite" if url.get_backend_name() == "sqlite" else "pgdump"


def _near(archive: Path) -> Path:
    """Next to the archive: the same disk, and as private as the place that was chosen for it."""
    directory = archive.resolve().parent
    if not directory.is_dir():
        raise BackupError(f"Le dossier {directory} n'existe pas.")
    return directory


def _unpack(archive: Path, work: Path, passphrase: str) -> dict[str, Any]:
    plain = archive
    if is_sealed(archive):
        if not passphrase:
            raise BackupError("L'archive est chiffrée : donnez RELAIS_BACKUP_PASSPHRASE.")
        plain = work / "archive.tar.gz"
        try:
            unseal(archive, plain, passphrase)
        except WrongPassphraseError:
            raise BackupError("La phrase secrète n'est pas la bonne, ou l'archive est abîmée.") from None
    try:
        with tarfile.open(plain, "r:gz") as tar:
            tar.extractall(work, filter="data")
        manifest: dict[str, Any] = json.loads((work / "manifest.json").read_text(encoding="utf-8"))
    except (tarfile.TarError, OSError, EOFError, ValueError):
        raise BackupError(f"{archive} n'est pas une archive de Relais, ou elle est abîmée.") from None
    if manifest.get("format") != FORMAT:
        raise BackupError("L'archive vient d'une version de Relais que celle-ci ne sait pas lire.")
    return manifest


def _copy(url: URL, target: Path) -> None:
    if url.get_backend_name() == "sqlite":
        if not _exists(url):
            raise BackupError(f"{url.database} n'existe pas : rien à sauvegarder.")
        with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    _postgresql("pg_dump", url, "--format=custom", "--no-owner", f"--file={target}")


def _put_back(url: URL, source: Path) -> None:
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database))
        path.parent.mkdir(parents=True, exist_ok=True)
        for leftover in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copy(source, f"{path}.restored")
        Path(f"{path}.restored").replace(path)
        return
    options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={url.database}")
    _postgresql("pg_restore", url, *options, str(source))


def _exists(url: URL) -> bool:
    if url.get_backend_name() == "sqlite":
        return Path(str(url.database)).exists()
    from sqlalchemy import inspect

    from bot.database import sync_engine

    engine = sync_engine(url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False))
    try:
        return bool(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def _postgresql(program: str, url: URL, *options: str) -> None:
    """Run a tool of PostgreSQL; the password goes through its environment, never on the command line."""
    found = shutil.which(program) or next(
        (str(each) for each in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)),
        None,
    )
    if found is None:
        raise BackupError(f"{program} manque : installez le paquet postgresql-client.")
    values = {
        "PGHOST": url.query.get("host") or url.host,
        "PGPORT": url.port,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    own = {name: str(value) for name, value in values.items() if value}
    ran = subprocess.run(  # noqa: S603
        [found, *options], env={**os.environ, **own}, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise BackupError(
            f"{program} a échoué : {ran.stderr.strip().splitlines()[-1] if ran.stderr else '?'}"
        )
