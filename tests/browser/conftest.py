"""A real Chromium in front of the real gateway, which speaks with a fake Rasa: no model is needed."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.gateway.app import create_app
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.rasa import RasaClient
from bot.settings import Settings
from tests.browser.dialogue import FullRasa
from tests.gateway.conftest import UNLIMITED
from tests.gateway.conftest import settings as settings
from tests.gateway.fake_rasa import KEY

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without Chromium these tests fail: a widget that nobody has seen work does not work."""
    reason = os.environ.get("RELAIS_NO_BROWSER")
    for item in items:
        if reason and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=f"RELAIS_NO_BROWSER={reason}: no browser here"))


def chromium_path() -> str:
    """Debian's Chromium, or the one that RELAIS_CHROMIUM names."""
    found = os.environ.get("RELAIS_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.fail(
            "No Chromium: apt-get install chromium, or set RELAIS_CHROMIUM to its path. "
            "RELAIS_NO_BROWSER=why leaves these tests out."
        )
    return found


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = chromium_path()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@pytest.fixture
async def rasa() -> AsyncIterator[FullRasa]:
    fake = FullRasa()
    await fake.server.start_server()
    yield fake
    await fake.server.close()


class Site:
    """The public process on a port of this machine."""

    def __init__(self, server: TestServer, gateway: Gateway) -> None:
        self.server = server
        self.gateway = gateway

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"


StartSite = Callable[..., Awaitable[Site]]


@pytest.fixture
async def start_site(settings: Settings, rasa: FullRasa) -> AsyncIterator[StartSite]:
    servers: list[TestServer] = []

    async def start(*, port: int | None = None, **options: Any) -> Site:
        chosen = replace(UNLIMITED, **options)
        client = RasaClient(str(rasa.server.make_url("")), KEY, timeout=chosen.rasa_timeout)
        app = create_app(settings, rasa=client, options=chosen)
        server = TestServer(app, port=port)
        await server.start_server()
        servers.append(server)
        return Site(server, app[GATEWAY])

    yield start
    for server in servers:
        await server.close()


@pytest.fixture
async def site(start_site: StartSite) -> Site:
    return await start_site()


class Visitor:
    """Someone with a browser. `widget` is the page's <relais-chat>."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.problems: list[str] = []
        self.expected = ""
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.problems.append(text)

    def _request(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "blob:")):
            self.problems.append(f"third party: {url}")

    @property
    def widget(self) -> Any:
        return self.page.locator("relais-chat")

    async def open(self, path: str = "/") -> "Visitor":
        await self.page.goto(self.url + path)
        return self

    async def begin(self) -> "Visitor":
        await self.open()
        await self.widget.get_by_role("button", name="Commencer", exact=True).click()
        await self.sees("Acceptez-vous")
        return self

    async def choose(self, title: str) -> None:
        await self.widget.get_by_role("button", name=title, exact=True).click()

    async def write(self, words: str) -> None:
        await self.widget.locator("textarea").fill(words)
        await self.widget.get_by_role("button", name="Envoyer", exact=True).click()

    async def sees(self, words: str) -> None:
        await self.widget.locator(".said").get_by_text(words).last.wait_for()

    async def said(self) -> list[str]:
        """The texts of the bubbles, in order."""
        return [text.strip() for text in await self.widget.locator(".said > li .bubble").all_inner_texts()]

    async def focused(self) -> str:
        """Name of what has the focus, through shadow roots."""
        name: str = await self.page.evaluate(
            """() => { let node = document.activeElement;
            while (node.shadowRoot && node.shadowRoot.activeElement) node = node.shadowRoot.activeElement;
            return `${node.tagName} ${(node.labels && node.labels[0] || node).textContent.trim().slice(0, 60)}`; }"""
        )
        return name


StartVisit = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def visit(chromium: Browser, site: Site) -> AsyncIterator[StartVisit]:
    """A new visitor: `await visit(viewport=PHONE, color_scheme="dark")`. What the console complained of is a failure."""
    visitors: list[Visitor] = []

    async def start(
        *, url: str | None = None, context: BrowserContext | None = None, **options: Any
    ) -> Visitor:
        options.setdefault("viewport", DESKTOP)
        context = context or await chromium.new_context(locale="fr-FR", **options)
        visitor = Visitor(context, await context.new_page(), url or site.url)
        visitor.page.set_default_timeout(8000)
        visitors.append(visitor)
        return visitor

    yield start
    for visitor in visitors:
        await visitor.context.close()
    problems = [problem for visitor in visitors for problem in visitor.problems]
    assert not problems, problems


@pytest.fixture
async def host(site: Site) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """Another site, on another origin: `url = await host(html, csp=...)`."""
    servers: list[TestServer] = []

    async def start(html: str, *, csp: str | None = None, css: str = "") -> str:
        app = web.Application()
        headers = {"Content-Security-Policy": csp} if csp else {}

        async def page(_request: web.Request) -> web.Response:
            return web.Response(text=html, content_type="text/html", headers=headers)

        async def style(_request: web.Request) -> web.Response:
            return web.Response(text=css, content_type="text/css")

        app.router.add_get("/", page)
        app.router.add_get("/site.css", style)
        server = TestServer(app, host="localhost")
        await server.start_server()
        servers.append(server)
        return f"http://localhost:{server.port}"

    yield start
    for server in servers:
        await server.close()


SHOTS = Path(os.environ["RELAIS_SHOTS"]) if os.environ.get("RELAIS_SHOTS") else None
"""Directory where `shot` puts pictures; nowhere by default."""


async def shot(page: Page, name: str) -> None:
    """A picture of the whole page, for who wants to look."""
    if SHOTS:
        SHOTS.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
