"""Migrations: they make exactly the tables of the models, and can be run again and at once."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from bot.conversation.migrate import configuration, tables, upgrade
from bot.database import sync_engine
from bot.settings import ROOT
from tests import engines
from tests.conversation.schemas.rows import HERE as SCHEMAS
from tests.conversation.schemas.rows import count, fill


def test_les_migrations_font_les_tables_des_modeles(url: str):
    upgrade(url)
    engine = sync_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables().metadata) == []
    engine.dispose()


def test_les_migrations_se_defont(url: str):
    upgrade(url)
    command.downgrade(configuration(url), "base")
    engine = sync_engine(url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    engine.dispose()
    upgrade(url)


def test_plusieurs_processus_peuvent_migrer_en_meme_temps(tmp_path: Path):
    code = "import sys; from bot.conversation.migrate import upgrade; upgrade(sys.argv[1])"
    address = f"sqlite+aiosqlite:///{tmp_path / 'a.sqlite'}"

    def once(_rank: int) -> int:
        return subprocess.run([sys.executable, "-c", code, address], cwd=ROOT, check=False).returncode

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(once, range(3))) == [0, 0, 0]


def test_ce_qui_etait_garde_reste(url: str):
    upgrade(url)
    engine = sync_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO safety_event VALUES ('2026-11-22', 'soft', 'web', 3)"))
    upgrade(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count FROM safety_event")).scalar_one() == 3
    engine.dispose()


def test_les_tables_s_ecrivent_aussi_pour_postgresql():
    written = [
        str(CreateTable(table).compile(dialect=postgresql.dialect()))
        for table in tables().metadata.sorted_tables
    ]
    assert any("JSONB" in table for table in written)


RELEASED = sorted(path.stem for path in SCHEMAS.glob("*.sql"))


@pytest.mark.parametrize("revision", RELEASED)
def test_chaque_schema_publie_se_met_a_jour_avec_ses_lignes(revision: str, tmp_path: Path):
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript((SCHEMAS / f"{revision}.sql").read_text(encoding="utf-8"))
    address = f"sqlite+aiosqlite:///{path}"
    engine = sync_engine(address)
    names = [name for name in inspect(engine).get_table_names() if name != "alembic_version"]
    before = count(engine, names)
    assert set(before.values()) == {1}
    upgrade(address)
    assert count(engine, names) == before
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables().metadata) == []
        assert connection.execute(text("SELECT consent FROM conversation")).scalar_one() == "yes"
    engine.dispose()


def test_les_schemas_publies_sont_la():
    assert RELEASED[:5] == ["0001", "0002", "0003", "0004", "0005"]


def test_un_postgresql_rempli_se_met_a_jour_depuis_le_premier_schema(postgresql: engines.Postgres):
    address = postgresql.url()
    command.upgrade(configuration(address), RELEASED[0])
    engine = sync_engine(address)
    before = fill(engine)
    upgrade(address)
    assert count(engine, list(before)) == before
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables().metadata) == []
    engine.dispose()


def test_les_vues_enregistrees_oublient_les_mots_cherches(tmp_path: Path):
    path = tmp_path / "a.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.executescript((SCHEMAS / "0008.sql").read_text(encoding="utf-8"))
        database.execute("UPDATE review_view SET query = 'q=durand&canal=web&statut=any'")
        database.commit()
    upgrade(f"sqlite+aiosqlite:///{path}")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT query FROM review_view").fetchall() == [("canal=web&statut=any",)]
