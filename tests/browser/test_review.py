"""The inbox in a real browser: twenty conversations by keyboard, long ones upwards, without JavaScript, small screens."""

from collections.abc import AsyncIterator
from typing import Any

from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page
from sqlalchemy import func, insert, select

from bot.console.context import CONSOLE, Console
from bot.console.models import AdviserRow
from bot.console.review.index import Index
from bot.console.review.models import Review, ReviewNote, ReviewTag
from bot.console.sessions import COOKIE
from bot.conversation.state import now
from bot.gateway.app import create_app
from bot.gateway.rasa import RasaClient
from bot.runtime.supervisor import mount_console
from bot.settings import Settings
from tests.browser.conftest import DESKTOP, IN_A_BROWSER, session_loop
from tests.browser.dialogue import FullRasa
from tests.browser.test_axe import AXE, RULES
from tests.console.review.conftest import bot, converse, person
from tests.gateway.conftest import UNLIMITED
from tests.gateway.fake_rasa import KEY

pytestmark = IN_A_BROWSER

LIST = "/console/conversations"
SMALL = {"width": 320, "height": 640}


class Desk:
    """An adviser of the Haute-Marne in front of the console."""

    def __init__(self, chromium: Browser, server: TestServer, console: Console, token: str) -> None:
        self.chromium = chromium
        self.console = console
        self.token = token
        self.url = f"http://127.0.0.1:{server.port}"
        self.contexts: list[BrowserContext] = []
        self.problems: list[str] = []

    async def page(self, **options: Any) -> Page:
        context = await self.chromium.new_context(locale="fr-FR", **({"viewport": DESKTOP} | options))
        self.contexts.append(context)
        await context.add_cookies([{"name": COOKIE, "value": self.token, "url": f"{self.url}/console"}])
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.problems.append(said.text))
        return page

    async def talked(self, count: int, turns: int = 1, **state: Any) -> list[str]:
        """Conversations that ask for a person; those of a long one are numbered."""
        said = [bot(f"question {rank}") for rank in range(1, turns)]
        made = [
            await converse(
                self.console.store, *said, person("je voudrais parler à quelqu'un", "ask_human"),
                hours_ago=rank / 10, department="52", flags=["human"], **state,
            )
            for rank in range(count)
        ]  # fmt: skip
        await Index(self.console.store).catch_up()
        return made

    async def count(self, model: Any, *where: Any) -> int:
        query = select(func.count()).select_from(model).where(*where)
        found: int = await self.console.store.read(lambda connection: connection.execute(query).scalar_one())
        return found


@session_loop()
async def desk(chromium: Browser, settings: Settings, rasa: FullRasa) -> AsyncIterator[Desk]:
    client = RasaClient(str(rasa.server.make_url("")), KEY, timeout=5)
    public = create_app(settings, rasa=client, options=UNLIMITED)
    console = mount_console(public)[CONSOLE]
    server = TestServer(public)
    await server.start_server()
    row = {"email": "camille@exemple.fr", "name": "Camille", "role": "adviser", "departments": ["52"]}
    row |= {"active": True, "recovery": [], "created_at": now()}
    made = insert(AdviserRow).values(row).returning(AdviserRow.id)
    number = await console.store.write(lambda connection: connection.execute(made).scalar_one())
    desk = Desk(chromium, server, console, await console.sessions.open(number, "full"))
    yield desk
    for context in desk.contexts:
        await context.close()
    await server.close()
    assert not desk.problems, desk.problems


async def axe(page: Page, state: str) -> None:
    await page.evaluate(AXE)
    result = await page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    assert len(result["passes"]) > 10, "axe did not look at anything"
    found = [(each["id"], node["target"]) for each in result["violations"] for node in each["nodes"]]
    assert not found, (state, found)


async def test_relire_vingt_conversations_au_clavier(desk: Desk):
    await desk.talked(20)
    page = await desk.page()
    await page.goto(f"{desk.url}{LIST}?file=human")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[data-list-of-turns]")
    await page.keyboard.press("n")
    await page.keyboard.type("tout revoir")  # t closes a conversation, but not while writing
    await page.keyboard.press("Tab")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await page.keyboard.press("g")
    await page.keyboard.type("dos")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    for _ in range(20):
        async with page.expect_navigation():
            await page.keyboard.press("t")
    await page.get_by_role("heading", name="Aucune conversation").wait_for()
    assert await desk.count(Review, Review.status == "done") == 20
    assert (await desk.count(ReviewNote), await desk.count(ReviewTag)) == (1, 1)


async def test_les_raccourcis_se_coupent(desk: Desk):
    await desk.talked(1)
    page = await desk.page()
    await page.goto(f"{desk.url}{LIST}")
    await page.get_by_text("Raccourcis du clavier").click()
    await page.get_by_label("Raccourcis actifs").uncheck()
    await page.get_by_role("heading", name="Conversations", exact=True).click()
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.className") != "open"
    await page.reload()
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.className") != "open"


async def test_cocher_et_agir_au_clavier_puis_sans_javascript(desk: Desk):
    await desk.talked(3)
    page = await desk.page()
    await page.goto(f"{desk.url}{LIST}")
    for key in ("j", "x", "j", "x", "a"):
        await page.keyboard.press(key)
    await page.locator("#lot-statut").select_option("off_topic")
    await page.get_by_role("button", name="Changer le statut").click()
    await page.get_by_text("2 conversation(s)").wait_for()
    assert await desk.count(Review, Review.status == "off_topic") == 2
    plain = await desk.page(java_script_enabled=False)
    await plain.goto(f"{desk.url}{LIST}?statut=off_topic")
    await plain.locator("[name=conversation]").first.check()
    await plain.get_by_text("Agir sur les conversations cochées").click()
    await plain.locator("#lot-etiquette").fill("relu")
    await plain.get_by_role("button", name="Étiqueter").click()
    await plain.get_by_text("étiquette « relu » ajoutée").wait_for()
    assert await desk.count(ReviewTag) == 1


async def test_une_longue_conversation_se_remonte_sans_perdre_sa_place(desk: Desk):
    (conversation,) = await desk.talked(1, turns=100)
    page = await desk.page()
    await page.goto(f"{desk.url}{LIST}/{conversation}")
    first = page.locator("#tour-61")
    await first.scroll_into_view_if_needed()
    before = await first.evaluate("node => node.getBoundingClientRect().top")
    await page.get_by_role("link", name="Voir les tours d'avant").click()
    await page.locator("#tour-21").wait_for(state="attached")
    assert abs(await first.evaluate("node => node.getBoundingClientRect().top") - before) < 5
    await page.get_by_role("link", name="Voir les tours d'avant").click()
    await page.locator("#tour-1").wait_for(state="attached")
    assert await page.get_by_role("link", name="Voir les tours d'avant").count() == 0
    assert await page.locator("[data-list-of-turns] > li").count() == 100


async def test_axe_ne_trouve_rien_et_rien_ne_deborde(desk: Desk):
    (conversation, *_) = await desk.talked(3, turns=45, situation={"status": "salarie_prive"})
    for options in ({"color_scheme": "light"}, {"color_scheme": "dark", "viewport": SMALL}):
        page = await desk.page(**options)
        for path in (f"{LIST}?intention=ask_human", f"{LIST}/{conversation}?liste=file%3Dhuman"):
            await page.goto(desk.url + path)
            for summary in await page.locator("summary").all():
                if await summary.evaluate("node => !node.parentElement.open"):
                    await summary.click()
            await axe(page, f"{path} {options}")
            width = await page.evaluate("document.documentElement.scrollWidth")
            assert width <= page.viewport_size["width"], path  # type: ignore[index]
