"""Lost network, refusals, reload, two tabs: nothing is lost, nothing is sent twice, and the person is told."""

from typing import Any

import pytest

from tests.browser.conftest import IN_A_BROWSER, Site, StartSite, StartVisit, Visitor
from tests.browser.dialogue import FullRasa

pytestmark = IN_A_BROWSER


async def status(visitor: Visitor) -> str:
    text: str = await visitor.widget.locator(".status").inner_text()
    return text


async def test_hors_ligne_le_message_attend_et_part_une_seule_fois(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await visitor.context.set_offline(True)
    await visitor.choose("Salarié du privé")
    await visitor.widget.get_by_text("En attente du réseau").wait_for()
    assert "Urgence : 15 ou 112" in await status(visitor)
    assert rasa.texts.count('/inform{"status": "salarie_prive"}') == 0
    await visitor.context.set_offline(False)
    await visitor.sees("Dans quelle ville")
    assert rasa.texts.count('/inform{"status": "salarie_prive"}') == 1
    assert await visitor.widget.get_by_text("En attente du réseau").count() == 0
    assert await status(visitor) == "La connexion est revenue. Votre message est envoyé."
    heard = await visitor.heard()
    assert sum("La connexion est coupée" in words for words in heard) == 1
    assert heard.count("La connexion est revenue. Votre message est envoyé.") == 1


async def test_une_reponse_perdue_en_route_ne_fait_pas_un_second_envoi(visit: StartVisit, rasa: FullRasa):
    """The server took the message, the answer was lost: sent again with the same id, it is taken once."""
    visitor = await (await visit()).begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    ids: list[str] = []

    async def lose_the_first(route: Any) -> None:
        ids.append(route.request.post_data_json["id"])
        if len(ids) > 1:
            return await route.continue_()
        await route.fetch()
        return await route.abort("connectionreset")

    await visitor.page.route("**/api/messages", lose_the_first)
    await visitor.choose("Salarié du privé")
    await visitor.sees("Dans quelle ville")
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert rasa.texts.count('/inform{"status": "salarie_prive"}') == 1
    assert len([words for words in await visitor.said() if words == "Salarié du privé"]) == 1


async def test_plusieurs_messages_hors_ligne_partent_dans_l_ordre(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    await visitor.context.set_offline(True)
    await visitor.write("un")
    await visitor.widget.get_by_text("En attente du réseau").first.wait_for()
    await visitor.write("deux")
    await visitor.context.set_offline(False)
    await visitor.widget.locator(".bot").nth(3).wait_for()
    assert rasa.texts[-2:] == ["un", "deux"]


@pytest.mark.parametrize("consent", ["Oui, j'accepte", "Non, ne gardez rien"])
async def test_recharger_la_page_reprend_au_meme_point(visit: StartVisit, consent: str):
    visitor = await (await visit()).begin()
    await visitor.choose(consent)
    await visitor.sees("Quelle est votre")
    before = await visitor.said()
    await visitor.page.reload()
    await visitor.sees("Quelle est votre")
    assert await visitor.said() == before
    await visitor.hears("Votre conversation reprend")
    assert await visitor.heard() == ["Votre conversation reprend là où vous l'aviez laissée."]
    await visitor.choose("Aller à la question en cours")
    assert await visitor.focused() == "H3 Votre réponse"
    await visitor.choose("Salarié du privé")
    await visitor.sees("Dans quelle ville")


async def test_recharger_apres_le_parcours_le_montre_encore(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.to_the_plan()
    await visitor.page.reload()
    await visitor.widget.get_by_role("link", name="Appeler Service social <test> : 36 46").wait_for()
    await visitor.choose("Oui")
    await visitor.sees("Merci.")


async def test_deux_onglets_montrent_la_meme_conversation(visit: StartVisit):
    one = await (await visit()).begin()
    two = await visit(context=one.context)
    await two.open()
    await two.sees("Acceptez-vous")
    await one.choose("Oui, j'accepte")
    await two.sees("Quelle est votre")
    await two.choose("Salarié du privé")
    await one.sees("Dans quelle ville")
    assert await one.said() == await two.said()
    await two.choose("Effacer")
    await two.choose("Oui, effacer")
    await one.widget.get_by_role("button", name="Commencer", exact=True).wait_for()
    assert await one.said() == []


async def test_recommencer_dans_un_onglet_ne_cree_pas_deux_conversations(visit: StartVisit, rasa: FullRasa):
    one = await (await visit()).begin()
    two = await visit(context=one.context)
    await two.open()
    await two.sees("Acceptez-vous")
    await two.choose("Recommencer")
    await two.choose("Oui, recommencer")
    await two.sees("Acceptez-vous")
    await one.choose("Commencer")
    await one.sees("Acceptez-vous")
    assert rasa.texts == ["/start", "/start"]


async def test_un_choix_perime_ramene_a_la_question_en_cours(visit: StartVisit):
    visitor = await (await visit()).begin()

    async def older(route: Any) -> None:
        await route.continue_(post_data={**route.request.post_data_json, "choice": "ancien"})

    await visitor.page.route("**/api/messages", older, times=1)
    await visitor.choose("Oui, j'accepte")
    await visitor.widget.locator(".status").get_by_text("ne correspond plus").wait_for()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")


async def test_rasa_en_panne_la_phrase_de_l_api_puis_reessayer(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    rasa.fault = "error"
    await visitor.choose("Oui, j'accepte")
    await visitor.widget.locator(".status").get_by_text("Je ne peux pas répondre pour le moment").wait_for()
    assert "3114" in await status(visitor)
    assert await visitor.widget.get_by_text("Non envoyé").count() == 1
    rasa.fault = None
    await visitor.choose("Réessayer")
    await visitor.sees("Quelle est votre")
    assert await visitor.widget.get_by_text("Non envoyé").count() == 0
    assert len([words for words in await visitor.said() if words == "Oui, j'accepte"]) == 1


async def test_trop_de_messages_se_dit_et_se_reessaie(visit: StartVisit, start_site: StartSite):
    visitor = await visit(url=(await start_site(messages_per_minute=1)).url)
    await visitor.begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await visitor.choose("Agent public")
    await visitor.widget.locator(".status").get_by_text("Vous avez envoyé beaucoup de messages").wait_for()
    assert await visitor.widget.get_by_role("button", name="Réessayer").is_visible()
    assert await visitor.widget.get_by_role("button", name="Agent public", exact=True).is_visible()


async def test_un_proxy_qui_repond_a_notre_place_ne_casse_rien(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.page.route(
        "**/api/messages", lambda route: route.fulfill(status=502, body="<html>Bad gateway"), times=1
    )
    await visitor.choose("Oui, j'accepte")
    await visitor.widget.locator(".status").get_by_text("Relais ne répond pas").wait_for()
    await visitor.choose("Réessayer")
    await visitor.sees("Quelle est votre")


async def test_une_conversation_terminee_ailleurs_en_propose_une_nouvelle(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    cookies = await visitor.context.cookies()
    await visitor.page.request.delete(f"{visitor.url}/api/conversation")
    await visitor.context.add_cookies(cookies)  # type: ignore[arg-type]
    await visitor.choose("Oui, j'accepte")
    await visitor.widget.locator(".status").get_by_text("Commencez-en une nouvelle").wait_for()
    await visitor.choose("Commencer")
    await visitor.sees("Acceptez-vous")


async def test_le_danger_est_entendu_meme_quand_la_conversation_est_terminee(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.page.request.delete(f"{visitor.url}/api/conversation")
    await visitor.page.request.post(f"{visitor.url}/api/conversations", data={})
    await visitor.context.clear_cookies()
    await visitor.write("je veux mourir ce soir")
    await visitor.sees("Appelez maintenant le")
    assert await visitor.widget.get_by_role(
        "link", name="Appeler le 3114 (prévention du suicide)"
    ).is_visible()


async def test_le_serveur_ferme_se_dit_au_commencement(visit: StartVisit, site: Site):
    visitor = await (await visit()).open()
    await visitor.context.set_offline(True)
    await visitor.choose("Commencer")
    await visitor.widget.locator(".status").get_by_text("La connexion est coupée").wait_for()
    await visitor.context.set_offline(False)
    await visitor.choose("Commencer")
    await visitor.sees("Acceptez-vous")


async def test_effacer_en_mots_efface_aussi_l_ecran(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    rasa.understood = "erase_data"
    await visitor.write("effacer")
    await visitor.widget.get_by_role("button", name="Commencer", exact=True).wait_for()
    assert await visitor.said() == []
    assert "effacée" in await status(visitor)
