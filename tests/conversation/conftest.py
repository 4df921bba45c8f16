"""A store on a database of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.migrate import upgrade
from bot.conversation.store import Store
from bot.database import sync_engine


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'relais.sqlite'}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    upgrade(url)
    made = Store(sync_engine(url))
    yield made
    await made.close()
