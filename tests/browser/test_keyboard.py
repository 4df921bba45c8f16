"""Everything with the keyboard alone; the focus goes where the person sends it, and nowhere else."""

import re

from tests.browser.conftest import IN_A_BROWSER, PHONE, StartVisit, Visitor, shot
from tests.browser.dialogue import FullRasa

pytestmark = IN_A_BROWSER


async def tab_to(visitor: Visitor, name: str, *, key: str = "Tab", limit: int = 60) -> None:
    """Press Tab until what has the focus is called `name`."""
    met = []
    for _ in range(limit):
        await visitor.page.keyboard.press(key)
        met.append(await visitor.focused())
        if met[-1].split(" ", 1)[-1].startswith(name):
            return
    raise AssertionError(f"{name!r} is not reached with {key}: {met}")


async def test_une_conversation_entiere_au_clavier(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).open()
    keyboard = visitor.page.keyboard
    for name, then in (
        ("Commencer", "Acceptez-vous"),
        ("Oui, j'accepte", "Quelle est votre"),
        ("Salarié du privé", "Dans quelle ville"),
    ):
        await tab_to(visitor, name)
        await keyboard.press("Enter")
        await visitor.sees(then)
    await tab_to(visitor, "Ville, code postal")
    await keyboard.type("Caen")
    await keyboard.press("Enter")
    await visitor.sees("Connaissez-vous la date")
    await tab_to(visitor, "Date du retour", key="Shift+Tab")
    await visitor.widget.get_by_label("Date du retour au travail").fill("2027-03-15")
    await tab_to(visitor, "Envoyer cette date")
    await keyboard.press("Space")
    await visitor.sees("Combien de personnes")
    await tab_to(visitor, "Nombre de personnes")
    await keyboard.type("40")
    await keyboard.press("Enter")
    await visitor.sees("Voici ce que j'ai compris")
    await tab_to(visitor, "C'est exact")
    await keyboard.press("Enter")
    await visitor.sees("Est-ce que cela vous aide ?")
    await tab_to(visitor, "Lire, imprimer ou garder", key="Shift+Tab")
    assert rasa.texts[-4:] == ["Caen", "le 15 mars 2027", "40 personnes", '/inform{"confirm": "yes"}']


async def test_le_focus_attend_sur_le_titre_de_la_reponse_puis_ne_bouge_plus(
    visit: StartVisit, rasa: FullRasa
):
    visitor = await (await visit()).begin()
    rasa.delay = 0.5
    await visitor.choose("Oui, j'accepte")
    assert await visitor.focused() == "H3 Votre réponse"
    await visitor.sees("Quelle est votre")
    assert await visitor.focused() == "H3 Votre réponse"
    await visitor.page.keyboard.press("Tab")
    assert await visitor.focused() == "BUTTON Salarié du privé"


async def test_en_ecrivant_le_focus_reste_dans_le_champ(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    rasa.delay = 0.5
    field = visitor.widget.locator("textarea")
    await field.fill("je suis maçon")
    await field.press("Enter")
    await field.press_sequentially("et encore")
    await visitor.widget.locator("li.bot").nth(2).wait_for()
    assert (await visitor.focused()).startswith("TEXTAREA")
    assert await field.input_value() == "et encore"


async def test_le_focus_est_toujours_visible_et_jamais_cache_par_la_barre(visit: StartVisit):
    visitor = await visit(viewport=PHONE)
    await visitor.begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    for key in ("Tab", "Shift+Tab"):
        for _ in range(25):
            await visitor.page.keyboard.press(key)
            seen = await visitor.page.evaluate(
                """() => { let node = document.activeElement, root = document;
                while (node.shadowRoot && node.shadowRoot.activeElement) {
                  root = node.shadowRoot; node = root.activeElement; }
                if (node === document.body) return null;
                const box = node.getBoundingClientRect(), style = getComputedStyle(node);
                const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
                const at = root.elementFromPoint(box.left + box.width / 2, y);
                return {name: node.textContent, outline: parseFloat(style.outlineWidth),
                  free: !!at && (node.contains(at) || at.contains(node)),
                  on: box.bottom > 0 && box.top < innerHeight}; }"""
            )
            if seen is not None:
                assert seen["outline"] >= 2, seen
                assert seen["free"], seen
                assert seen["on"], seen


async def focus_reaches(visitor, expected: str) -> None:
    """The focus gets there, at the pace of a loaded machine; an assertion that shows where it stayed otherwise."""
    for _ in range(50):
        if await visitor.focused() == expected:
            return
        await visitor.page.wait_for_timeout(100)
    assert await visitor.focused() == expected


async def test_le_panneau_flottant_s_ouvre_et_se_ferme_au_clavier(visit: StartVisit, host, site):
    page = f'<!doctype html><html lang="fr"><title>Site</title><h1>Site</h1><script src="{site.url}/relais.js"></script>'
    visitor = await visit(url=await host(page))
    await visitor.open()
    await visitor.page.keyboard.press("Tab")
    await focus_reaches(visitor, "BUTTON Santé et emploi : besoin d'aide ?")
    await visitor.page.keyboard.press("Enter")
    await focus_reaches(visitor, "H2 Relais")
    await shot(visitor.page, "floating-desktop")
    await visitor.page.keyboard.press("Escape")
    await focus_reaches(visitor, "BUTTON Santé et emploi : besoin d'aide ?")
    assert not await visitor.widget.get_by_role("heading", name="Relais").is_visible()


async def test_la_confirmation_rend_le_focus(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.choose("Effacer")
    dialog = visitor.widget.get_by_role("dialog", name="Effacer la conversation ?")
    await dialog.wait_for()
    await visitor.page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    assert await visitor.focused() == "BUTTON Effacer"
    assert len(await visitor.said()) == 2


async def test_chaque_commande_a_un_nom_qui_contient_ce_qui_est_ecrit(visit: StartVisit):
    """Voice control: one says what one reads (WCAG 2.5.3)."""
    visitor = await (await visit()).begin()
    await visitor.to_the_plan()
    named = await visitor.page.evaluate(
        """() => [...document.querySelector("relais-chat").shadowRoot.querySelectorAll("button, a, summary")]
        .map((node) => [node.innerText.trim(), node.getAttribute("aria-label")])"""
    )
    assert len(named) > 12
    for text, label in named:
        assert text or not label, (text, label)
        assert label is None or re.sub(r"\s+", " ", text).lower() in label.lower()
