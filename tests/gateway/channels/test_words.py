"""Words that work everywhere, things that are not text, the way to the web and back."""

import copy
import re
from typing import Any

import pytest
from sqlalchemy import text

from tests.gateway.channels.conftest import Line, StartLine
from tests.gateway.channels.long_rasa import LongRasa
from tests.gateway.channels.phones import recorded


async def agreed(line: Line) -> Any:
    phone = line.phone()
    await phone.answer("Oui, je suis d'accord", await phone.say("Bonjour"))
    return phone


async def count(line: Line, table: str) -> int:
    return await line.gateway.store.read(
        lambda connection: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    )


@pytest.mark.parametrize("word", ["STOP", "stop !", "Désabonner"])
async def test_stop_arrete_tout_envoi(start: StartLine, rasa: LongRasa, word: str) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    before = len(rasa.texts)
    shown = await phone.say(word)
    assert "je ne vous écris plus" in shown[0].text
    assert len(rasa.texts) == before
    shown = await phone.say("écho me revoilà")
    assert shown[0].text.startswith("me revoilà")


async def test_effacer_efface_tout(line: Line, rasa: LongRasa) -> None:
    phone = await agreed(line)
    shown = await phone.say("Effacer")
    assert "effacé" in shown[0].text.replace("efface.", "effacé.")
    assert rasa.trackers == {}
    assert await count(line, "conversation") == 0
    assert await count(line, "channel_person") == 0
    shown = await phone.say("Bonjour")
    assert "programme" in shown[0].text


async def test_effacer_par_le_dialogue_aussi(start: StartLine, rasa: LongRasa) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    rasa.understood = "erase_data"
    await phone.say("oublie tout ce que je t'ai dit")
    assert await count(line, "channel_person") == 0


async def test_aide_rappelle_les_mots_et_la_question(line: Line) -> None:
    phone = await agreed(line)
    shown = await phone.say("AIDE")
    said = "\n".join(each.text for each in shown)
    assert "STOP" in said
    assert "EFFACER" in said
    assert "situation" in said


async def test_stop_de_l_operateur_ne_recoit_pas_de_reponse(start: StartLine) -> None:
    line = await start("twilio")
    phone = await agreed(line)
    assert await phone.send(recorded("twilio_stop") | {"From": phone.me, "MessageSid": "SMstop"}) == []


async def test_avec_un_premier_message_plein_l_ouverture_vient_d_abord(line: Line, rasa: LongRasa) -> None:
    phone = line.phone()
    shown = await phone.say("je suis en arrêt depuis 4 mois")
    said = "\n".join(each.text for each in shown)
    assert said.index("programme") < said.index("j'ai besoin de votre accord")
    assert said.count("tes-vous d'accord") == 1
    assert "je suis en arrêt depuis 4 mois" in rasa.texts


@pytest.mark.parametrize("fault", [None, "error"])
async def test_apres_un_danger_dit_d_emblee_l_ouverture_vient_avec_la_suite(
    line: Line, rasa: LongRasa, fault: str | None
) -> None:
    phone = line.phone()
    rasa.fault = fault
    shown = await phone.say("je veux mourir")
    assert "3114" in shown[0].text
    assert not any(
        "programme, pas une personne" in each.text or "relais.example" in each.text for each in shown
    )
    rasa.fault = None
    said = "\n".join(each.text for each in await phone.say("je suis en arrêt depuis 4 mois"))
    assert "programme, pas une personne" in said  # who we are
    assert "https://relais.example.org" in said  # and who else reads
    assert said.count("d'accord") >= 1
    assert await count(line, "conversation") == 1


async def test_un_bouton_d_une_vieille_question_n_est_pas_une_reponse(
    start: StartLine, rasa: LongRasa
) -> None:
    line = await start("telegram")
    phone = line.phone()
    opening = await phone.say("Bonjour")
    await phone.answer("Oui, je suis d'accord", opening)
    before = len(rasa.texts)
    shown = await phone.answer("Continuer sans rien garder", opening)
    assert "ne correspond plus" in shown[0].text
    assert "situation" in shown[-1].text
    assert len(rasa.texts) == before


async def test_sans_accord_rien_n_est_garde_et_on_avance(start: StartLine, tmp_path: Any) -> None:
    line = await start("telegram")
    phone = line.phone()
    shown = await phone.answer("Continuer sans rien garder", await phone.say("Bonjour"))
    shown = await phone.answer("Intérimaire", shown)
    assert "Dans quelle ville" in shown[-1].text
    assert await count(line, "turn") == 0


MEDIA = {
    "telegram": ["telegram_voice", "telegram_sticker"],
    "whatsapp": ["whatsapp_audio", "whatsapp_unsupported", "whatsapp_reaction"],
    "messenger": ["messenger_sticker", "messenger_reaction", "messenger_edit"],
}
MEDIA_CASES = [(name, shape) for name, shapes in MEDIA.items() for shape in shapes]


@pytest.mark.parametrize(("name", "shape"), [*MEDIA_CASES, ("telegram", "telegram_edited")])
async def test_ce_qui_n_est_pas_du_texte_recoit_une_phrase_et_la_question(
    start: StartLine, name: str, shape: str, rasa: LongRasa
) -> None:
    line = await start(name)
    phone = await agreed(line)
    before = len(rasa.texts)
    shown = await phone.send(phone._filled(shape))
    assert re.search(
        "Je ne lis que le texte|ne comprends pas les réactions|modifié un message", shown[0].text
    )
    assert "situation" in shown[-1].text
    assert len(rasa.texts) == before


@pytest.mark.parametrize(
    ("name", "shape"), [("telegram", "telegram_photo_caption"), ("whatsapp", "whatsapp_image_caption")]
)
async def test_la_legende_d_une_image_est_lue(
    start: StartLine, name: str, shape: str, rasa: LongRasa
) -> None:
    line = await start(name)
    phone = await agreed(line)
    shown = await phone.send(phone._filled(shape))
    assert "Je n'ai lu que le texte" in shown[0].text
    assert rasa.texts[-1] == "voici mon avis d'arrêt"


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("telegram", "telegram_group"),
        ("whatsapp", "whatsapp_other_number"),
        ("whatsapp", "whatsapp_delivered"),
        ("messenger", "messenger_echo"),
        ("messenger", "messenger_read"),
    ],
)
async def test_ce_qui_n_est_pas_pour_nous_est_laisse(start: StartLine, name: str, shape: str) -> None:
    line = await start(name)
    phone = line.phone()
    assert await phone.send(recorded(shape)) == []
    assert await count(line, "channel_inbox") == 0


@pytest.mark.parametrize(
    ("name", "shape"), [("telegram", "telegram_start"), ("messenger", "messenger_get_started")]
)
async def test_le_bouton_demarrer_ouvre_la_conversation(start: StartLine, name: str, shape: str) -> None:
    line = await start(name)
    phone = line.phone()
    shown = await phone.send(phone._filled(shape))
    assert "programme" in shown[0].text


async def test_whatsapp_sans_numero_repond_a_l_identifiant(start: StartLine) -> None:
    line = await start("whatsapp")
    assert (await line.phone().post(recorded("whatsapp_username"))).status == 200
    await line.phone().idle()
    assert {shown.to for shown in line.platform.shown} == {"FR.13491208655302741918"}


async def test_les_accuses_et_ecrit_sont_demandes(start: StartLine) -> None:
    for name, expected in (("whatsapp", "read"), ("messenger", "mark_seen"), ("telegram", "typing")):
        line = await start(name)
        await line.phone().say("Bonjour")
        assert expected in str(line.platform.courtesies)


async def test_un_code_mene_au_site_et_en_ramene(start: StartLine, rasa: LongRasa) -> None:
    line = await start("telegram")
    phone = await agreed(line)
    shown = await phone.say("code")
    found = re.search(r"[A-Z]{4}-[A-Z]{4}-[A-Z]{4}", shown[0].text)
    assert found is not None
    response = await line.client.post("/api/resume", json={"code": found[0]})
    assert response.status == 200
    assert (await response.json())["question"]["text"].startswith("Quelle est")
    other = line.phone(2)
    shown = await other.say(found[0])
    assert "Je retrouve votre conversation" in shown[0].text
    assert "situation" in shown[-1].text
    shown = await other.answer("Intérimaire", shown)
    assert "Dans quelle ville" in shown[-1].text


async def test_un_code_faux_n_ouvre_rien_et_s_essaie_peu(start: StartLine) -> None:
    line = await start("telegram")
    phone = line.phone()
    for _ in range(5):
        shown = await phone.say("CFHJ-KLMP-RTVW")
        assert "n'est pas reconnu" in shown[0].text


async def test_avant_l_accord_pas_de_code(start: StartLine) -> None:
    line = await start("telegram")
    phone = line.phone()
    await phone.say("Bonjour")
    shown = await phone.say("CODE")
    assert "Acceptez d'abord" in shown[0].text


async def test_twilio_dit_qu_un_message_n_est_pas_arrive(start: StartLine) -> None:
    line = await start("twilio")
    phone = line.phone()
    await phone.say("Bonjour")
    report = copy.deepcopy(recorded("twilio_failed"))
    assert (await phone.post(report, path="/channels/twilio/status")).status == 200
    row = await line.gateway.store.read(
        lambda connection: connection.execute(
            text("SELECT state, error FROM channel_outbox ORDER BY id")
        ).first()
    )
    assert tuple(row) == ("failed", "report:30007")
