"""Asking for a person: what is offered, the request, the bot's silence, and the way back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import text

from bot.conversation.handoff import Request
from bot.conversation.presence import Duty
from bot.conversation.state import now
from bot.gateway.housekeeping import forget_expired
from tests.gateway.conftest import Person, StartGateway
from tests.gateway.fake_rasa import FakeRasa

ASK = "je veux parler à quelqu'un"


async def on_duty(person: Person, *departments: str, email: str | None = None) -> None:
    duty = Duty("anne", departments or None, now() + timedelta(hours=1), email)
    await person.gateway.presence.begin(duty)


async def waiting(person: Person) -> Request:
    await person.begin(consent="yes")
    await on_duty(person)
    await person.say(ASK)
    await person.say(choice="adviser")
    [request] = await person.gateway.advisers.handoffs.open(None)
    return request


async def taken(person: Person) -> Request:
    request = await waiting(person)
    await person.gateway.advisers.handoffs.take(request.id, "anne")
    return request


def choices(messages: list[dict[str, Any]]) -> list[str]:
    return [choice["id"] for choice in messages[-1]["choices"]]


def told(messages: list[dict[str, Any]]) -> str:
    return " | ".join(each["text"] or "" for each in messages)


async def test_quand_un_conseiller_est_en_service_il_est_propose(person: Person):
    await person.begin(consent="yes")
    await on_duty(person)
    messages = await person.say(ASK)
    assert "Un conseiller peut vous répondre ici" in told(messages)
    assert choices(messages) == ["salarie_prive", "fonctionnaire", "why_question", "adviser"]
    [offer] = [each for each in messages if each["links"]]
    assert offer["links"][0]["title"] == "Être rappelé"
    assert "/rappel?cle=" in offer["links"][0]["url"]
    assert choices(await person.say(choice="salarie_prive")) == ["yes", "no"]


async def test_sans_conseiller_on_le_dit_et_on_nomme_une_structure(person: Person):
    await person.begin(consent="yes")
    messages = await person.say(ASK)
    assert "Aucun conseiller de Relais ne peut vous répondre" in told(messages)
    assert "Vous pouvez vous adresser à :" in told(messages)
    assert "adviser" not in choices(messages)
    assert not any(each["links"] for each in messages)


async def test_hors_des_horaires_on_dit_quand_revenir(
    start: StartGateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    queue = {
        "id": "x", "name": "x", "departments": "tous", "said": "le dimanche de 3 h à 3 h 01", "structure": ["cep"],
        "hours": [{"days": ["dimanche"], "from": "03:00", "to": "03:01"}], "closed_on": [],
    }  # fmt: skip
    path = tmp_path / "permanences.yml"
    path.write_text(yaml.safe_dump({"queues": [queue]}), encoding="utf-8")
    monkeypatch.setenv("RELAIS_PERMANENCES", str(path))
    person = await start()
    await person.begin(consent="yes")
    await on_duty(person)
    assert "Ils répondent le dimanche de 3 h à 3 h 01." in told(await person.say(ASK))


async def test_qui_ne_veut_rien_garder_peut_seulement_etre_rappele(person: Person):
    await person.begin(consent="no")
    await on_duty(person)
    messages = await person.say(ASK)
    assert "Rien n'est gardé" in told(messages)
    assert "adviser" not in choices(messages)
    assert any("/rappel?cle=" in link["url"] for each in messages for link in each["links"])


async def test_avant_l_accord_rien_n_est_propose(person: Person):
    await person.begin()
    await on_duty(person)
    assert "conseiller" not in told(await person.say(ASK))


async def test_la_demande_est_notee_et_le_programme_continue(person: Person, rasa: FakeRasa):
    request = await waiting(person)
    assert request.status == "waiting"
    body = await person.conversation()
    assert body["handoff"] == "waiting"
    assert "Votre demande est transmise" in told(body["messages"])
    assert [choice["id"] for choice in body["question"]["choices"]] == [
        "salarie_prive", "fonctionnaire", "why_question",
    ]  # fmt: skip
    asked = len(rasa.received)
    assert choices(await person.say(choice="salarie_prive")) == ["yes", "no"]
    assert len(rasa.received) == asked + 1
    messages = await person.say(ASK)
    assert "Votre demande attend un conseiller depuis" in told(messages)
    assert "Votre demande est annulée" in told(await person.say(choice="adviser_cancel"))
    assert await person.gateway.advisers.handoffs.open(None) == []
    assert (await person.conversation())["handoff"] is None


async def test_pris_par_un_conseiller_le_programme_se_tait(person: Person, rasa: FakeRasa):
    request = await taken(person)
    asked = len(rasa.received)
    assert (
        told(await person.say("Bonjour, mon numéro est le 06 39 98 00 01")).count("transmis au conseiller")
        == 1
    )
    assert await person.say("Et je suis en arrêt") == []
    assert await person.say(choice="salarie_prive") == []
    assert len(rasa.received) == asked
    await person.gateway.advisers.handoffs.say(request.id, "anne", "Bonjour, je lis vos réponses.")
    body = await person.conversation()
    assert body["handoff"] == "taken"
    assert body["question"] is None
    assert body["messages"][-1] | {"id": ""} == {
        "id": "", "from": "adviser", "text": "Bonjour, je lis vos réponses.", "choices": [], "asks": None,
        "input": None, "links": [], "plan": None,
    }  # fmt: skip
    assert "06 39" not in str(await person.gateway.store.transcript(person.id))
    await person.gateway.advisers.handoffs.give_back(request.id, "anne")
    body = await person.conversation()
    assert body["messages"][-1]["text"] == "Quelle est votre **situation** ?"
    assert choices(await person.say(choice="salarie_prive")) == ["yes", "no"]


async def test_un_renvoi_du_meme_message_au_conseiller_ne_compte_qu_une_fois(person: Person):
    await taken(person)
    first = await person.say("Bonjour", id="m-1")
    assert [each["id"] for each in await person.say("Bonjour", id="m-1")] == [each["id"] for each in first]
    texts = [each["text"] for each in (await person.conversation())["messages"]]
    assert texts.count("Bonjour") == 1


@pytest.mark.parametrize(
    "words", ["je veux en finir, je vais me tuer", "je fais un malaise, j'ai mal à la poitrine"]
)
async def test_en_danger_les_numeros_viennent_tout_de_suite(person: Person, rasa: FakeRasa, words: str):
    await taken(person)
    asked = len(rasa.received)
    messages = await person.say(words)
    assert "15" in told(messages)
    assert messages[0]["links"]
    assert len(rasa.received) == asked
    [turn] = [turn for turn in await person.gateway.store.transcript(person.id) if turn.flag == "safety"]
    assert turn.text is None
    count = text("SELECT sum(count) FROM safety_event")
    assert await person.gateway.store.read(lambda connection: connection.execute(count).scalar_one()) == 1


async def test_rasa_absent_le_conseiller_est_toujours_la(person: Person, rasa: FakeRasa):
    await taken(person)
    rasa.fault = "error"
    assert "transmis au conseiller" in told(await person.say("Bonjour"))


async def age(person: Person, column: str, minutes: int) -> None:
    change = text(f"UPDATE handoff SET {column} = datetime('now', '-{minutes} minutes')")
    await person.gateway.store.write(lambda connection: connection.execute(change).close())


async def test_le_conseiller_parti_le_programme_reprend(person: Person, rasa: FakeRasa):
    await taken(person)
    await person.say("Bonjour")
    await age(person, "adviser_at", 31)
    asked = len(rasa.received)
    await person.say("Vous êtes là ?")
    assert len(rasa.received) == asked + 1
    assert "n'a pas écrit depuis un moment" in told((await person.conversation())["messages"])


async def test_personne_n_est_venu_on_le_dit(person: Person):
    await waiting(person)
    await age(person, "requested_at", 61)
    await person.gateway.advisers.look_after(timedelta(minutes=60))
    body = await person.conversation()
    assert body["handoff"] is None
    assert "Aucun conseiller n'a pu vous répondre" in told(body["messages"])
    assert body["messages"][-1]["asks"] == "status"


async def test_plus_personne_en_service_on_n_attend_pas_une_heure(person: Person):
    await waiting(person)
    await person.gateway.advisers.look_after(timedelta(minutes=60))
    assert (await person.conversation())["handoff"] == "waiting"
    await age(person, "requested_at", 6)
    await person.gateway.advisers.look_after(timedelta(minutes=60))
    assert (await person.conversation())["handoff"] == "waiting"
    await person.gateway.presence.end("anne")
    await person.gateway.advisers.look_after(timedelta(minutes=60))
    body = await person.conversation()
    assert body["handoff"] is None
    assert "Vous pouvez vous adresser à :" in told(body["messages"])


async def test_le_conseiller_parti_entre_temps_la_demande_le_dit(person: Person):
    await person.begin(consent="yes")
    await on_duty(person)
    await person.say(ASK)
    await person.gateway.presence.end("anne")
    assert "Aucun conseiller" in told(await person.say(choice="adviser"))
    assert await person.gateway.advisers.handoffs.open(None) == []


async def test_retirer_son_accord_retire_la_demande(person: Person):
    await waiting(person)
    await person.say("je retire mon accord")
    assert await person.gateway.advisers.handoffs.open(None) == []
    assert await forget_expired(person.gateway) == 0
