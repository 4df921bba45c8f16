"""Public processes that share a Redis of their own, which a test may stop, in front of one fake Rasa."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis.asyncio import Redis

from bot.conversation.store import Store
from bot.database import sync_engine
from bot.gateway.app import create_app
from bot.gateway.context import GATEWAY
from bot.gateway.rasa import RasaClient
from bot.settings import Settings
from bot.shared import connect
from tests import engines
from tests.gateway.conftest import TODAY, UNLIMITED, Person, rasa, settings
from tests.gateway.fake_rasa import KEY, FakeRasa

__all__ = ["rasa", "settings"]


@pytest.fixture
async def client(redis: engines.RedisServer) -> AsyncIterator[Redis]:
    """A client of an empty Redis."""
    made = connect(redis.url)
    await made.flushall()
    yield made
    await made.aclose(close_connection_pool=True)


@pytest.fixture
def own_redis() -> Iterator[engines.RedisServer]:
    """A Redis that the test may stop."""
    if reason := engines.missing("redis"):
        pytest.skip(reason)
    with engines.redis_server() as server:
        yield server


StartReplica = Callable[..., Awaitable[Person]]


@pytest.fixture
async def replica(settings: Settings, rasa: FakeRasa, emptied: str) -> AsyncIterator[StartReplica]:
    """Start one more public process on the same PostgreSQL and Redis: `await replica(redis.url)`."""
    clients: list[TestClient[Any, Any]] = []

    async def start(redis_url: str, *, database_url: str = emptied, **options: Any) -> Person:
        used = replace(settings, redis_url=redis_url, database_url=database_url)
        app = create_app(
            used,
            rasa=RasaClient(str(rasa.server.make_url("")), KEY, timeout=15),
            store=Store(sync_engine(database_url)),
            options=replace(UNLIMITED, **options),
            today=lambda: TODAY,
        )
        client = TestClient(TestServer(app))
        await client.start_server()
        clients.append(client)
        return Person(client, app[GATEWAY])

    yield start
    for client in clients:
        await client.close()
