"""`/rappel`: a form of its own, never the chat; kept encrypted, refused with a reason."""

import re

import pytest

from tests.gateway.conftest import Person
from tests.gateway.test_advisers import ASK, on_duty

TYPED = {
    "name": "Zébulon",
    "phone": "06 39 98 00 01",
    "when": "le matin",
    "department": "52",
    "agreed": "yes",
}


async def link(person: Person) -> str:
    messages = await person.say(ASK)
    [url] = [each["url"] for message in messages for each in message["links"]]
    return "/" + url.split("/", 3)[3]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


async def send(person: Person, address: str, **typed: str) -> tuple[int, str]:
    page = await (await person.client.get(address)).text()
    fields = TYPED | {"form": hidden(page, "form"), "cle": hidden(page, "cle")} | typed
    response = await person.client.post("/rappel", data={k: v for k, v in fields.items() if v})
    return response.status, await response.text()


@pytest.fixture
async def offered(person: Person) -> tuple[Person, str]:
    await person.begin(consent="yes")
    await on_duty(person)
    return person, await link(person)


async def test_la_demande_est_gardee_a_part(offered: tuple[Person, str]):
    person, address = offered
    status, page = await send(person, address)
    assert status == 200
    assert "est notée" in page
    [waiting] = await person.gateway.call_backs.waiting(["52"])
    assert waiting.conversation_id == person.id
    details = await person.gateway.call_backs.open(waiting.id, ["52"])
    assert details is not None
    assert (details.name, details.phone, details.email, details.when) == (
        "Zébulon", "06 39 98 00 01", "", "le matin",
    )  # fmt: skip
    assert "Zébulon" not in str(await person.conversation())
    copied = await (await person.client.get("/donnees/copie")).json()  # by the cookie
    assert copied["call_back"]["phone"] == "06 39 98 00 01"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "le nom que le conseiller doit demander"),
        ({"phone": ""}, "un numéro de téléphone, ou une adresse"),
        ({"phone": "12"}, "la forme d&#39;un numéro"),
        ({"email": "moi"}, "la forme d&#39;une adresse"),
        ({"department": "99"}, "Choisissez votre département"),
        ({"agreed": ""}, "Cochez la case"),
    ],
)
async def test_ce_qui_manque_est_dit_et_rien_n_est_garde(
    offered: tuple[Person, str], wrong: dict[str, str], told: str
):
    person, address = offered
    status, page = await send(person, address, **wrong)
    assert status == 400
    assert told in page
    assert 'aria-invalid="true"' in page
    assert wrong.get("name") == "" or 'value="Zébulon"' in page
    assert await person.gateway.call_backs.count(None) == 0


async def test_la_cle_du_lien_est_la_notre(offered: tuple[Person, str]):
    person, address = offered
    assert (await person.client.get("/rappel")).status == 200  # our own page: the cookie is enough
    person.client.session.cookie_jar.clear()
    assert (await person.client.get("/rappel")).status == 401
    assert (await person.client.get(address + "x")).status == 401
    plan_key = person.gateway.sessions.tokens.plan(person.id)
    assert (await person.client.get(f"/rappel?cle={plan_key}")).status == 401
    status, _ = await send(person, address, form="faux")
    assert status == 409


async def test_personne_en_service_la_page_le_dit(offered: tuple[Person, str]):
    person, address = offered
    await person.gateway.presence.end("anne")
    status, page = await send(person, address)
    assert status == 200
    assert "Aucun conseiller" in page
    assert await person.gateway.call_backs.count(None) == 0


async def test_sans_rien_garder_la_demande_ne_dit_pas_de_quelle_conversation(person: Person):
    await person.begin(consent="no")
    await on_duty(person)
    assert (await send(person, await link(person)))[0] == 200
    [waiting] = await person.gateway.call_backs.waiting(None)
    assert waiting.conversation_id is None


async def test_les_demandes_sont_comptees(offered: tuple[Person, str]):
    person, address = offered
    assert [(await send(person, address))[0] for _ in range(4)] == [200, 200, 200, 429]


async def test_effacer_la_conversation_efface_la_demande(offered: tuple[Person, str]):
    person, address = offered
    await send(person, address)
    await person.client.delete("/api/conversation", headers=person.headers)
    assert await person.gateway.call_backs.count(None) == 0
