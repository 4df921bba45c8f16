"""An account from its invitation to the list of all, in a real browser, with nothing for axe to say."""

import re
from datetime import timedelta

import pyotp
from playwright.async_api import Page
from sqlalchemy import update

from bot.console.accounts.book import Book
from bot.console.models import AdviserRow
from bot.conversation.state import now
from tests.browser.conftest import IN_A_BROWSER
from tests.browser.test_improve import Desk, desk  # noqa: F401 - a fixture
from tests.console.improve.test_pages import TALK, talked

pytestmark = IN_A_BROWSER

PASSWORD = "un cheval sous la pluie"


async def next_code(page: Page) -> str:
    """What the application of the telephone shows: the key as the page writes it."""
    key = await page.locator('[translate="no"]').inner_text()
    return pyotp.TOTP(key.replace(" ", "")).at(now())


async def test_les_pages_des_comptes(desk: Desk) -> None:  # noqa: F811
    page, book = desk.page, Book(desk.store, desk.console.secrecy, now)
    await book.add("lou@exemple.fr", "Lou", "adviser", ["52"], None)
    account = await book.by_email("lou@exemple.fr")
    assert account is not None
    link = await book.link(account, timedelta(hours=1), None)
    signed_in = await page.context.cookies()
    await page.context.clear_cookies()

    await page.goto(f"{desk.url}/console/invitation/{link}")
    await desk.clean()
    await page.get_by_label("Nouveau mot de passe").fill(PASSWORD)
    await page.get_by_label("une seconde fois").fill(PASSWORD)
    await page.get_by_role("button", name="Continuer").click()
    await page.get_by_role("heading", name="Installer le second facteur").wait_for()
    await desk.clean()
    code = await next_code(page)
    await page.get_by_label("Code à six chiffres").fill(code)
    await page.get_by_role("button", name="Terminer").click()
    await page.get_by_role("heading", name="Vos codes de secours").wait_for()
    await desk.clean()
    recovery = re.findall(r"[a-z0-9]{5}-[a-z0-9]{5}", await page.inner_text("main"))
    await page.goto(f"{desk.url}/console/moi")
    await desk.clean()
    await page.get_by_role("button", name="Se déconnecter").click()

    await page.get_by_role("heading", name="Connexion à la console").wait_for()
    await desk.clean()
    await page.get_by_label("Adresse de courriel").fill("lou@exemple.fr")
    await page.get_by_label("Mot de passe").fill(PASSWORD)
    await page.get_by_role("button", name="Continuer").click()
    await page.get_by_role("heading", name="Votre code").wait_for()
    await desk.clean()
    await page.get_by_label("Code à six chiffres de votre téléphone").fill(recovery[0])
    await page.get_by_role("button", name="Se connecter").click()
    await page.wait_for_url(re.compile(r"/console/(conversations)?$"))
    used = Desk(await page.context.new_page(), desk.console, desk.url)
    await used.page.goto(f"{desk.url}/console/invitation/{link}")
    await used.page.get_by_role("heading", name="Ce lien n'ouvre plus rien").wait_for()
    await used.clean()

    everything = update(AdviserRow).where(AdviserRow.name == "Camille").values(role="admin", departments=None)
    await desk.store.write(lambda connection: connection.execute(everything).close())
    await talked(desk)  # type: ignore[arg-type]
    await page.context.clear_cookies()
    await page.context.add_cookies(signed_in)  # type: ignore[arg-type]
    for path in ("/comptes", f"/comptes/{account.id}", "/journal", "/donnees", f"/donnees/{TALK}"):
        response = await page.goto(f"{desk.url}/console{path}")
        assert response is not None
        assert response.status == 200, path
        await desk.clean()
