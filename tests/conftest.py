"""How the tests share two cores: what is dear to start is started once; engines are instances of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.conversation.migrate import tables, upgrade
from bot.database import sync_engine
from tests import engines

HERE = Path(__file__).parent
STARTED_ONCE = {"conversations": "product", "evaluation": "product", "rasa": "product", "scale": "engines"}
"""Folder → group: what takes half a minute to start (a real Rasa, a trained model, several processes) is started once.
A Chromium takes a third of a second: both workers have theirs."""


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep each group together (`--dist loadgroup`); every other test goes to the worker that is free."""
    for item in items:
        group = STARTED_ONCE.get(item.path.relative_to(HERE).parts[0])
        if group:
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has our tables: copied where each test needs one, which takes a tenth of making them."""
    path = tmp_path_factory.mktemp("blank") / "relais.sqlite"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[engines.Postgres]:
    """A PostgreSQL that nobody stops."""
    if reason := engines.missing("postgresql"):
        pytest.skip(reason)
    with engines.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgresql: engines.Postgres) -> str:
    """Address of a database that has our tables."""
    url = postgresql.url()
    upgrade(url)
    return url


@pytest.fixture
def emptied(migrated: str) -> str:
    """The same, empty (cheaper than a database for each test)."""
    names = ", ".join(f'"{table.name}"' for table in tables().metadata.sorted_tables)
    engine = sync_engine(migrated)
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()
    return migrated


@pytest.fixture(scope="session")
def redis(request: pytest.FixtureRequest) -> Iterator[engines.RedisServer]:
    """A Redis that nobody stops."""
    if reason := engines.missing("redis"):
        pytest.skip(reason)
    with engines.redis_server() as server:
        yield server
