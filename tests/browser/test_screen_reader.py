"""What a screen reader gets: in order, and once each."""

import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from bot.conversation.messages import message
from bot.conversation.presence import Duty
from bot.conversation.state import TurnRecord, now
from tests.browser.conftest import IN_A_BROWSER, Site, StartVisit, Visitor
from tests.browser.dialogue import FullRasa

pytestmark = IN_A_BROWSER


async def live_regions(visitor: Visitor) -> int:
    count: int = await visitor.page.evaluate(
        """() => document.querySelector("relais-chat").shadowRoot
        .querySelectorAll("[aria-live], [role=log], [role=status], [role=alert]").length"""
    )
    return count


async def test_chaque_message_est_annonce_une_fois_et_une_seule(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.to_the_plan()
    heard = await visitor.heard()
    for words in (
        "Bonjour. Je suis un programme.",
        "Acceptez-vous que je garde vos réponses 30 jours ? Réponses proposées : Oui, j'accepte, Non, ne gardez rien.",
        "Quelle est votre situation ? Réponses proposées : Salarié du privé, Agent public. Question 1 sur 4 environ.",
        "Dans quelle ville ou quel département travaillez-vous ? Question 2 sur 4 environ.",
        "Connaissez-vous la date de votre retour au travail ? Question 3 sur 4 environ.",
        "Est-ce que cela vous aide ? Réponses proposées : Oui, Non.",
    ):
        assert heard.count(words) == 1, (words, heard)
    assert len(heard) == 9, heard
    assert await live_regions(visitor) == 1


async def test_la_liste_des_messages_n_est_pas_une_zone_annoncee(visit: StartVisit):
    visitor = await (await visit()).begin()
    inside = await visitor.page.evaluate(
        """() => { const list = document.querySelector("relais-chat").shadowRoot.querySelector(".said");
        return [!!list.closest("[aria-live]"), !!list.querySelector("[aria-live]")]; }"""
    )
    assert inside == [False, False]


async def test_l_attente_est_dite_une_seule_fois(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    rasa.delay = 1.8
    await visitor.choose("Oui, j'accepte")
    await visitor.widget.get_by_text("Relais écrit…").first.wait_for()
    await visitor.sees("Quelle est votre")
    assert (await visitor.heard()).count("Relais écrit…") == 1
    assert not await visitor.widget.locator(".typing").is_visible()


async def test_une_reponse_rapide_n_annonce_pas_d_attente(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    assert "Relais écrit…" not in await visitor.heard()


async def test_ce_qui_est_annonce_ne_reste_pas_dans_la_page(visit: StartVisit):
    """Someone who browses the page must not find each message twice."""
    visitor = await visit()
    await visitor.page.clock.install()
    await visitor.begin()
    await visitor.page.clock.run_for(8000)
    assert await visitor.widget.locator("[aria-live]").inner_text() == ""


async def test_l_ordre_de_lecture(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    tree = await visitor.widget.aria_snapshot()
    order = [
        'region "Votre conversation"',
        'heading "Votre conversation" [level=2]',
        "Numéros d'urgence",
        'button "Quitter vite"',
        'list "Messages"',
        "Bonjour. Je suis un programme.",
        "Acceptez-vous",
        "Oui, j'accepte",
        "Quelle est votre",
        'heading "Votre réponse" [level=3]',
        'group "Réponses proposées : Quelle est votre situation ?"',
        'button "Salarié du privé"',
        'button "Agent public"',
        'textbox "Ou écrivez avec vos mots"',
        'button "Envoyer"',
        'group "Aide pour cette question',
        'button "Je ne sais pas"',
        'button "Recommencer"',
        'button "Effacer"',
        "Options d'affichage",
    ]
    places = [tree.find(words) for words in order]
    assert -1 not in places, (order[places.index(-1)], tree)
    assert places == sorted(places), tree


async def test_le_parcours_se_lit_par_ses_titres(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.to_the_plan()
    tree = await visitor.widget.aria_snapshot()
    titles = re.findall(r'heading "([^"]+)" \[level=(\d)\]', tree)
    assert titles == [
        ("Votre conversation", "2"),
        ("Votre parcours", "3"),
        ("La première chose à faire", "4"),
        ("Les étapes suivantes", "4"),
        ("Votre réponse", "3"),
    ]
    assert 'link "Appeler Service social <test> : 36 46"' in tree
    assert 'button "Copier cette phrase"' in tree


async def adviser_says(site: Site, visitor: Visitor, words: str) -> None:
    """What the console does: an adviser's turn in the conversation's transcript."""
    cookies = {cookie["name"]: cookie["value"] for cookie in await visitor.context.cookies()}
    conversation_id = site.gateway.sessions.tokens.conversation(cookies["relais"])
    assert conversation_id is not None
    shown = message(words, sender="adviser")
    turn = TurnRecord("adviser", shown["id"], now(), "web", text=words, message=shown)
    remembered = await site.gateway.sharing.memory.get(conversation_id)
    if remembered is not None:
        remembered.add([turn])
        await site.gateway.sharing.memory.keep(remembered)
        return
    found = await site.gateway.store.load(conversation_id)
    assert found is not None
    await site.gateway.store.save(found[0], [turn], changed=())


@pytest.mark.parametrize("consent", ["Non, ne gardez rien", "Oui, j'accepte"])
async def test_sans_evenements_du_serveur_le_message_d_un_conseiller_arrive_quand_meme(
    visit: StartVisit, site: Site, consent: str
):
    visitor = await visit()
    await visitor.page.route("**/api/conversation/events", lambda route: route.abort())
    await visitor.page.clock.install()
    await visitor.begin()
    await visitor.choose(consent)
    await visitor.sees("Quelle est votre")
    await visitor.page.keyboard.press("Tab")
    before = await visitor.focused()
    assert before == "BUTTON Salarié du privé"
    await adviser_says(site, visitor, "Bonjour, ici Anne, conseillère.")
    await visitor.page.clock.run_for(16000)
    await visitor.sees("ici Anne, conseillère")
    assert await visitor.focused() == before
    assert (await visitor.heard()).count("Bonjour, ici Anne, conseillère.") == 1
    assert await visitor.widget.locator("li.adviser .who").inner_text() == "Conseiller"


async def test_le_message_d_un_conseiller_arrive_sans_que_l_on_demande(visit: StartVisit, site: Site):
    """A whole handoff: the adviser's message comes by the server's events, is heard once, and polls nothing."""
    visitor = await (await visit()).begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await site.gateway.presence.begin(Duty("anne", None, now() + timedelta(hours=1), None))
    await visitor.write("je veux parler à quelqu'un")
    await visitor.sees("Un conseiller peut vous répondre ici")
    await visitor.widget.get_by_role("button", name="conseiller").first.click()
    await expect(visitor.widget.locator("li.user")).to_have_count(3)
    handoffs = site.gateway.advisers.handoffs
    await expect(visitor.widget.locator("li.unsent, .typing:not([hidden])")).to_have_count(0)
    [request] = await handoffs.open(None)
    await handoffs.take(request.id, "anne")
    before = await visitor.focused()
    await handoffs.say(request.id, "anne", "Bonjour, ici Anne, conseillère.")
    await visitor.sees("ici Anne, conseillère")
    assert (await visitor.heard()).count("Bonjour, ici Anne, conseillère.") == 1
    assert await visitor.focused() == before
    assert await visitor.widget.locator("li.adviser .who").last.inner_text() == "Conseiller"
    await visitor.write("Merci Anne")
    await handoffs.say(request.id, "anne", "Je vous écoute.")
    await visitor.sees("Je vous écoute.")
    assert (await visitor.said())[-1] == "Je vous écoute."
    assert (await visitor.heard()).count("Je vous écoute.") == 1
