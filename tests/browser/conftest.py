"""A real Chromium in front of the real gateway, which speaks with a fake Rasa: no model is needed."""

import asyncio
import functools
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bot.gateway.app import create_app
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.rasa import RasaClient
from bot.runtime.supervisor import mount_console
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
session_loop = functools.partial(pytest_asyncio.fixture, loop_scope="session")
"""One event loop for all, so that one Chromium serves every test, each in a context of its own."""
IN_A_BROWSER = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
PATIENCE = 15
"""Seconds that a page, or a voice, may take."""


HEAR = """window.heard = [];
const listen = () => {
  const chat = document.querySelector("relais-chat");
  const announcer = chat && chat.shadowRoot && chat.shadowRoot.querySelector("[aria-live]");
  if (!announcer) return requestAnimationFrame(listen);
  for (const line of announcer.children) window.heard.push(line.textContent);
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "characterData") window.heard.push(change.target.textContent);
      for (const node of change.addedNodes) window.heard.push(node.textContent);
    }
  }).observe(announcer, { childList: true, characterData: true, subtree: true });
};
listen();"""
"""Notes what a screen reader is told: everything that is added to the live region, its first words included."""


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


@session_loop(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = chromium_path()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        await browser.close()


@session_loop()
async def rasa() -> AsyncIterator[FullRasa]:
    fake = FullRasa()
    await fake.server.start_server()
    yield fake
    await fake.server.close()


class Site:
    """The public process on a port of this machine."""

    def __init__(self, server: TestServer, gateway: Gateway, console: web.Application) -> None:
        self.server = server
        self.gateway = gateway
        self.console = console

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"


StartSite = Callable[..., Awaitable[Site]]


@session_loop()
async def start_site(settings: Settings, rasa: FullRasa) -> AsyncIterator[StartSite]:
    servers: list[TestServer] = []

    async def start(*, port: int | None = None, **options: Any) -> Site:
        chosen = replace(UNLIMITED, **options)
        client = RasaClient(str(rasa.server.make_url("")), KEY, timeout=chosen.rasa_timeout)
        app = create_app(settings, rasa=client, options=chosen)
        console = mount_console(app)
        server = TestServer(app, port=port)
        await server.start_server()
        servers.append(server)
        return Site(server, app[GATEWAY], console)

    yield start
    for server in servers:
        await server.close()


@session_loop()
async def site(start_site: StartSite) -> Site:
    return await start_site()


class Visitor:
    """Someone with a browser. `widget` is the page's <relais-chat>."""

    def __init__(self, context: BrowserContext, page: Page, url: str) -> None:
        self.context = context
        self.page = page
        self.url = url
        self.problems: list[str] = []
        self.allowed = ["http://127.0.0.1:", "http://localhost:", "data:", "blob:"]
        """Beginnings of the addresses that may be asked for. Anything else is a third party."""
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.problems.append(text)

    def _request(self, url: str) -> None:
        if not url.startswith(tuple(self.allowed)):
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

    async def to_the_plan(self) -> "Visitor":
        """From the consent to the plan, by the shortest way."""
        for answer, then in (
            ("Oui, j'accepte", "Quelle est votre"),
            ("Salarié du privé", "Dans quelle ville"),
        ):
            await self.choose(answer)
            await self.sees(then)
        await self.write("Caen")
        await self.sees("Connaissez-vous la date")
        await self.write("je reprends le 15 mars")
        await self.sees("Combien de personnes")
        await self.choose("11 à 19")
        await self.sees("Voici ce que j'ai compris")
        await self.choose("C'est exact")
        await self.sees("Est-ce que cela vous aide ?")
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

    async def heard(self) -> list[str]:
        """What was announced since the page was opened, in order."""
        told: list[str] = await self.page.evaluate("window.heard")
        return told

    async def hears(self, words: str) -> None:
        """Wait until it is announced. Not `wait_for_function`: once a try fails, it needs the eval that pages forbid."""
        async with asyncio.timeout(PATIENCE):
            while not any(words in told for told in await self.heard()):
                await asyncio.sleep(0.02)

    async def focused(self) -> str:
        """Name of what has the focus, through shadow roots."""
        name: str = await self.page.evaluate(
            """() => { let node = document.activeElement;
            while (node.shadowRoot && node.shadowRoot.activeElement) node = node.shadowRoot.activeElement;
            return `${node.tagName} ${(node.labels && node.labels[0] || node).textContent.trim().slice(0, 60)}`; }"""
        )
        return name


StartVisit = Callable[..., Awaitable[Visitor]]


@session_loop()
async def visit(chromium: Browser, site: Site) -> AsyncIterator[StartVisit]:
    """A new visitor: `await visit(viewport=PHONE, color_scheme="dark")`. What the console complained of is a failure."""
    visitors: list[Visitor] = []

    async def start(
        *, url: str | None = None, context: BrowserContext | None = None, **options: Any
    ) -> Visitor:
        options.setdefault("viewport", DESKTOP)
        if context is None:
            context = await chromium.new_context(locale="fr-FR", **options)
            await context.add_init_script(HEAR)
        visitor = Visitor(context, await context.new_page(), url or site.url)
        visitor.page.set_default_timeout(PATIENCE * 1000)
        visitors.append(visitor)
        return visitor

    yield start
    for visitor in visitors:
        await visitor.context.close()
    problems = [problem for visitor in visitors for problem in visitor.problems]
    assert not problems, problems


@session_loop()
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
    """A picture of what is on the screen, for who wants to look."""
    if SHOTS:
        SHOTS.mkdir(parents=True, exist_ok=True)
        await page.wait_for_timeout(500)  # the end of the scrolling
        await page.screenshot(path=SHOTS / f"{name}.png")
