"""Whatever Rasa does, the person reads a sentence and nothing is lost; one message at a time; taken once."""

import asyncio
import json

import pytest

from bot.conversation.state import rasa_sender
from bot.logs import JsonFormatter
from tests.gateway.conftest import Person, StartGateway, break_rasa
from tests.gateway.fake_rasa import FakeRasa

FAULTS = ["error", "silent", "empty", "garbage", "not_an_object", "wrong_types", "dies"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_une_panne_se_dit_et_la_question_reste(
    start: StartGateway, rasa: FakeRasa, fault: str, consent: str
):
    person = await start()
    await person.begin(consent=consent)
    before = await person.conversation()
    break_rasa(person, rasa, fault)
    response = await person.post(choice="salarie_prive")
    body = await response.json()
    assert response.status == 503
    assert body["error"]["code"] == "unavailable"
    assert all(number in body["error"]["message"] for number in ("15", "112", "3114"))
    assert await person.conversation() == before
    rasa.fault = None
    person.gateway.rasa._timeout = 15
    assert (await person.say(choice="salarie_prive"))[0]["asks"] == "on_leave"


async def test_rasa_injoignable(start: StartGateway, rasa: FakeRasa):
    person = await start()
    await person.begin(consent="yes")
    await rasa.server.close()
    assert (await person.post(text="bonjour")).status == 503
    assert (await person.client.post("/api/conversations", json={})).status == 503
    ready = await person.client.get("/readyz")
    assert ready.status == 503
    assert await ready.json() == {"status": "unavailable", "database": "ok", "rasa": "unavailable"}
    assert (await person.client.get("/healthz")).status == 200


async def test_un_rasa_lent_finit_par_repondre(start: StartGateway, rasa: FakeRasa):
    person = await start(rasa_timeout=5)
    rasa.delay = 0.3
    await person.begin(consent="yes")
    assert (await person.say(choice="salarie_prive"))[0]["asks"] == "on_leave"


async def arrived(person: Person, count: int) -> None:
    """Wait until that many messages hold or await their turn (or have all been answered)."""
    turnstile = person.gateway.dialogue._turnstile
    while turnstile._locks.get(person.id, (None, 0))[1] < count:
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_des_messages_paralleles_passent_un_par_un_dans_l_ordre(
    start: StartGateway, rasa: FakeRasa, consent: str
):
    person = await start(waiting=20)
    await person.begin(consent=consent)
    rasa.delay = 0.3
    texts = [f"écho {rank}" for rank in range(6)]
    tasks = []
    for text in texts:
        tasks.append(asyncio.create_task(person.say(text)))
        await arrived(person, len(tasks))
    answers = await asyncio.gather(*tasks)
    assert [answer[0]["text"] for answer in answers] == [str(rank) for rank in range(6)]
    assert rasa.overlaps == 0
    seen = await person.conversation()
    said = [message["text"] for message in seen["messages"] if message["from"] == "user"]
    assert said[-6:] == texts


async def test_des_personnes_differentes_ne_s_attendent_pas(start: StartGateway, rasa: FakeRasa):
    first, second = await start(), await start()
    await first.begin(consent="yes")
    await second.begin(consent="yes")
    rasa.delay = 0.3
    both = asyncio.gather(first.say("a"), second.say("b"))
    while sum(rasa.talking.values()) < 2:  # Rasa has both at once
        await asyncio.sleep(0.01)
    await both


async def test_trop_de_messages_en_attente_sont_refuses(start: StartGateway, rasa: FakeRasa):
    person = await start(waiting=1)
    await person.begin(consent="yes")
    rasa.delay = 1.0
    answers = await asyncio.gather(*(person.post(text=f"écho {rank}") for rank in range(5)))
    assert sorted(answer.status for answer in answers) == [200, 200, 429, 429, 429]
    refused = await next(answer for answer in answers if answer.status == 429).json()
    assert refused["error"]["code"] == "busy"


@pytest.mark.parametrize("consent", [None, "yes", "no"])
async def test_le_meme_message_n_est_pris_qu_une_fois(person: Person, rasa: FakeRasa, consent: str | None):
    await person.begin(consent=consent)
    first = await person.say("écho un", id="abc")
    count = len(rasa.received)
    again = await asyncio.gather(*(person.say("écho un", id="abc") for _ in range(3)))
    assert again == [first] * 3
    assert len(rasa.received) == count
    assert await person.say("écho deux", id="abd") != first


async def test_l_en_tete_d_idempotence_vaut_l_identifiant(person: Person, rasa: FakeRasa):
    await person.begin(consent="yes")
    headers = person.headers | {"Idempotency-Key": "k1"}
    answers = [
        await person.client.post("/api/messages", json={"text": "écho"}, headers=headers) for _ in "ab"
    ]
    assert await answers[0].json() == await answers[1].json()
    assert rasa.texts.count("écho") == 1


async def test_un_identifiant_deja_pris_par_le_bot_ne_gene_pas(person: Person):
    opening = await person.begin(consent="yes")
    assert (await person.say("bonjour", id=opening[-1]["id"]))[0]["asks"] == "status"


async def test_la_limite_par_conversation(start: StartGateway):
    person = await start(messages_per_minute=2)
    await person.begin()
    await person.say(choice="yes")
    await person.say("bonjour")
    response = await person.post(text="encore")
    assert response.status == 429
    assert int(response.headers["Retry-After"]) >= 1
    assert "secondes" in (await response.json())["error"]["message"]


async def test_la_limite_par_adresse_compte_les_nouvelles_conversations(start: StartGateway):
    person = await start(conversations_per_minute=2)
    statuses = [(await person.client.post("/api/conversations", json={})).status for _ in range(3)]
    assert statuses == [201, 201, 429]


async def test_une_reprise_apres_redemarrage_de_la_passerelle(start: StartGateway, rasa: FakeRasa):
    before = await start()
    await before.begin(consent="yes")
    await before.say(choice="salarie_prive")
    first = await before.say("écho trois", id="m-3")
    seen = await before.conversation()
    await before.client.close()
    after = await start()
    after.token = before.token
    assert await after.conversation() == seen
    assert await after.say("écho trois", id="m-3") == first
    assert rasa.texts.count("écho trois") == 1
    assert (await after.say(choice="yes"))[0]["plan"] is not None


async def test_sans_accord_un_redemarrage_reprend_au_debut(start: StartGateway, rasa: FakeRasa):
    before = await start()
    await before.begin(consent="no")
    await before.say("motsecret")
    await before.client.close()
    after = await start()
    after.token = before.token
    rasa.trackers.clear()
    response = await after.post(choice="salarie_prive")
    assert response.status == 409
    assert (await response.json())["messages"][0]["asks"] == "consent"
    seen = await after.conversation()
    assert "motsecret" not in json.dumps(seen)
    assert seen["asks"] == "consent"


async def test_rasa_redemarre_sans_memoire_recoit_de_quoi_continuer(person: Person, rasa: FakeRasa):
    await person.begin(consent="no")
    await person.say(choice="salarie_prive")
    rasa.trackers.clear()
    await person.say(choice="yes")
    metadata = rasa.received[-1]["metadata"]
    assert metadata["known"] == {"status": "salarie_prive"}
    assert metadata["consent"] == "no"
    assert metadata["persist"] is False


async def test_une_panne_nomme_la_conversation_par_son_empreinte(
    person: Person, rasa: FakeRasa, caplog: pytest.LogCaptureFixture
):
    await person.begin(consent="yes")
    rasa.fault = "error"
    await person.post(text="j'ai un cancer")
    [record] = [each for each in caplog.records if each.name == "relais.dialogue"]
    line = json.loads(JsonFormatter().format(record))
    assert line["conversation"] == rasa_sender(person.id)
    assert person.id not in json.dumps(line)
    assert "cancer" not in json.dumps(line)
