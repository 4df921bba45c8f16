"""A whole conversation to the plan on each channel, within the limits that the platforms enforce."""

import re

from bot.gateway.channels.segments import segments, septets
from tests.gateway.channels.conftest import Line
from tests.gateway.channels.long_rasa import FIRST, LongRasa


async def test_de_l_ouverture_au_chemin(line: Line, rasa: LongRasa) -> None:
    phone = line.phone()
    shown = await phone.say("Bonjour")
    opening = "\n".join(each.text for each in shown)
    assert "programme, pas une personne" in opening
    assert "relais.example.org" in opening  # what the platform sees, and where it does not
    assert shown[-1].text.rstrip().count("d'accord") >= 1
    shown = await phone.answer("Oui, je suis d'accord", shown)
    assert "situation" in shown[-1].text
    shown = await phone.answer("Salarié d'un particulier", shown)
    assert rasa.texts[-1] == '/inform{"status": "particulier_employeur"}'
    shown = await phone.say("14000 Caen")
    shown = await phone.answer("20 à 249", shown)
    assert rasa.texts[-1] == '/inform{"company_size": 100}'
    shown = await phone.answer("Oui, en arrêt", shown)
    assert "Est-ce exact" in shown[-1].text
    shown = await phone.answer("C'est exact", shown)
    text = "\n".join(each.text for each in shown)
    assert text.count(FIRST) == 1  # once, whatever the dialogue says beside its plan
    assert "36 46" in text
    link = re.search(r"https://relais\.example\.org(/plan\?cle=\S+)", text)
    assert link is not None
    assert "Est-ce que cela vous aide" in text
    shown = await phone.answer("Oui", shown)
    assert shown[-1].text == "Merci."
    assert line.platform.refused == []
    assert rasa.overlaps == 0
    page = await line.client.get(link[1])
    assert page.status == 200
    assert "Appeler le service social" in await page.text()


async def test_les_outils_de_chaque_question_se_disent_en_mots(line: Line, rasa: LongRasa) -> None:
    phone = line.phone()
    shown = await phone.answer("Oui, je suis d'accord", await phone.say("Bonjour"))
    await phone.answer("Intérimaire", shown)
    assert "Dans quelle ville" in phone.platform.shown[-1].text
    await phone.say("Pourquoi cette question ?")
    assert rasa.texts[-1] == "/why_question"
    await phone.say("Je ne sais pas")
    assert rasa.texts[-1] == "/dont_know"
    await phone.say("Revenir")
    assert rasa.texts[-1] == "/go_back"


async def test_un_nombre_n_est_pas_un_choix_la_ou_il_est_une_reponse(line: Line, rasa: LongRasa) -> None:
    phone = line.phone()
    shown = await phone.answer("Oui, je suis d'accord", await phone.say("Bonjour"))
    await phone.answer("Intérimaire", shown)
    shown = await phone.say("Caen")
    assert "Combien de personnes" in shown[-1].text
    await phone.say("3")
    assert rasa.texts[-1] == "3"


async def test_les_reponses_et_un_chiffre_valent_un_bouton(line: Line, rasa: LongRasa) -> None:
    phone = line.phone()
    await phone.answer("Oui, je suis d'accord", await phone.say("Bonjour"))
    await phone.say(" 2. ")
    assert rasa.texts[-1] == '/inform{"status": "interimaire"}'


async def test_les_sms_tiennent_en_peu_de_segments_gsm(start, rasa: LongRasa) -> None:
    line = await start("twilio")
    phone = line.phone()
    shown = await phone.answer("Oui, je suis d'accord", await phone.say("Bonjour"))
    await phone.answer("Intérimaire", shown)
    for text in ("Caen", "A", "1", "1"):
        await phone.say(text)
    assert all(septets(text) is not None for text in line.platform.texts)
    assert all(segments(text) <= 4 for text in line.platform.texts)
    assert segments(line.platform.texts[-1]) <= 4
