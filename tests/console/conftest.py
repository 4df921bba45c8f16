"""The public process with its console, on a database of its own, and browsers signed in to it."""

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, CookieJar
from aiohttp.test_utils import TestClient, TestServer
from argon2 import PasswordHasher
from sqlalchemy import insert

from bot.console.context import CONSOLE, Console
from bot.console.models import AdviserRow
from bot.console.sessions import COOKIE
from bot.conversation.state import now
from bot.conversation.store import Store
from bot.gateway.app import create_app
from bot.gateway.context import GATEWAY
from bot.gateway.options import Options
from bot.gateway.rasa import RasaClient
from bot.runtime.supervisor import mount_console
from bot.settings import Settings
from tests.gateway.conftest import rasa as rasa
from tests.gateway.conftest import settings as settings
from tests.gateway.fake_rasa import KEY, FakeRasa

UNLIMITED = Options(messages_per_minute=0, requests_per_minute=0, conversations_per_minute=0)


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2 with the least work: these tests sign in hundreds of times."""
    cheap = PasswordHasher(1, 8, 1)
    monkeypatch.setattr("bot.console.accounts.passwords._HASHER", cheap)
    monkeypatch.setattr("bot.console.accounts.passwords._NOBODY", cheap.hash("nobody"))


@dataclass
class Browser:
    """A browser of its own: cookies, and the token of the forms as the last page gave it."""

    client: TestClient[Any, Any]
    csrf: str = ""
    text: str = ""
    """The last page."""
    adviser_id: int = 0

    async def get(self, path: str, **options: Any) -> ClientResponse:
        return await self._read(await self.client.get(path, allow_redirects=False, **options))

    async def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> ClientResponse:
        """Send a form with the token of the last page."""
        sent = {"csrf": self.csrf} | (data or {})
        return await self._read(await self.client.post(path, data=sent, allow_redirects=False, **options))

    async def follow(self, response: ClientResponse) -> ClientResponse:
        assert response.status == 303, (response.status, self.text[-1500:])
        return await self.get(response.headers["Location"])

    async def _read(self, response: ClientResponse) -> ClientResponse:
        self.text = (
            await response.text() if response.content_type.startswith(("text/", "application/json")) else ""
        )
        if found := re.search(r'name="csrf" value="([^"]+)"', self.text):
            self.csrf = found[1]
        return response


@dataclass
class Site:
    """The public process and its console."""

    server: TestServer
    console: Console
    settings: Settings
    clock: Clock
    rasa: FakeRasa
    clients: list[TestClient[Any, Any]] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.console.store

    async def browser(self) -> Browser:
        """A visitor who has not signed in."""
        client = TestClient(self.server, cookie_jar=CookieJar(unsafe=True))
        self.clients.append(client)
        return Browser(client)

    async def sign_in(
        self,
        role: str = "adviser",
        departments: list[str] | None = None,
        email: str = "",
        name: str = "",
    ) -> Browser:
        """A browser signed in as a new adviser of this role and territory (the sign-in pages are not gone through)."""
        rank = len(self.clients)
        row = {
            "email": email or f"{role}{rank}@exemple.fr", "name": name or f"Camille {role} {rank}", "role": role,
            "departments": departments, "active": True, "recovery": [], "created_at": self.clock(),
        }  # fmt: skip
        made = insert(AdviserRow).values(row).returning(AdviserRow.id)
        adviser_id: int = await self.store.write(lambda connection: connection.execute(made).scalar_one())
        browser = await self.browser()
        browser.adviser_id = adviser_id
        token = await self.console.sessions.open(adviser_id, "full")
        browser.client.session.cookie_jar.update_cookies({COOKIE: token}, self.server.make_url("/console/"))
        browser.csrf = self.console.sessions.form_token(token)
        return browser


StartSite = Callable[..., Awaitable[Site]]


@pytest.fixture
async def start_site(settings: Settings, rasa: FakeRasa, blank: Path) -> AsyncIterator[StartSite]:
    """`await start_site()`; `public_url` and `settings` apart, keyword arguments go to `create_console`."""
    sites: list[Site] = []
    shutil.copy(blank, settings.var)

    async def start(*, public_url: str = "", settings: Settings = settings, **console: Any) -> Site:
        clock = Clock()
        used = replace(settings, public_url=public_url) if public_url else settings
        client = RasaClient(str(rasa.server.make_url("")), KEY, timeout=15)
        public = create_app(used, rasa=client, options=UNLIMITED)
        mounted = mount_console(public, clock=clock, **console)
        server = TestServer(public)
        await server.start_server()
        site = Site(server, mounted[CONSOLE], public[GATEWAY].settings, clock, rasa)
        sites.append(site)
        return site

    yield start
    for site in sites:
        for client in site.clients:
            await client.session.close()
        await site.server.close()


@pytest.fixture
async def site(start_site: StartSite) -> Site:
    return await start_site()
