"""Correct, read again, export, measure, in a real browser: what a manager does, with nothing for axe to say."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page
from sqlalchemy import insert

from bot.console.context import CONSOLE, Console
from bot.console.models import AdviserRow
from bot.console.sessions import COOKIE
from bot.conversation.counting import count
from bot.conversation.models import Conversation
from bot.conversation.state import new_id, now
from bot.gateway.app import create_app
from bot.gateway.rasa import RasaClient
from bot.runtime.supervisor import mount_console
from bot.settings import Settings
from tests.browser.conftest import DESKTOP, IN_A_BROWSER, session_loop
from tests.browser.dialogue import FullRasa
from tests.browser.test_axe import AXE, RULES
from tests.console.improve.test_pages import TALK, talked
from tests.console.measure.test_pages import PLAN
from tests.gateway.conftest import UNLIMITED
from tests.gateway.fake_rasa import KEY

pytestmark = IN_A_BROWSER


class Desk:
    """A manager in front of the console; `clock`, `store` and `settings` as the tests of the pages want them."""

    def __init__(self, page: Page, console: Console, url: str) -> None:
        self.page, self.console, self.url = page, console, url
        self.store, self.settings, self.clock = console.store, console.settings, console.clock

    async def clean(self) -> None:
        """Nothing for axe in light, no contrast lost in dark, nothing wider than a telephone."""
        page = self.page
        await page.evaluate(AXE)
        for scheme, only in (
            ("light", {"type": "tag", "values": RULES}),
            ("dark", {"type": "rule", "values": ["color-contrast"]}),
        ):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            result: dict[str, Any] = await page.evaluate("only => axe.run(document, {runOnly: only})", only)
            assert result["passes"]
            assert [(found["id"], found["nodes"][0]["html"]) for found in result["violations"]] == []
        await page.set_viewport_size({"width": 320, "height": 640})
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
        await page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]


@session_loop()
async def desk(chromium: Browser, settings: Settings, rasa: FullRasa) -> AsyncIterator[Desk]:
    client = RasaClient(str(rasa.server.make_url("")), KEY, timeout=5)
    public = create_app(settings, rasa=client, options=UNLIMITED)
    console = mount_console(public)[CONSOLE]
    server = TestServer(public)
    await server.start_server()
    url = f"http://127.0.0.1:{server.port}"
    row = {"email": "camille@exemple.fr", "name": "Camille", "role": "manager", "departments": ["52", "14"]}
    row |= {"active": True, "recovery": [], "created_at": now()}
    made = insert(AdviserRow).values(row).returning(AdviserRow.id)
    number = await console.store.write(lambda connection: connection.execute(made).scalar_one())
    context = await chromium.new_context(locale="fr-FR", viewport=DESKTOP)  # type: ignore[arg-type]
    token = await console.sessions.open(number, "full")
    await context.add_cookies([{"name": COOKIE, "value": token, "url": f"{url}/console"}])
    page = await context.new_page()
    page.set_default_timeout(20_000)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: said.type == "error" and problems.append(said.text))
    yield Desk(page, console, url)
    await context.close()
    await server.close()
    assert not problems, problems


async def test_corriger_relire_et_exporter(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nobody(texts: list[str]) -> list[list[Any]]:
        return [[] for _ in texts]

    monkeypatch.setattr("bot.console.improve.pseudonyms.recognise", nobody)
    await talked(desk, text="où envoyer mon dossier de reconnaissance de handicap, zanzibar")  # type: ignore[arg-type]
    page = desk.page
    await page.goto(f"{desk.url}/console/conversations/{TALK}")
    await page.get_by_role("link", name="Corriger le tour 2").click()
    await desk.clean()
    await page.get_by_label("Ce que la personne voulait dire").select_option("ask_rqth")
    await page.get_by_role("button", name="Enregistrer").click()
    await page.get_by_text("Elle attend d'être relue").wait_for()
    await page.goto(f"{desk.url}/console/ameliorer")
    await desk.clean()
    await page.get_by_role("link", name="Relire les phrases").click()
    await desk.clean()
    await page.get_by_label("Phrase qui partira").fill(
        "où envoyer mon dossier de reconnaissance de handicap s'il vous plaît"
    )
    await page.get_by_label("Accepter").check()
    await page.get_by_role("button", name="Enregistrer mes décisions").click()
    await page.get_by_text("1 phrase(s) relue(s)").wait_for()
    await page.goto(f"{desk.url}/console/ameliorer")
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="Télécharger le correctif").click()
    patch = Path(await (await waiting.value).path()).read_text(encoding="utf-8")
    assert "+    - où envoyer mon dossier de reconnaissance de handicap s'il vous plaît" in patch
    assert "zanzibar" not in patch
    for path in ("/console/ameliorer/modeles", "/console/annuaire?department=52"):
        await page.goto(desk.url + path)
        await desk.clean()


async def test_les_mesures_se_filtrent_et_s_emportent(desk: Desk) -> None:
    moment = desk.clock()
    row = {
        "channel": "web", "consent": "yes", "created_at": moment, "active_at": moment, "turns": 0, "audience": "worker",
        "step": "plan", "flags": [], "choices": {}, "plan": PLAN,
    }  # fmt: skip
    rows = [row | {"id": new_id(), "department": code} for code in ("52", "14") for _ in range(9)]
    await desk.store.write(lambda connection: connection.execute(insert(Conversation), rows).close())
    await count(desk.store)
    page = desk.page
    await page.goto(f"{desk.url}/console/mesures")
    await desk.clean()
    assert await page.get_by_role("img", name="Jusqu'où vont les conversations").count() == 1
    await page.get_by_label("Territoire", exact=True).select_option("52")
    await page.get_by_role("button", name="Afficher").click()
    await page.get_by_role("heading", name="Toute l'année").get_by_text("Haute-Marne (52)").wait_for()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Rapport").click()
    assert Path(await (await waiting.value).path()).read_bytes().startswith(b"%PDF")
