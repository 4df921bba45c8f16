"""A gateway in this process, on a database of its own, in front of a fake Rasa."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import create_app
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.options import Options
from bot.gateway.rasa import RasaClient
from bot.settings import Settings
from tests.gateway.fake_rasa import KEY, FakeRasa

TODAY = date(2026, 11, 22)
"""The day of the fake Rasa's plan."""
UNLIMITED = Options(messages_per_minute=0, requests_per_minute=0, conversations_per_minute=0, rasa_timeout=15)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("RELAIS_VAR", str(tmp_path))
    monkeypatch.setenv("RELAIS_SECRET", "secret-de-test")
    for name in (
        "RELAIS_DATABASE_URL",
        "RELAIS_PUBLIC_URL",
        "RELAIS_ALLOWED_ORIGINS",
        "RELAIS_TRUSTED_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    return Settings.from_environment()


@pytest.fixture
async def rasa() -> AsyncIterator[FakeRasa]:
    fake = FakeRasa()
    await fake.server.start_server()
    yield fake
    await fake.server.close()


class Person:
    """Someone who talks with the gateway through its API, as a program with a bearer token."""

    def __init__(self, client: TestClient[Any, Any], gateway: Gateway) -> None:
        self.client = client
        self.gateway = gateway
        self.token = ""

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def id(self) -> str:
        found = self.gateway.sessions.tokens.conversation(self.token)
        assert found is not None
        return found

    async def begin(self, *, consent: str | None = None) -> list[dict[str, Any]]:
        response = await self.client.post("/api/conversations", json={})
        body = await response.json()
        assert response.status == 201, body
        self.token = body["token"]
        if consent is not None:
            await self.say(choice=consent)
        messages: list[dict[str, Any]] = body["messages"]
        return messages

    async def post(self, **body: Any) -> ClientResponse:
        return await self.client.post("/api/messages", json=body, headers=self.headers)

    async def say(self, text: str | None = None, **body: Any) -> list[dict[str, Any]]:
        if text is not None:
            body["text"] = text
        response = await self.post(**body)
        answer = await response.json()
        assert response.status == 200, answer
        messages: list[dict[str, Any]] = answer["messages"]
        return messages

    async def conversation(self) -> dict[str, Any]:
        response = await self.client.get("/api/conversation", headers=self.headers)
        body: dict[str, Any] = await response.json()
        assert response.status == 200, body
        return body


def break_rasa(person: Person, rasa: FakeRasa, fault: str) -> None:
    """Rasa fails from now on; only for the silent one is our patience cut, a busy machine being slow too."""
    rasa.fault = fault
    if fault == "silent":
        person.gateway.rasa._timeout = person.gateway.dialogue._danger_limit = 0.2


StartGateway = Callable[..., Awaitable[Person]]


@pytest.fixture
async def start(settings: Settings, rasa: FakeRasa, blank: Path) -> AsyncIterator[StartGateway]:
    """Start a gateway (several times for a restart): `await start(messages_per_minute=3)`."""
    clients: list[TestClient[Any, Any]] = []
    shutil.copy(blank, settings.var)

    async def start_one(
        *, public_url: str = "", database_url: str = "", today: date = TODAY, **options: Any
    ) -> Person:
        chosen = replace(UNLIMITED, **options)
        given = {"public_url": public_url, "database_url": database_url}
        used = replace(settings, **{name: value for name, value in given.items() if value})
        client_of_rasa = RasaClient(str(rasa.server.make_url("")), KEY, timeout=chosen.rasa_timeout)
        app = create_app(used, rasa=client_of_rasa, options=chosen, today=lambda: today)
        client = TestClient(TestServer(app))
        await client.start_server()
        clients.append(client)
        return Person(client, app[GATEWAY])

    yield start_one
    for client in clients:
        await client.close()


@pytest.fixture
async def person(start: StartGateway) -> Person:
    return await start()
