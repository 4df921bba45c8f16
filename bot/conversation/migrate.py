"""Bring the database to the current tables, at start and by `relais db upgrade`."""

import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import make_url

from bot.database import Base
from bot.settings import ROOT

MODELS = (
    "bot.conversation.models",
    "bot.conversation.handoff_models",
    "bot.directory.models",
    "bot.console.models",
    "bot.console.review.models",
    "bot.console.improve.models",
    "bot.gateway.channels.models",
)
"""Modules that hang tables on `Base`; those not there yet are left out."""


def tables() -> type[Base]:
    """`Base` with the tables of every part of Relais."""
    for name in MODELS:
        package = name.rpartition(".")[0]
        if importlib.util.find_spec(package) and importlib.util.find_spec(name):
            importlib.import_module(name)
    return Base


def configuration(database_url: str) -> Config:
    """Alembic's configuration for this database, without reading alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "bot" / "migrations").replace("%", "%%"))
    config.attributes["database_url"] = database_url
    return config


def upgrade(database_url: str) -> None:
    """Run every migration that this database has not seen. Safe to run by several processes at once."""
    with _alone(database_url):
        command.upgrade(configuration(database_url), "head")


@contextmanager
def _alone(database_url: str) -> Iterator[None]:
    """One migration at a time on a SQLite file (PostgreSQL: an advisory lock in bot/migrations/env.py)."""
    parsed = make_url(database_url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        yield
        return
    import fcntl

    path = Path(f"{parsed.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield
