"""The stream of events: an adviser's message as it comes, resumed where it was cut, bounded, ended."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse

from tests.gateway.conftest import Person, StartGateway
from tests.gateway.test_advisers import taken

URL = "/api/conversation/events"


@asynccontextmanager
async def stream(person: Person, **headers: str) -> AsyncIterator[ClientResponse]:
    async with person.client.get(URL, headers=person.headers | headers) as response:
        yield response


async def next_event(response: ClientResponse) -> dict[str, str]:
    """The next event; comments and the advice to retry are left out."""
    while True:
        event: dict[str, str] = {}
        while line := (await response.content.readline()).decode().rstrip("\n"):
            name, _, value = line.partition(": ")
            event[name] = value
        if "data" in event:
            return event


async def say(person: Person, request: int, text: str) -> dict[str, Any]:
    return await person.gateway.advisers.handoffs.say(request, "anne", text)


async def test_le_message_du_conseiller_arrive_sans_etre_demande(person: Person):
    request = await taken(person)
    async with stream(person) as response:
        assert response.status == 200
        assert response.content_type == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        said = await say(person, request.id, "Bonjour à vous.\nDeuxième ligne.")
        event = await next_event(response)
        assert event["event"] == "message"
        assert json.loads(event["data"]) == said


async def test_apres_une_coupure_rien_ne_manque_ni_ne_revient(person: Person):
    request = await taken(person)
    async with stream(person) as response:
        await say(person, request.id, "un")
        last = (await next_event(response))["id"]
    await say(person, request.id, "deux")
    await person.say("je réponds")
    await say(person, request.id, "trois")
    async with stream(person, **{"Last-Event-ID": last}) as response:
        got = [json.loads((await next_event(response))["data"])["text"] for _ in range(2)]
    assert got == ["deux", "trois"]


async def test_un_numero_faux_ou_trop_grand_ne_casse_rien(person: Person):
    request = await taken(person)
    for wrong in ("abc", "999999999", "-1", "9" * 40, "²"):
        async with stream(person, **{"Last-Event-ID": wrong}) as response:
            await say(person, request.id, "encore")
            assert json.loads((await next_event(response))["data"])["text"] == "encore"


async def test_sans_jeton_ou_efface_pas_de_flux(person: Person):
    assert (await person.client.get(URL)).status == 401
    await taken(person)
    async with stream(person) as response:
        await person.client.delete("/api/conversation", headers=person.headers)
        await person.gateway.live.tell(f"conversation:{person.id}")
        assert (await next_event(response))["event"] == "ended"
        assert await response.content.read() == b""
    async with stream(person) as response:
        assert response.status == 401


async def test_les_flux_sont_comptes(start: StartGateway):
    person = await start(streams=2)
    await taken(person)
    async with stream(person) as first, stream(person) as second, stream(person) as third:
        assert [each.status for each in (first, second, third)] == [200, 200, 429]
    async with asyncio.timeout(10):
        while person.gateway.streams._tasks:
            await person.gateway.live.tell(f"conversation:{person.id}")
            await asyncio.sleep(0.01)
    async with stream(person) as again:
        assert again.status == 200


async def test_l_adresse_du_flux_est_donnee_au_widget(person: Person):
    response = await person.client.post("/api/conversations", json={})
    body = await response.json()
    person.token = body["token"]
    assert body["events"] == (await person.conversation())["events"] == URL


async def test_un_site_permis_peut_lire_le_flux(start: StartGateway):
    person = await start(allowed_origins=frozenset({"https://www.exemple.fr"}))
    await taken(person)
    async with stream(person, Origin="https://www.exemple.fr") as response:
        assert response.headers["Access-Control-Allow-Origin"] == "https://www.exemple.fr"


async def test_arreter_le_service_n_attend_pas_les_flux(start: StartGateway):
    person = await start()
    await taken(person)
    async with stream(person) as response:
        assert response.status == 200
        async with asyncio.timeout(20):
            await person.client.server.close()
