"""Safety before everything: in every state, whatever breaks, and never kept."""

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.conversation.store import Store
from bot.gateway.wording import KINDS, wording
from bot.language.safety import detect
from tests.gateway.conftest import Person, StartGateway, break_rasa
from tests.gateway.fake_rasa import FakeRasa

DANGER = "je veux mourir ce soir"
OTHER = "mon frère veut se suicider"


def counters(folder: Path) -> list[tuple[str, str, int]]:
    with sqlite3.connect(folder / "relais.sqlite") as database:
        return database.execute("SELECT kind, channel, count FROM safety_event ORDER BY kind").fetchall()


def numbers(messages: list[dict]) -> str:
    return " ".join(message["text"] or "" for message in messages)


@pytest.mark.parametrize("consent", [None, "yes", "no"])
async def test_rasa_recoit_l_alarme_et_jamais_les_mots(
    person: Person, rasa: FakeRasa, consent: str | None, tmp_path: Path
):
    await person.begin(consent=consent)
    assert "3114" in numbers(await person.say(DANGER))
    assert rasa.texts[-1] == '/distress{"safety": "suicide"}'
    assert not any("mourir" in json.dumps(body) for body in rasa.received)
    assert counters(tmp_path) == [("suicide", "web", 1)]


async def test_pour_un_proche_rasa_le_sait(person: Person, rasa: FakeRasa):
    await person.begin(consent="yes")
    assert detect(OTHER) is not None
    await person.say(OTHER)
    assert rasa.texts[-1] == '/distress{"safety": "suicide", "about_other": true}'
    assert rasa.received[-1]["metadata"]["about_other"] is True


async def test_une_urgence_vitale_a_son_propre_ordre(person: Person, rasa: FakeRasa):
    await person.begin(consent="yes")
    await person.say("j'ai une violente douleur dans la poitrine, je fais un malaise")
    assert rasa.texts[-1] == '/emergency{"safety": "emergency"}'


async def test_un_doute_est_transmis_avec_ses_mots(person: Person, rasa: FakeRasa):
    await person.begin(consent="yes")
    await person.say("ce travail me tue")
    assert rasa.texts[-1] == "ce travail me tue"
    assert rasa.received[-1]["metadata"]["safety"] == "soft"


@pytest.mark.parametrize("text", [DANGER, "ce travail me tue"])
@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_les_mots_ne_sont_gardes_nulle_part(person: Person, consent: str, text: str, tmp_path: Path):
    await person.begin(consent=consent)
    await person.say(text + " motsecret")
    seen = await person.conversation()
    assert "motsecret" not in json.dumps(seen)
    said = [message for message in seen["messages"] if message["from"] == "user"]
    assert said[-1]["text"] == wording().withheld
    assert not any(b"motsecret" in file.read_bytes() for file in tmp_path.iterdir())


@pytest.mark.parametrize("fault", ["error", "silent", "empty", "garbage", "dies", "not_an_object"])
@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_sans_rasa_la_passerelle_donne_les_numeros(
    start: StartGateway, rasa: FakeRasa, fault: str, consent: str
):
    person = await start()
    await person.begin(consent=consent)
    break_rasa(person, rasa, fault)
    answer = await person.say(DANGER)
    assert "3114" in answer[0]["text"]
    assert {"title": "Appeler le 3114 (prévention du suicide)", "url": "tel:3114"} in answer[0]["links"]
    rasa.fault = None
    person.gateway.rasa._timeout = 15
    assert (await person.say(choice="salarie_prive"))[-1]["asks"] == "on_leave"  # la question est restée


async def test_meme_trop_long(person: Person, rasa: FakeRasa):
    await person.begin(consent="yes")
    for text in (DANGER + " x" * 3000, "x " * 3000 + DANGER):
        assert "3114" in numbers(await person.say(text))


async def test_meme_sans_conversation_reconnue(person: Person):
    for headers in ({}, {"Authorization": "Bearer faux"}):
        response = await person.client.post("/api/messages", json={"text": DANGER}, headers=headers)
        body = await response.json()
        assert response.status == 401
        assert "3114" in body["messages"][0]["text"]


async def test_meme_quand_il_y_a_trop_de_messages(start: StartGateway):
    person = await start(messages_per_minute=1)
    await person.begin()
    await person.say(choice="yes")
    assert (await person.post(text="bonjour")).status == 429
    assert "3114" in numbers(await person.say(DANGER))


async def test_meme_quand_la_base_est_tombee(person: Person, monkeypatch: pytest.MonkeyPatch):
    await person.begin(consent="yes")

    async def down(*_arguments: object, **_named: object) -> None:
        raise OperationalError("SELECT", {}, Exception("disk"))

    monkeypatch.setattr(Store, "load", down)
    assert "3114" in numbers(await person.say(DANGER))
    assert (await person.post(text="bonjour")).status == 503


async def test_les_mots_que_seul_rasa_reconnait_ne_sont_pas_gardes(
    person: Person, rasa: FakeRasa, tmp_path: Path
):
    await person.begin(consent="yes")
    rasa.understood = "distress"
    await person.say("tournure que personne n'avait prévue motsecret")
    assert not any(b"motsecret" in file.read_bytes() for file in tmp_path.iterdir())
    assert counters(tmp_path) == [("distress", "web", 1)]


async def test_un_detecteur_en_panne_ne_rend_pas_muet(
    person: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def broken(text: str) -> None:
        raise ValueError(text)

    monkeypatch.setattr("bot.gateway.api.detect", broken)
    await person.begin(consent="yes")
    assert (await person.say("je suis salarié motsecret"))[0]["asks"] == "status"
    assert "safety detection failed: ValueError" in caplog.text
    assert "motsecret" not in caplog.text


@pytest.mark.parametrize("kind", KINDS)
def test_chaque_alarme_a_ses_mots_et_des_liens_a_toucher(kind: str):
    answer = wording().emergency(kind)
    assert answer.to_self
    assert answer.to_other
    for link in answer.links:
        scheme, _, number = link["url"].partition(":")
        assert scheme in ("tel", "sms")
        assert number in answer.to_self + answer.to_other
