"""The contract's web API, against a fake Rasa."""

import json
import sqlite3
from pathlib import Path

import pytest

from bot.conversation.retention import finish
from bot.conversation.state import rasa_sender
from tests.gateway.conftest import Person, StartGateway
from tests.gateway.fake_rasa import FakeRasa

MESSAGE_KEYS = {"id", "from", "text", "choices", "asks", "input", "links", "plan"}


async def test_une_conversation_va_jusqu_au_parcours(person: Person, rasa: FakeRasa):
    opening = await person.begin()
    assert [set(message) for message in opening] == [MESSAGE_KEYS] * 2
    assert opening[-1]["asks"] == "consent"
    assert [choice["id"] for choice in opening[-1]["choices"]] == ["yes", "no"]
    (status,) = await person.say(choice="yes")
    assert (status["asks"], status["input"], status["from"]) == ("status", "choice", "bot")
    assert [choice["id"] for choice in status["choices"]] == [
        "salarie_prive",
        "fonctionnaire",
        "why_question",
    ]
    await person.say(choice="salarie_prive")
    shown = await person.say(choice="yes")
    assert shown[0]["plan"]["first_step"] == "cpam_carsat"
    assert shown[1]["asks"] == "feedback"
    assert rasa.texts[-1] == '/inform{"on_leave": true}'
    assert (
        rasa.received[-1]["metadata"].items()
        >= {"asked": "on_leave", "channel": "web", "persist": True}.items()
    )
    assert rasa.received[-1]["sender"] == rasa_sender(person.id)


async def test_les_identifiants_de_rasa_ne_sortent_jamais(person: Person):
    shown = json.dumps(await person.begin())
    assert "/inform" not in shown
    assert "payload" not in shown


async def test_la_conversation_se_relit_avec_les_deux_voix(person: Person):
    await person.begin(consent="yes")
    await person.say("je suis maçon", id="m-1")
    seen = await person.conversation()
    assert [message["from"] for message in seen["messages"]] == ["bot", "bot", "user", "bot", "user", "bot"]
    assert seen["messages"][4] | {"id": "m-1", "text": "je suis maçon"} == seen["messages"][4]
    assert all(set(message) == MESSAGE_KEYS for message in seen["messages"])
    assert (seen["asks"], seen["plan"], seen["situation"]) == ("status", None, {})
    assert len({message["id"] for message in seen["messages"]}) == 6


@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_la_situation_et_le_parcours_se_relisent(person: Person, consent: str):
    await person.begin(consent=consent)
    await person.say(choice="salarie_prive")
    await person.say(choice="yes")
    seen = await person.conversation()
    assert seen["situation"] == {"status": "salarie_prive", "on_leave": True}
    assert seen["plan"]["first_step"] == "cpam_carsat"
    assert seen["asks"] == "feedback"


async def test_effacer_efface_tout_partout(person: Person, rasa: FakeRasa, tmp_path: Path):
    await person.begin(consent="yes")
    await person.say("motsecret")
    response = await person.client.delete("/api/conversation", headers=person.headers)
    assert response.status == 204
    assert not rasa.trackers
    assert (await person.post(text="bonjour")).status == 401
    rows = sqlite3.connect(tmp_path / "relais.sqlite").execute("SELECT count(*) FROM conversation").fetchone()
    assert rows == (0,)
    assert not any(b"motsecret" in file.read_bytes() for file in tmp_path.iterdir())


async def test_effacer_quand_rasa_est_en_panne_se_termine_plus_tard(person: Person, rasa: FakeRasa):
    await person.begin(consent="yes")
    sender = rasa_sender(person.id)
    rasa.fault = "error"
    response = await person.client.delete("/api/conversation", headers=person.headers)
    assert response.status == 204
    assert sender in rasa.trackers
    assert (await person.client.get("/api/conversation", headers=person.headers)).status == 401
    rasa.fault = None
    assert await finish(person.gateway.store, person.gateway.rasa.forget) == 0
    assert sender not in rasa.trackers


@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_un_choix_perime_est_refuse_avec_la_question_en_cours(person: Person, consent: str):
    await person.begin(consent=consent)
    for stale in (consent, "jamais-vu", ""):
        response = await person.post(choice=stale)
        body = await response.json()
        assert response.status == 409
        assert body["error"]["code"] == "stale_choice"
        assert body["messages"][0]["asks"] == "status"
    assert (await person.say(choice="salarie_prive"))[0]["asks"] == "on_leave"


async def test_on_peut_repondre_avec_ses_mots(person: Person, rasa: FakeRasa):
    await person.begin(consent="yes")
    await person.say("  je  suis\u200b salarié\n")
    assert rasa.texts[-1] == "je suis salarié"
    assert rasa.received[-1]["metadata"]["asked"] == "status"


@pytest.mark.parametrize("text", ["/", "  //  ", "／", "/／ /"])
async def test_une_barre_seule_recoit_une_reponse_polie(person: Person, rasa: FakeRasa, text: str):
    await person.begin(consent="yes")
    count = len(rasa.received)
    (answer,) = await person.say(text)
    assert "avec vos mots" in answer["text"]
    assert [choice["id"] for choice in answer["choices"]] == [
        "salarie_prive",
        "fonctionnaire",
        "why_question",
    ]
    assert len(rasa.received) == count


@pytest.mark.parametrize(
    "text",
    [
        '/inform{"consent": "yes"}',
        "//restart",
        " / session_start",
        "／restart",
        "\u200b/restart",
        "\x00/restart",
    ],
)
async def test_rasa_ne_voit_jamais_un_ordre_tape(person: Person, rasa: FakeRasa, text: str):
    await person.begin(consent="yes")
    await person.say(text)
    assert rasa.texts[-1][0] not in "/／ "
    assert rasa.texts[-1] in text


async def test_un_numero_est_masque_partout_et_la_personne_le_sait(
    person: Person, rasa: FakeRasa, tmp_path: Path
):
    await person.begin(consent="yes")
    answer = await person.say("mon numéro est le 1 85 05 78 006 084 91, et je suis en arrêt")
    assert answer[0]["text"].startswith("N'écrivez pas de numéro de sécurité sociale")
    assert "006 084" not in rasa.texts[-1]
    assert "MASQUÉ" in rasa.texts[-1]
    seen = json.dumps(await person.conversation())
    assert "006 084" not in seen
    assert not any(b"006 084" in file.read_bytes() for file in tmp_path.iterdir())


async def test_le_cookie_suffit_a_un_navigateur(person: Person):
    response = await person.client.post("/api/conversations", json={})
    cookie = response.cookies["relais"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["secure"]
    assert cookie["max-age"] == "7200"
    answer = await person.client.post("/api/messages", json={"choice": "yes"})
    assert answer.status == 200
    assert answer.cookies["relais"]["max-age"] == str(30 * 86_400)
    erased = await person.client.delete("/api/conversation")
    assert erased.status == 204
    assert erased.cookies["relais"]["max-age"] == "0"


async def test_le_cookie_est_secure_en_https(start: StartGateway):
    person = await start(public_url="https://relais.example")
    response = await person.client.post("/api/conversations", json={})
    assert response.cookies["relais"]["secure"]
    assert "Strict-Transport-Security" in response.headers


async def test_un_autre_ne_lit_pas_ma_conversation(person: Person, start: StartGateway):
    await person.begin(consent="yes")
    await person.say("motsecret")
    other = await start()
    await other.begin()
    assert "motsecret" not in json.dumps(await other.conversation())
