"""A store on a database of its own, once on SQLite and once on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.migrate import upgrade
from bot.conversation.store import Store
from bot.database import sync_engine


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'relais.sqlite'}"
    made: str = request.getfixturevalue("postgresql").url()
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store whose database is up to date."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'relais.sqlite'}"
        upgrade(url)
    else:
        url = request.getfixturevalue("emptied")
    made = Store(sync_engine(url))
    yield made
    await made.close()
