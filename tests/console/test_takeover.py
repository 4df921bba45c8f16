"""Taking over from the console: on duty, take, write, give back, close; call-backs; each in the log, none elsewhere."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.console.models import Access
from bot.conversation.callbacks import Details
from bot.conversation.handoff import Request
from tests.console.conftest import Browser, Site
from tests.console.samples import conversation

URL = "/console/demandes"


async def asked(site: Site, department: str | None = "52", name: str = "") -> Request:
    made = await conversation(site, name or f"c-{department}", department)
    await site.console.desk.handoffs.request(made, department)
    found = await site.console.desk.handoffs.current(made)
    assert found is not None
    return found


async def taken(site: Site, browser: Browser) -> Request:
    request = await asked(site)
    await browser.post(f"{URL}/{request.id}/prendre")
    return request


async def texts(site: Site, request: Request) -> list[tuple[str, str | None]]:
    turns = await site.store.transcript(request.conversation_id)
    return [(turn.direction, turn.text) for turn in turns[4:]]  # after those of the sample


async def logged(site: Site, browser: Browser) -> list[str]:
    query = select(Access.what).where(Access.adviser_id == browser.adviser_id).order_by(Access.id)
    return await site.store.read(lambda connection: list(connection.execute(query).scalars()))


def given_id(browser: Browser) -> str:
    found = re.search(r'name="id" value="([^"]+)"', browser.text)
    assert found is not None
    return found[1]


async def test_en_service_pour_son_territoire_et_pour_un_temps(site: Site) -> None:
    browser = await site.sign_in("adviser", ["52", "10"])
    await browser.get(URL)
    assert "Vous n'êtes pas en service" in browser.text
    await browser.follow(await browser.post(f"{URL}/service", {"hours": "2"}))
    assert "pour 10, 52" in browser.text
    [duty] = await site.console.desk.presence.for_department("52")
    assert timedelta(minutes=115) < duty.until - site.clock() < timedelta(minutes=121)
    assert duty.email is None
    assert await site.console.desk.presence.for_department("14") == []
    await browser.follow(await browser.post(f"{URL}/service/fin"))
    assert await site.console.desk.presence.for_department("52") == []
    assert (await browser.post(f"{URL}/service", {"hours": "900"})).status == 400
    assert await logged(site, browser) == ["duty.begun", "duty.ended"]


async def test_prendre_ecrire_rendre(site: Site) -> None:
    browser, request = await site.sign_in("adviser", ["52"]), await asked(site)
    await browser.get(URL)
    assert "Attendent un conseiller (1)" in browser.text
    await browser.get(f"{URL}/{request.id}")
    assert "Prendre la conversation" in browser.text
    await browser.follow(await browser.post(f"{URL}/{request.id}/prendre"))
    first = {"text": "Bonjour,\r\nje suis conseillère.", "id": given_id(browser)}
    await browser.post(f"{URL}/{request.id}/dire", first)
    response = await browser.post(f"{URL}/{request.id}/dire", first)  # the button pressed twice
    await browser.follow(response)
    assert "je suis conseillère." in browser.text
    assert [direction for direction, _ in await texts(site, request)] == ["bot", "adviser"]
    await browser.follow(await browser.post(f"{URL}/{request.id}/rendre"))
    assert "rendue au programme" in browser.text
    said = await texts(site, request)
    assert said[1] == ("adviser", "Bonjour,\nje suis conseillère.")
    assert "de nouveau le programme" in (said[2][1] or "")
    assert await logged(site, browser) == [
        "handoff.read", "handoff.taken", "handoff.read", "handoff.said", "handoff.said", "handoff.read",
        "handoff.returned",
    ]  # fmt: skip


async def test_deux_conseillers_ne_repondent_pas_a_la_meme_personne(site: Site) -> None:
    first, second = await site.sign_in("adviser", ["52"]), await site.sign_in("adviser", ["52"])
    request = await taken(site, first)
    await second.follow(await second.post(f"{URL}/{request.id}/prendre"))
    assert "a été prise par quelqu" in second.text
    assert "(pas vous)" in second.text
    assert 'name="text"' not in second.text
    for action in ("rendre", "clore"):
        await second.follow(await second.post(f"{URL}/{request.id}/{action}"))
        assert "a été prise par quelqu" in second.text
    program = await second.client.post(
        f"{URL}/{request.id}/dire",
        data={"csrf": second.csrf, "text": "moi aussi", "id": "x"},
        headers={"Accept": "application/json"},
    )
    assert program.status == 409
    assert [direction for direction, _ in await texts(site, request)] == ["bot"]


async def test_un_message_vide_ou_trop_long_est_refuse(site: Site) -> None:
    browser = await site.sign_in("adviser", ["52"])
    request = await taken(site, browser)
    for wrong in ({"text": " "}, {"text": "x" * 4001}, {"text": "x", "id": ""}):
        assert (await browser.post(f"{URL}/{request.id}/dire", {"id": "m"} | wrong)).status == 400


async def test_clore_une_demande_qui_attend(site: Site) -> None:
    browser, request = await site.sign_in("adviser", ["52"]), await asked(site)
    await browser.follow(await browser.post(f"{URL}/{request.id}/clore"))
    assert "Personne n" in browser.text
    assert "est close" in str(await texts(site, request))


async def following(browser: Browser, request: Request, query: str) -> dict[str, Any]:
    response = await browser.client.get(
        f"{URL}/{request.id}/suite?{query}", headers={"Accept": "application/json"}
    )
    body: dict[str, Any] = await response.json()
    assert response.status == 200, body
    return body


async def test_la_suite_donne_ce_qui_vient_apres(site: Site) -> None:
    browser = await site.sign_in("adviser", ["52"])
    request = await taken(site, browser)
    body = await following(browser, request, "apres=4")
    assert [each["from"] for each in body["messages"]] == ["bot"]
    assert (body["last"], body["status"]) == (5, "taken")
    await browser.post(f"{URL}/{request.id}/dire", {"text": "Bonjour", "id": "m"})
    body = await following(browser, request, "apres=5&attendre=1")
    assert [each["text"] for each in body["messages"]] == ["Bonjour"]
    assert len((await following(browser, request, "apres=abc"))["messages"]) == 6
    assert "handoff.read" not in await logged(site, browser)


async def test_les_coordonnees_se_lisent_une_a_une_et_c_est_note(site: Site) -> None:
    browser, call_backs = await site.sign_in("adviser", ["52"]), site.console.desk.call_backs
    for department in ("52", "14"):
        await call_backs.ask(None, department, Details("Zébulon", "06 39 98 00 01", "", "le matin"))
    here, there = sorted(await call_backs.waiting(None), key=lambda each: each.department, reverse=True)
    await browser.get(URL)
    assert "À rappeler (1)" in browser.text
    assert "Zébulon" not in browser.text
    assert (await browser.get(f"{URL}/rappels/{there.id}")).status == 404
    assert (await browser.post(f"{URL}/rappels/{there.id}/fait")).status == 404
    await browser.get(f"{URL}/rappels/{here.id}")
    assert 'href="tel:+33639980001"' in browser.text
    await browser.follow(await browser.post(f"{URL}/rappels/{here.id}/fait"))
    assert (await browser.get(f"{URL}/rappels/{here.id}")).status == 404
    assert await logged(site, browser) == ["call_back.read", "call_back.done"]
    assert [each.id for each in await call_backs.waiting(None)] == [there.id]


@pytest.mark.parametrize("role", ["adviser", "manager"])
async def test_qui_demande_quelqu_un_sans_dire_d_ou_est_pour_qui_est_la(site: Site, role: str) -> None:
    request = await asked(site, None, "nulle-part000000")
    browser = await site.sign_in(role, ["52"])
    reads = role == "manager"
    talk = f"/console/conversations/{request.conversation_id}"
    await browser.get(URL)
    assert f'href="{URL}/{request.id}"' in browser.text
    await browser.follow(await browser.post(f"{URL}/{request.id}/prendre"))
    assert "Département non dit" in browser.text
    assert (talk in browser.text) is reads, "no link to a page that is not theirs"
    assert (await browser.get(talk)).status == (200 if reads else 404)
    await browser.get(f"{URL}/{request.id}")
    await browser.follow(await browser.post(f"{URL}/{request.id}/rendre"))
    assert (await browser.get(f"{URL}/{request.id}")).status == 404


async def test_le_compte_dit_combien_attendent_dans_son_territoire(site: Site) -> None:
    await asked(site, "52")
    await asked(site, "14")
    for departments, waiting in ((["52"], 1), (None, 2), (["976"], 0)):
        browser = await site.sign_in("adviser", departments)
        response = await browser.client.get(f"{URL}/compte", headers={"Accept": "application/json"})
        assert await response.json() == {"waiting": waiting, "call_backs": 0}
