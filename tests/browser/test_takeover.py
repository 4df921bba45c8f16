"""An adviser in one page, a live widget in another: asked for, taken over, answered, given back; axe clean."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import insert

from bot.console.context import CONSOLE
from bot.console.models import AdviserRow
from bot.console.sessions import COOKIE
from bot.conversation.state import now
from tests.browser.conftest import DESKTOP, IN_A_BROWSER, Site, StartVisit, Visitor, shot
from tests.browser.test_axe import clean

pytestmark = IN_A_BROWSER


async def adviser(visit: StartVisit, site: Site) -> Visitor:
    """An adviser of the Haute-Marne, signed in."""
    console = site.console[CONSOLE]
    row = {
        "email": "anne@exemple.fr", "name": "Anne", "role": "adviser", "departments": None, "active": True,
        "recovery": [], "created_at": now(),
    }  # fmt: skip
    made = insert(AdviserRow).values(row).returning(AdviserRow.id)
    adviser_id = await console.store.write(lambda connection: connection.execute(made).scalar_one())
    token = await console.sessions.open(adviser_id, "full")
    visitor = await visit(viewport=DESKTOP)
    await visitor.context.add_cookies([{"name": COOKIE, "value": token, "url": f"{site.url}/console"}])
    return visitor


async def press(visitor: Visitor, name: str) -> None:
    await visitor.page.get_by_role("button", name=name, exact=True).click()


async def write(visitor: Visitor, words: str) -> None:
    await visitor.page.get_by_label("Votre message").fill(words)
    await press(visitor, "Envoyer")


async def test_prendre_la_main_repondre_et_la_rendre(visit: StartVisit, site: Site) -> None:
    anne = await adviser(visit, site)
    await anne.open("/console/demandes")
    await clean(anne, "off duty")
    await press(anne, "Je suis en service")
    person = await visit()
    await person.begin()
    await person.choose("Oui, j'accepte")
    await person.sees("Quelle est votre")
    await person.write("je veux parler à quelqu'un")
    await person.sees("Un conseiller peut vous répondre ici")
    await person.choose("Demander un conseiller")
    await person.sees("Votre demande est transmise")

    await anne.page.get_by_role("link", name="Actualiser la page").click()
    await clean(anne, "requests")
    await anne.page.get_by_role("link", name="Demande 1").click()
    await clean(anne, "waiting")
    await press(anne, "Prendre la conversation")
    await person.sees("Un conseiller est là")
    assert await person.widget.get_by_role("button", name="Salarié du privé").count() == 0
    await write(anne, "Bonjour, je suis Anne. <b>Où en êtes-vous ?</b>")
    await person.sees("je suis Anne. <b>Où en êtes-vous ?</b>")
    assert sum("je suis Anne" in heard for heard in await person.heard()) == 1
    await person.write("Je suis en arrêt depuis trois mois <img src=x>")
    await person.sees("transmis au conseiller")
    said = anne.page.get_by_role("log")
    await said.get_by_text("Je suis en arrêt depuis trois mois <img src=x>").wait_for()
    await clean(anne, "taken")
    await shot(anne.page, "takeover-adviser")
    await shot(person.page, "takeover-person")
    assert await anne.page.evaluate("document.activeElement.id") == "text"

    await press(anne, "Rendre la main au programme")
    await anne.page.get_by_text("La conversation est rendue au programme").wait_for()
    await person.sees("C'est de nouveau le programme")
    await person.choose("Salarié du privé")
    await person.sees("Dans quelle ville")
    assert sum("je suis Anne" in each for each in await person.said()) == 1


async def test_sans_javascript_on_prend_et_on_repond_aussi(visit: StartVisit, site: Site) -> None:
    anne = await adviser(visit, site)
    person = await visit(java_script_enabled=False)
    plain: Any = person.page
    await anne.open("/console/demandes")
    await press(anne, "Je suis en service")
    await person.open("/conversation")
    await plain.get_by_role("button", name="Commencer").click()
    await plain.get_by_role("button", name="Oui, j'accepte").click()
    await plain.get_by_role("textbox").first.fill("je veux parler à quelqu'un")
    await plain.get_by_role("button", name="Envoyer").click()
    await plain.get_by_role("button", name="Demander un conseiller").click()
    await anne.open("/console/demandes")
    await anne.page.get_by_role("link", name="Demande 1").click()
    await press(anne, "Prendre la conversation")
    await write(anne, "Bonjour, je suis Anne.")
    await anne.page.get_by_role("log").get_by_text("je suis Anne").wait_for()
    await plain.get_by_role("button", name="Recharger la page pour lire la suite").click()
    await plain.get_by_text("Bonjour, je suis Anne.").wait_for()
    link = plain.get_by_role("link", name="Être rappelé")
    address = urlsplit(str(await link.first.get_attribute("href")))
    await person.open(f"{address.path}?{address.query}")
    await plain.get_by_label("Votre nom, ou votre prénom").fill("Zoé")
    await plain.get_by_role("button", name="Demander à être rappelé").click()
    assert await plain.get_by_role("alert").inner_text() != ""
    await plain.get_by_label("Votre téléphone").fill("06 39 98 00 01")
    await plain.get_by_label("Votre département").select_option("52")
    await plain.get_by_role("checkbox").check()
    await plain.get_by_role("button", name="Demander à être rappelé").click()
    await plain.get_by_text("Un conseiller vous rappellera").wait_for()
    await anne.open("/console/demandes")
    await anne.page.get_by_role("link", name="Rappel 1").click()
    await clean(anne, "call back")
    assert await anne.page.get_by_role("link", name="06 39 98 00 01").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_ne_trouve_rien_au_formulaire_de_rappel(visit: StartVisit, site: Site, scheme: str) -> None:
    visitor = await visit(color_scheme=scheme)
    await visitor.begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await visitor.open("/rappel")
    await clean(visitor, "form")
    await visitor.page.get_by_role("button", name="Demander à être rappelé").click()
    await clean(visitor, "problem")
