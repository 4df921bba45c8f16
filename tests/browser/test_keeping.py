"""The pages to keep one's path and to trust Relais, in a real browser: axe, a narrow screen, the keyboard, paper."""

import re

import pytest
from playwright.async_api import expect

from bot.mail import MailServer
from tests.browser.conftest import IN_A_BROWSER, PHONE, StartSite, StartVisit, Visitor, shot
from tests.browser.dialogue import FullRasa
from tests.browser.test_axe import SCHEMES, clean
from tests.gateway.fake_rasa import PLAN

pytestmark = IN_A_BROWSER

TRUST = ("/donnees", "/accessibilite", "/sources", "/qui-sommes-nous", "/reprendre")
NARROW = {"width": 320, "height": 640}
MAIL = MailServer("127.0.0.1", 1, "none", "relais@exemple.fr")


async def to_the_plan(visitor: Visitor) -> None:
    """The whole path by the pages without JavaScript."""
    page = visitor.page
    await visitor.open("/conversation")
    for name in ("Commencer", "Oui, j'accepte", "Salarié du privé"):
        await page.get_by_role("button", name=name).click()
    for words in ("Caen", "le 15 mars", "40"):
        await page.get_by_label("avec vos mots").fill(words)
        await page.get_by_role("button", name="Envoyer", exact=True).click()
    await page.get_by_role("button", name="C'est exact").click()
    await visitor.open("/plan")


async def fits(visitor: Visitor, state: str) -> None:
    width = await visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{state}: scrolls sideways by {width} px"


@SCHEMES
async def test_axe_ne_trouve_rien_aux_pages_de_suivi(
    visit: StartVisit, start_site: StartSite, scheme: str, monkeypatch: pytest.MonkeyPatch
):
    site = await start_site(mail=MAIL)
    visitor = await visit(color_scheme=scheme, viewport=NARROW, url=site.url)
    page = visitor.page
    await to_the_plan(visitor)
    step = page.get_by_role("group", name="Mon suivi").first
    await step.get_by_label("C'est fait").check()
    await step.get_by_label("Date de mon rendez-vous").fill("2026-12-03")
    await step.get_by_role("button", name="Enregistrer").click()
    await page.locator(".status").get_by_text("Rendez-vous le 3 décembre 2026.").wait_for()
    changed = PLAN | {"devices": [PLAN["devices"][0] | {"id": "rqth", "name": "RQTH"}]}
    monkeypatch.setattr("bot.gateway.keeping.refreshed", lambda *_: changed)
    await visitor.open("/plan")
    await page.get_by_role("heading", name="Ce qui a changé").wait_for()
    for summary in await page.locator("summary").all():
        await summary.click()
    await shot(page, f"follow-{scheme}")
    await clean(visitor, "plan followed")
    await fits(visitor, "plan followed")
    await visitor.open("/garder")
    await page.get_by_label("Votre adresse de courriel").fill("a@exemple.fr")
    await page.get_by_role("button", name="Envoyer", exact=True).click()
    await page.get_by_role("alert").get_by_text("Le courriel n'est pas parti").wait_for()
    await clean(visitor, "mail refused")
    await page.get_by_role("button", name="Faire un code").click()
    await page.get_by_role("heading", name="Votre code").wait_for()
    await shot(page, f"code-{scheme}")
    await clean(visitor, "code shown")
    await fits(visitor, "code shown")
    await visitor.open("/reprendre")
    await page.get_by_label("Votre code").fill("AAAA")
    await page.get_by_role("button", name="Reprendre").click()
    await page.get_by_role("alert").wait_for()
    await clean(visitor, "wrong code")


@SCHEMES
async def test_axe_ne_trouve_rien_aux_pages_de_confiance(visit: StartVisit, scheme: str):
    visitor = await visit(color_scheme=scheme, viewport=NARROW)
    for path in TRUST:
        if (scheme, path) == ("dark", "/sources"):
            continue  # two thousand cells in the colours of /donnees: seconds of axe for nothing new
        await visitor.open(path)
        await shot(visitor.page, f"{path[1:]}-{scheme}")
        await clean(visitor, path)
        await fits(visitor, path)


async def test_le_suivi_au_clavier(visit: StartVisit):
    visitor = await visit(viewport=PHONE)
    await to_the_plan(visitor)
    keyboard, page = visitor.page.keyboard, visitor.page
    for _ in range(60):
        await keyboard.press("Tab")
        if await page.evaluate("document.activeElement.type") == "checkbox":
            await keyboard.press("Space")
        if await page.evaluate("document.activeElement.name") == "done":
            break
    await keyboard.press("Enter")
    await page.locator(".status").get_by_text("C'est fait.", exact=True).wait_for()
    assert await page.get_by_label("C'est fait").first.is_checked()
    assert await page.get_by_label("Votre carte Vitale").is_checked()


async def test_sur_papier_tout_se_lit_et_rien_ne_se_clique(visit: StartVisit, rasa: FullRasa):
    visitor = await visit()
    await to_the_plan(visitor)
    page = visitor.page
    await page.emulate_media(media="print")
    assert await page.get_by_role("heading", name="La première chose à faire").is_visible()
    assert await page.get_by_text("Agefiph : pas de reconnaissance").is_visible(), (
        "in a closed list on screen"
    )
    for gone in ("Mon suivi", "Garder ce parcours", "Vos données"):
        found = page.get_by_text(gone).first
        assert await found.count() == 1, gone
        assert not await found.is_visible(), gone


async def test_la_phrase_a_dire_se_copie_et_la_copie_est_dite(visit: StartVisit):
    visitor = await visit(viewport=PHONE)
    await visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await to_the_plan(visitor)
    page = visitor.page
    await page.get_by_role("button", name="Copier cette phrase").first.click()
    await page.get_by_role("status").get_by_text("Phrase copiée.").wait_for()
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == "Bonjour, je suis en arrêt et j'ai peur de perdre mon emploi."


async def test_les_etapes_se_lisent_d_un_coup_d_oeil_et_menent_a_leur_detail(visit: StartVisit):
    visitor = await visit(viewport=PHONE)
    await to_the_plan(visitor)
    steps = visitor.page.get_by_role("navigation", name="Mes étapes").get_by_role("listitem")
    assert [" ".join(text.split()) for text in await steps.all_inner_texts()] == [
        "Appeler le service social de l'Assurance Maladie Maintenant",
        "Écrire au service de prévention et de santé au travail Ensuite",
    ]
    await steps.last.get_by_role("link").click()
    await expect(visitor.page.locator("#etape-pdp_cell")).to_be_in_viewport()
    source = visitor.page.get_by_role("link", name=re.compile("source : Code du travail, L4624-2-4")).first
    await source.click()
    await expect(visitor.page.locator("#source-ct-l4624-2-4")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
async def test_quitter_vite_depuis_le_parcours(visit: StartVisit, rasa: FullRasa, javascript: bool):
    visitor = await visit(viewport=PHONE, java_script_enabled=javascript)
    neutral = "https://meteofrance.com/"
    visitor.allowed.append(neutral)
    await visitor.page.route(neutral, lambda route: route.fulfill(body="météo", content_type="text/html"))
    await to_the_plan(visitor)
    await visitor.page.get_by_role("button", name="Quitter vite").click()
    await visitor.page.wait_for_url(neutral)
    assert rasa.trackers == {}
    assert not any(cookie["name"] == "relais" for cookie in await visitor.context.cookies())
