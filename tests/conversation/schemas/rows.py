"""One row in each table of a database, whatever its schema, and the dump of a schema with its rows.

`python -m tests.conversation.schemas.rows 0006` writes the dump of a revision that is released: once made, it is never
made again, for a migration that was changed afterwards must still upgrade what people have.
"""

import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command

from bot.conversation.migrate import configuration
from bot.database import sync_engine

HERE = Path(__file__).parent
MOMENT = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def fill(engine: sa.Engine) -> dict[str, int]:
    """Add a row to each table; returns the number of rows of each."""
    metadata = sa.MetaData()
    metadata.reflect(engine)
    values: dict[str, dict[str, Any]] = {}
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name == "alembic_version":
                continue
            row = {column.name: _value(column, values) for column in table.columns}
            values[table.name] = row
            connection.execute(table.insert().values(row))
        return {
            name: connection.execute(
                sa.select(sa.func.count()).select_from(metadata.tables[name])
            ).scalar_one()
            for name in values
        }


def count(engine: sa.Engine, names: list[str]) -> dict[str, int]:
    """Rows of these tables."""
    with engine.connect() as connection:
        return {
            name: connection.execute(sa.text(f'SELECT COUNT(*) FROM "{name}"')).scalar_one() for name in names
        }


def _value(column: sa.Column[Any], others: dict[str, dict[str, Any]]) -> Any:
    for key in column.foreign_keys:
        if key.column.table is column.table:
            return None
        return others[key.column.table.name][key.column.name]
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Integer):
        return 1
    if isinstance(kind, sa.Float | sa.Numeric):
        return 0.5
    if isinstance(kind, sa.DateTime):
        return MOMENT if kind.timezone else MOMENT.replace(tzinfo=None)
    if isinstance(kind, sa.Date):
        return date(2026, 11, 22)
    if isinstance(kind, sa.JSON):
        return []
    if isinstance(kind, sa.LargeBinary):
        return b"x"
    length = getattr(kind, "length", None) or 8
    return "yes" if column.name == "consent" else column.name[:length]


def dump(revision: str) -> str:
    """SQL that makes the schema of a revision with its rows."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "a.sqlite"
        url = f"sqlite+aiosqlite:///{path}"
        command.upgrade(configuration(url), revision)
        engine = sync_engine(url)
        fill(engine)
        engine.dispose()
        with closing(sqlite3.connect(path)) as database:
            return "\n".join(database.iterdump()) + "\n"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        (HERE / f"{name}.sql").write_text(dump(name), encoding="utf-8")
