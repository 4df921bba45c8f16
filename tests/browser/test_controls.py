"""Controls of each question, and what is always within reach."""

from contextlib import suppress
from urllib.parse import unquote

import pytest
from playwright.async_api import Error, Route, expect

from tests.browser.conftest import IN_A_BROWSER, StartVisit, Visitor
from tests.browser.dialogue import FullRasa

pytestmark = IN_A_BROWSER


async def at_the_date(visitor: Visitor) -> Visitor:
    await visitor.begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await visitor.choose("Salarié du privé")
    await visitor.sees("Dans quelle ville")
    await visitor.write("Caen")
    await visitor.sees("Connaissez-vous la date")
    return visitor


async def test_les_aides_de_la_question_sont_a_part_des_reponses(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    answers = visitor.widget.get_by_role("group", name="Réponses proposées").get_by_role("button")
    tools = visitor.widget.get_by_role("group", name="Aide pour cette question").get_by_role("button")
    assert await answers.all_inner_texts() == ["Salarié du privé", "Agent public"]
    assert await tools.all_inner_texts() == ["Je ne sais pas", "Revenir", "Pourquoi cette question ?"]
    await visitor.choose("Pourquoi cette question ?")
    await visitor.sees("Les règles changent avec le statut.")


async def test_la_question_dit_son_rang_et_il_est_entendu(visit: StartVisit):
    visitor = await (await visit()).begin()
    rank = visitor.widget.locator(".progress")
    assert not await rank.is_visible()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    assert await rank.inner_text() == "Question 1 sur 4 environ"
    assert (await visitor.heard())[-1].endswith("Agent public. Question 1 sur 4 environ.")
    await visitor.choose("Salarié du privé")
    await visitor.sees("Dans quelle ville")
    assert await rank.inner_text() == "Question 2 sur 4 environ"
    await visitor.page.reload()
    await visitor.sees("Dans quelle ville")
    assert await rank.inner_text() == "Question 2 sur 4 environ"


async def test_le_lieu_se_propose_pendant_que_l_on_tape(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await visitor.choose("Salarié du privé")
    field = visitor.widget.get_by_label("Ville, code postal ou département")
    await field.press_sequentially("saint-diz")
    options = visitor.widget.locator("datalist option")
    await expect(options.first).to_have_attribute("value", "Saint-Dizier (52, Haute-Marne)")
    assert await field.get_attribute("list") == await visitor.widget.locator("datalist").get_attribute("id")
    await field.fill("Saint-Dizier (52, Haute-Marne)")
    await field.press("Enter")
    await visitor.sees("Connaissez-vous la date")
    assert rasa.texts[-1] == "Saint-Dizier (52, Haute-Marne)"


async def test_une_date_incomplete_est_refusee_avec_une_phrase(visit: StartVisit, rasa: FullRasa):
    visitor = await at_the_date(await visit())
    sent = len(rasa.texts)
    await visitor.choose("Envoyer cette date")
    field = visitor.widget.get_by_label("Date du retour au travail")
    assert await visitor.widget.get_by_text("Choisissez d'abord une date complète.").first.is_visible()
    assert await field.get_attribute("aria-invalid") == "true"
    assert (await visitor.focused()).startswith("INPUT")
    await field.fill("2027-03-01")
    await visitor.choose("Envoyer cette date")
    await visitor.sees("Combien de personnes")
    assert rasa.texts[sent:] == ["le 1er mars 2027"]


async def test_un_nombre_hors_limites_est_refuse(visit: StartVisit, rasa: FullRasa):
    visitor = await at_the_date(await visit())
    await visitor.write("le 15 mars")
    await visitor.sees("Combien de personnes")
    field = visitor.widget.get_by_label("Nombre de personnes dans l'entreprise")
    await field.fill("-3")
    await visitor.choose("Envoyer ce nombre")
    assert await visitor.widget.get_by_text("Écrivez un nombre entier entre 0 et 999999.").first.is_visible()
    await field.fill("40")
    await visitor.choose("Envoyer ce nombre")
    await visitor.sees("Voici ce que j'ai compris")
    assert rasa.texts[-1] == "40 personnes"


@pytest.mark.parametrize(("words", "told"), [("", "Écrivez votre message"), ("mot " * 600, "trop long")])
async def test_un_message_vide_ou_trop_long_reste_dans_le_champ(visit: StartVisit, words: str, told: str):
    visitor = await (await visit()).begin()
    await visitor.write(words)
    assert told in await visitor.widget.locator(".words .error").inner_text()
    assert await visitor.widget.locator("textarea").input_value() == words
    assert len(await visitor.said()) == 2


async def test_le_recapitulatif_se_modifie_ligne_par_ligne(visit: StartVisit):
    visitor = await at_the_date(await visit())
    await visitor.write("le 15 mars")
    await visitor.sees("Combien de personnes")
    await visitor.choose("11 à 19")
    await visitor.sees("Voici ce que j'ai compris")
    recap = visitor.widget.locator("li.bot").last
    assert await recap.get_by_role("listitem").count() == 4
    changes = visitor.widget.get_by_role("group", name="Modifier une réponse").get_by_role("button")
    assert await changes.count() == 4
    await visitor.choose("Modifier : lieu")
    await visitor.sees("Dans quelle ville")


async def test_le_parcours_dit_quoi_faire_et_ouvre_la_page_complete(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await visitor.to_the_plan()
    call = visitor.widget.get_by_role("link", name="Appeler Service social <test> : 36 46")
    assert await call.get_attribute("href") == "tel:3646"
    place = visitor.widget.get_by_role("link", name="Voir sur une carte : Service social <test>")
    address = await place.get_attribute("href") or ""
    assert unquote(address) == (
        "https://www.openstreetmap.org/search?query=4 rue des Essais, 52100 Saint-Dizier"
    )
    assert await visitor.widget.get_by_text("1er décembre 2026").is_visible()
    await visitor.widget.get_by_role("button", name="Copier cette phrase").first.click()
    copied = await visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied == "Bonjour, je suis en arrêt et j'ai peur de perdre mon emploi."
    assert (await visitor.heard())[-1] == "Phrase copiée."
    step = visitor.widget.locator("summary").filter(has_text="Écrire au service de prévention")
    await step.click()
    assert await visitor.widget.get_by_text("Il peut vous voir pendant l'arrêt.").is_visible()
    links = await visitor.widget.locator(".plan a").evaluate_all(
        "all => all.map((one) => one.getAttribute('href'))"
    )
    assert not any(link.startswith("javascript") for link in links)
    async with visitor.page.expect_popup() as opened:
        await visitor.widget.get_by_role("link", name="Lire, imprimer ou garder mon parcours complet").click()
    assert await (await opened.value).get_by_role("heading", name="Mon parcours").is_visible()


async def test_les_numeros_d_urgence_sont_toujours_a_portee(visit: StartVisit):
    visitor = await (await visit()).open()

    async def reachable() -> list[str]:
        await visitor.widget.locator("summary").filter(has_text="Numéros d'urgence").click()
        numbers = visitor.widget.locator(".emergency a")
        assert await numbers.first.is_visible()
        links: list[str] = await numbers.evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        await visitor.widget.locator("summary").filter(has_text="Numéros d'urgence").click()
        return links

    expected = ["tel:15", "tel:112", "sms:114", "tel:3114"]
    assert await reachable() == expected
    await visitor.begin()
    await visitor.to_the_plan()
    assert await reachable() == expected


async def test_quitter_vite_efface_et_remplace_la_page(visit: StartVisit, rasa: FullRasa):
    visitor = await visit()
    neutral = f"{visitor.url}/static/relais.svg"
    await visitor.page.route(
        "https://meteofrance.com/", lambda route: route.fulfill(status=302, headers={"Location": neutral})
    )
    visitor.allowed.append("https://meteofrance.com/")
    await visitor.page.goto("about:blank")
    await visitor.begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await visitor.choose("Quitter vite")
    await visitor.page.wait_for_url(neutral)
    assert rasa.trackers == {}
    assert [cookie for cookie in await visitor.context.cookies() if cookie["name"] == "relais"] == []
    await visitor.page.go_back()
    assert visitor.page.url == "about:blank"


async def test_quitter_vite_part_meme_sans_reseau_ni_serveur(visit: StartVisit):
    visitor = await (await visit()).begin()
    visitor.allowed.append("https://meteofrance.com/")
    await visitor.page.route("https://meteofrance.com/", lambda route: route.fulfill(body="météo"))
    held: list[Route] = []
    await visitor.page.route("**/api/**", lambda route: held.append(route))
    await visitor.choose("Quitter vite")
    await visitor.page.wait_for_url("https://meteofrance.com/")
    for route in held:
        with suppress(Error):
            await route.abort()


async def test_effacer_demande_puis_efface(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    await visitor.choose("Effacer")
    await visitor.choose("Annuler")
    assert len(rasa.trackers) == 1
    await visitor.choose("Effacer")
    await visitor.choose("Oui, effacer")
    await visitor.widget.locator(".status").get_by_text("Votre conversation est effacée").wait_for()
    assert rasa.trackers == {}
    assert await visitor.said() == []
    assert await visitor.focused() == "BUTTON Commencer"


async def test_recommencer_efface_et_repose_la_premiere_question(visit: StartVisit, rasa: FullRasa):
    visitor = await (await visit()).begin()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    await visitor.choose("Recommencer")
    await visitor.choose("Oui, recommencer")
    await expect(visitor.widget.locator(".said > li")).to_have_count(2)
    await visitor.sees("Acceptez-vous")
    assert len(rasa.trackers) == 1


async def test_les_options_restent_et_ne_disent_rien_de_la_personne(visit: StartVisit):
    visitor = await (await visit()).begin()
    await visitor.widget.locator("summary").filter(has_text="Options d'affichage").click()
    size = "getComputedStyle(document.querySelector('relais-chat').shadowRoot.querySelector('textarea')).fontSize"
    assert await visitor.page.evaluate(size) == "16px"
    await visitor.widget.get_by_label("Très grande").check()
    assert await visitor.page.evaluate(size) == "24px"
    await visitor.widget.get_by_label("Contraste renforcé").check()
    await visitor.page.reload()
    await visitor.sees("Acceptez-vous")
    assert await visitor.page.evaluate(size) == "24px"
    assert await visitor.page.evaluate("JSON.stringify({...localStorage})") == (
        '{"relais-affichage":"{\\"size\\":\\"largest\\",\\"contrast\\":true,\\"aloud\\":false}"}'
    )
    assert await visitor.page.evaluate("sessionStorage.length") == 0


async def test_la_lecture_a_voix_haute_est_un_choix(visit: StartVisit):
    visitor = await visit()
    await visitor.page.add_init_script(
        "window.spoken = []; speechSynthesis.speak = (words) => window.spoken.push([words.text, words.lang]);"
    )
    await visitor.begin()
    assert await visitor.page.evaluate("window.spoken") == []
    await visitor.widget.locator("summary").filter(has_text="Options d'affichage").click()
    await visitor.widget.get_by_label("Lire les messages à voix haute").check()
    await visitor.choose("Oui, j'accepte")
    await visitor.sees("Quelle est votre")
    assert await visitor.page.evaluate("window.spoken") == [
        [
            "Quelle est votre situation ? Réponses proposées : Salarié du privé, Agent public. "
            "Question 1 sur 4 environ.",
            "fr-FR",
        ]
    ]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Appelez le 3114 maintenant. Si le danger est immédiat, appelez le 15.", ["tel:3114", "tel:15"]),
        ("Appelez le 15 ou le 112 maintenant, ou envoyez un SMS au 114.", ["tel:15", "tel:112", "sms:114"]),
        ("Urgence : 15 ou 112. Idées noires : 3114.", ["tel:15", "tel:3114"]),
        ("Rendez-vous le 15 janvier ou le 17 mars. Dans 15 jours.", []),
        ("• CPAM de la Haute-Marne : 3646\n• MDPH : 03 25 01 19 51", ["tel:3646", "tel:+33325011951"]),
        ("Voir https://www.ameli.fr/assure.", ["https://www.ameli.fr/assure"]),
        ("<a href='javascript:alert(1)'>ici</a>", []),
    ],
)
async def test_les_numeros_d_un_message_s_appellent_d_un_doigt(
    visit: StartVisit, text: str, links: list[str]
):
    visitor = await (await visit()).begin()
    message = {
        "id": "m",
        "from": "bot",
        "text": text,
        "choices": [],
        "asks": None,
        "input": None,
        "links": [],
        "plan": None,
    }
    await visitor.page.route("**/api/messages", lambda route: route.fulfill(json={"messages": [message]}))
    await visitor.write("bonjour")
    await visitor.widget.locator("li.bot").nth(2).wait_for()
    found = visitor.widget.locator("li.bot").last.locator("a")
    assert await found.evaluate_all("all => all.map((one) => one.getAttribute('href'))") == links
