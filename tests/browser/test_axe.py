"""axe-core finds nothing to say, in each state of the widget and on each page, in light and in dark."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from tests.browser.conftest import DESKTOP, IN_A_BROWSER, PHONE, StartVisit, Visitor, shot
from tests.browser.dialogue import FullRasa

pytestmark = IN_A_BROWSER

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


async def clean(visitor: Visitor, state: str) -> None:
    """No violation in this state. Rules that need another window are not concerned: there is none.

    In dark, contrast alone: nothing else that axe looks at depends on colours, and light has seen it.
    """
    page = visitor.page
    dark = await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    result: dict[str, Any] = await page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations']})",
        {"type": "rule", "values": ["color-contrast"]} if dark else {"type": "tag", "values": RULES},
    )
    assert len(result["passes"]) > (0 if dark else 10), "axe did not look at anything"
    found = [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
    assert not found, (state, found)


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (DESKTOP, "light"), (PHONE, "dark")])
async def test_axe_ne_trouve_rien_dans_aucun_etat(
    visit: StartVisit, rasa: FullRasa, scheme: str, size: dict[str, int]
):
    visitor = await visit(color_scheme=scheme, viewport=size, reduced_motion="reduce")
    name = f"{'phone' if size is PHONE else 'desktop'}-{scheme}"

    async def state(words: str) -> None:
        await visitor.widget.locator(".said, .body, .ask").get_by_text(words).last.wait_for()
        await shot(visitor.page, f"{name}-{words[:12]}")
        await clean(visitor, words)

    await visitor.open()
    await state("Relais est un programme, pas une personne.")
    await visitor.begin()
    await state("Acceptez-vous")
    await visitor.choose("Oui, j'accepte")
    await state("Quelle est votre")
    await visitor.choose("Salarié du privé")
    await state("Dans quelle ville")
    await visitor.write("Caen")
    await state("Connaissez-vous la date")
    await visitor.choose("Envoyer cette date")
    await state("Choisissez d'abord une date complète.")
    await visitor.write("le 15 mars")
    await state("Combien de personnes")
    rasa.fault = "error"
    await visitor.choose("11 à 19")
    await state("Je ne peux pas répondre pour le moment")
    rasa.fault = None
    await visitor.choose("Réessayer")
    await state("Voici ce que j'ai compris")
    await visitor.choose("C'est exact")
    await state("Est-ce que cela vous aide ?")
    for summary in await visitor.widget.locator("summary").all():
        await summary.click()
    await state("Est-ce que cela vous aide ?")
    await visitor.widget.get_by_label("Contraste renforcé").check()
    await state("Contraste renforcé")
    await visitor.choose("Effacer")
    await state("Effacer la conversation ?")
    await visitor.choose("Oui, effacer")
    await state("Votre conversation est effacée.")


@SCHEMES
async def test_axe_ne_trouve_rien_au_panneau_flottant(visit: StartVisit, host, site, scheme: str):
    page = (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>Un site</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>'
        f'<body><main><h1>Un site</h1></main><script src="{site.url}/relais.js"></script></body></html>'
    )
    for size in (PHONE, DESKTOP):
        visitor = await visit(color_scheme=scheme, viewport=size, url=await host(page))
        await visitor.open()
        await clean(visitor, "closed")
        await visitor.widget.get_by_role("button", name="Santé et emploi").click()
        await clean(visitor, "open")


@SCHEMES
async def test_axe_ne_trouve_rien_aux_pages_sans_javascript(visit: StartVisit, scheme: str):
    visitor = await visit(color_scheme=scheme, viewport=PHONE)
    page = visitor.page
    await visitor.open("/inconnu")
    await clean(visitor, "refusal")
    await visitor.open("/conversation")
    await clean(visitor, "start")
    await page.get_by_role("button", name="Commencer").click()
    await clean(visitor, "consent")
    await page.get_by_role("button", name="Oui, j'accepte").click()
    await page.get_by_role("button", name="Salarié du privé").click()
    await shot(page, f"plain-{scheme}")
    await clean(visitor, "question")
    for words in ("Caen", "le 15 mars", "40"):
        await page.get_by_label("avec vos mots").fill(words)
        await page.get_by_role("button", name="Envoyer", exact=True).click()
    await clean(visitor, "recap")
    await page.get_by_role("button", name="C'est exact").click()
    await clean(visitor, "feedback")
    await visitor.open("/plan")
    await shot(page, f"plan-{scheme}")
    await clean(visitor, "plan")
