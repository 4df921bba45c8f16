"""Coming back: code, link, steps ticked, what changed; by the API and by plain pages."""

import logging
import re
from datetime import date, timedelta
from typing import Any

import pytest

from bot.gateway.errors import RefusalError
from bot.gateway.keeping import read_day, refreshed
from bot.gateway.pages.facts import understood
from bot.orientation import FACTS
from tests.gateway.conftest import TODAY, Person, StartGateway
from tests.gateway.fake_rasa import PLAN, FakeRasa
from tests.gateway.test_documents import planned
from tests.gateway.test_pages import Browser


async def code_of(person: Person) -> dict[str, Any]:
    response = await person.client.post("/api/conversation/code", headers=person.headers)
    body: dict[str, Any] = await response.json()
    assert response.status == 201, body
    return body


async def resume(person: Person, code: Any) -> Any:
    return await person.client.post("/api/resume", json={"code": code})


async def patch(person: Person, step: str, **body: Any) -> Any:
    return await person.client.patch(f"/api/conversation/steps/{step}", json=body, headers=person.headers)


async def test_le_code_ramene_la_conversation_sur_un_autre_appareil(start: StartGateway):
    person = await planned(await start())
    made = await code_of(person)
    assert re.fullmatch(r"[A-Z]{4}-[A-Z]{4}-[A-Z]{4}", made["code"])
    assert made["url"] == f"{person.gateway.settings.public_url}/reprendre/{made['code']}"
    elsewhere = await start()
    response = await resume(elsewhere, made["code"].lower().replace("-", " "))
    body = await response.json()
    assert response.status == 200
    assert body["plan"] == PLAN
    assert body["messages"] == (await person.conversation())["messages"]
    assert "HttpOnly" in str(response.cookies["relais"])
    elsewhere.token = body["token"]
    assert (await elsewhere.say("bonjour"))[0]["from"] == "bot"


@pytest.mark.parametrize("consent", [None, "no"])
async def test_sans_accord_il_n_y_a_pas_de_code(person: Person, consent: str | None):
    await person.begin(consent=consent)
    response = await person.client.post("/api/conversation/code", headers=person.headers)
    assert response.status == 409
    assert (await response.json())["error"]["code"] == "not_kept"


@pytest.mark.parametrize(
    ("code", "status"), [("CFHJ-KLMP-RTVW", 404), ("", 404), ("x" * 5000, 404), (None, 400), (3, 400)]
)
async def test_un_mauvais_code_n_ouvre_rien(person: Person, code: Any, status: int):
    response = await resume(person, code)
    assert response.status == status
    assert "relais" not in response.cookies


async def test_un_code_retire_n_ouvre_plus_rien(person: Person):
    await person.begin(consent="yes")
    made = await code_of(person)
    for _ in range(2):
        response = await person.client.delete("/api/conversation/code", headers=person.headers)
        assert response.status == 204
    assert (await resume(person, made["code"])).status == 404


async def test_les_essais_sont_comptes_par_adresse(start: StartGateway):
    person = await start(resumes_per_minute=2)
    await person.begin(consent="yes")
    made = await code_of(person)
    for _ in range(2):
        assert (await resume(person, "CFHJ-KLMP-RTVW")).status == 404
    refused = await resume(person, made["code"])
    assert refused.status == 429
    assert int(refused.headers["Retry-After"]) > 0


async def test_les_essais_sont_comptes_en_tout(start: StartGateway):
    person = await start(all_resumes_per_minute=2, resumes_per_minute=0)
    for _ in range(2):
        assert (await resume(person, "CFHJ-KLMP-RTVW")).status == 404
    assert (await resume(person, "CFHJ-KLMP-RTVW")).status == 429


async def test_le_code_n_est_dans_aucun_journal(person: Person, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    await person.begin(consent="yes")
    made = await code_of(person)
    await resume(person, made["code"])
    await person.client.get(f"/reprendre/{made['code']}")
    assert made["code"] not in caplog.text
    assert "/reprendre/{code}" in caplog.text


async def test_une_etape_se_coche_et_se_date(person: Person):
    await planned(person)
    assert (await person.conversation())["steps"] == {}
    response = await patch(person, "cpam_carsat", done=True)
    assert await response.json() == {"id": "cpam_carsat", "done": True, "appointment": None}
    await patch(person, "cpam_carsat", appointment="2026-12-03")
    assert (await person.conversation())["steps"] == {
        "cpam_carsat": {"done": True, "appointment": "2026-12-03"}
    }
    await patch(person, "cpam_carsat", done=False, appointment=None)
    assert (await person.conversation())["steps"] == {}


async def test_les_documents_prets_se_cochent_et_restent(person: Person):
    await planned(person)
    response = await patch(person, "cpam_carsat", ready=["Votre carte Vitale", "<b>autre chose</b>"])
    mine = {"done": False, "appointment": None, "ready": ["Votre carte Vitale"]}
    assert await response.json() == {"id": "cpam_carsat", **mine}
    await patch(person, "cpam_carsat", done=True)
    assert (await person.conversation())["steps"] == {"cpam_carsat": mine | {"done": True}}
    await patch(person, "cpam_carsat", done=False, ready=[])
    assert (await person.conversation())["steps"] == {}


@pytest.mark.parametrize(
    ("step", "body", "status", "code"),
    [
        ("cpam_carsat", {"ready": "Votre carte Vitale"}, 400, "bad_request"),
        ("cpam_carsat", {"ready": [1]}, 400, "bad_request"),
        ("inconnue", {"done": True}, 404, "no_step"),
        ("cpam_carsat", {"done": "oui"}, 400, "bad_request"),
        ("cpam_carsat", {"done": None}, 400, "bad_request"),
        ("cpam_carsat", {"appointment": 3}, 400, "bad_request"),
        ("cpam_carsat", {"appointment": "demain"}, 400, "bad_date"),
        ("cpam_carsat", {"appointment": "1926-12-03"}, 400, "bad_date"),
    ],
)
async def test_un_suivi_qui_n_en_est_pas_un(
    person: Person, step: str, body: dict[str, Any], status: int, code: str
):
    await planned(person)
    response = await patch(person, step, **body)
    assert response.status == status
    assert (await response.json())["error"]["code"] == code
    assert (await person.conversation())["steps"] == {}


async def test_sans_accord_il_n_y_a_pas_de_suivi(person: Person):
    await planned(person, consent="no")
    assert (await patch(person, "cpam_carsat", done=True)).status == 409
    page = await (await person.client.get("/plan")).text()
    assert "Mon suivi" not in page


@pytest.mark.parametrize(
    "path", ["/api/conversation/code", "/api/conversation/link", "/api/conversation/mail"]
)
async def test_sans_jeton_rien_de_tout_cela(person: Person, path: str):
    response = await person.client.post(path, json={"address": "a@exemple.fr"})
    assert response.status == 401
    assert (await person.client.patch("/api/conversation/steps/cep", json={"done": True})).status == 401


def test_ce_qui_est_compris_se_relit_en_francais():
    situation = {
        "audience": "worker",
        "department": "52",
        "commune": "Saint-Dizier",
        "on_leave": True,
        "leave_days": 30,
        "leave_start": "2026-10-23",
        "return_date": "2027-01-01",
        "company_size": 40,
        "boeth": "pending",
        "danger": False,
        "inconnu": "x",
        "age": None,
    }
    shown = dict(understood(situation))
    values = list(shown.values())
    assert "depuis le 23 octobre 2026" in values
    assert "1er janvier 2027" in values
    assert "Oui" in values
    assert any("Saint-Dizier" in value for value in values)
    assert FACTS["boeth"].values["pending"] in values
    assert len(shown) == 7
    assert understood({"department": "Caen", "status": ["x"], "leave_start": "hier", "age": "vieux"}) == []
    assert dict(understood({"leave_days": 30})) == {FACTS["leave_days"].label: "30 jours"}


async def test_la_page_du_parcours_montre_ce_qui_est_compris(person: Person):
    await planned(person)
    page = await (await person.client.get("/plan")).text()
    assert "Relire mes réponses (2)" in page
    body = await (await person.client.post("/api/conversation/link", headers=person.headers)).json()
    path = body["url"].removeprefix(person.gateway.settings.public_url)
    assert "Relire mes réponses" not in await (await person.client.get(path)).text()


def test_une_date_se_lit_comme_on_l_ecrit():
    assert read_day(" 03/12/2026 ", TODAY) == read_day("2026-12-03", TODAY) == date(2026, 12, 3)
    assert read_day(" ", TODAY) is None
    for wrong in ("31/02/2027", "demain", "2035-01-01", "3" * 500):
        with pytest.raises(RefusalError, match="bad_date"):
            read_day(wrong, TODAY)


def test_le_parcours_est_refait_le_jour_ou_on_le_relit():
    situation = {
        "audience": "worker",
        "status": "salarie_prive",
        "health_problem": True,
        "on_leave": True,
        "leave_days": 20,
        "department": "52",
    }
    plan = {"as_of": "2026-11-22", "steps": []}
    assert refreshed(plan, situation, TODAY) is plan
    later = refreshed(plan, situation, TODAY + timedelta(days=20))
    status = {device["id"]: device["status"] for device in later["devices"]}
    assert later["as_of"] == "2026-12-12"
    assert status["visite_prereprise"] == "open", "twenty days told, twenty more gone by"


def test_un_parcours_que_les_regles_refusent_reste_comme_il_etait(caplog: pytest.LogCaptureFixture):
    plan = {"as_of": "2026-11-22", "steps": []}
    assert refreshed(plan, {"commune": "xyzzymarqueur", "inconnu": 1}, date(2027, 1, 1)) is plan
    assert refreshed({"steps": []}, {"on_leave": True}, TODAY) == {"steps": []}
    assert "xyzzymarqueur" not in caplog.text


@pytest.fixture
def browser(person: Person) -> Browser:
    return Browser(person)


async def walk(browser: Browser, consent: str = "yes") -> None:
    page = await browser.start(consent)
    for choice in ("salarie_prive", "yes"):
        page = await browser.send(page, "/conversation", choice=choice)
    assert "/garder" in page.links


async def test_le_suivi_sans_javascript(browser: Browser):
    await walk(browser)
    plan = await browser.get("/plan")
    action = "/plan/etapes/cpam_carsat"
    plan = await browser.send(plan, action, done="yes", appointment="2026-12-03")
    assert "C'est fait. Rendez-vous le 3 décembre 2026." in plan.text
    plan = await browser.send(plan, action, appointment="hier")
    assert browser.status == 400
    assert "Je n'ai pas compris cette date" in plan.text
    plan = await browser.send(plan, action, appointment="")
    assert "Rendez-vous le 3 décembre" not in plan.text
    await browser.send(plan, action, **{"document-cpam_carsat-1": "Votre carte Vitale"})
    raw = await (await browser.client.get("/plan")).text()
    [ticked] = re.findall(r'value="([^"]*)" form="[^"]*" checked', raw)
    assert ticked == "Votre carte Vitale"


async def test_ce_qui_a_change_reste_dit_jusqu_a_ce_qu_on_l_ait_lu(
    browser: Browser, person: Person, monkeypatch: pytest.MonkeyPatch
):
    await walk(browser)
    assert "Ce qui a changé" not in (await browser.get("/plan")).text
    changed = PLAN | {
        "steps": [PLAN["steps"][1], PLAN["steps"][0] | {"id": "cep", "title": "Le CEP", "when": "if_needed"}],
        "devices": [*PLAN["devices"], PLAN["devices"][0] | {"id": "rqth", "name": "RQTH"}],
    }
    monkeypatch.setattr("bot.gateway.keeping.refreshed", lambda *_: changed)
    for _ in range(2):
        plan = await browser.get("/plan")
        assert "Ce qui a changé depuis le 22 novembre 2026" in plan.text
        assert "Nouvelle étape : Le CEP" in plan.text
        assert "n'est plus dans votre parcours : Écrire au service de prévention" in plan.text
        assert "C'est possible maintenant : RQTH" in plan.text
    plan = await browser.send(plan, "/plan/vu")
    assert browser.status == 200
    assert "Ce qui a changé" not in plan.text


@pytest.mark.parametrize(
    "action", ["/plan/etapes/cpam_carsat", "/plan/vu", "/garder/code", "/garder/code/retirer"]
)
async def test_un_formulaire_venu_d_ailleurs_ne_change_rien(browser: Browser, person: Person, action: str):
    await walk(browser)
    token = (await browser.get("/plan")).form("/plan/etapes/cpam_carsat")["hidden"]["form"]
    for fields, headers in (
        ({}, {}),
        ({"form": person.gateway.sessions.tokens.form("")}, {}),
        ({"form": token}, {"Origin": "https://ailleurs.example"}),
        ({"form": token}, {"Sec-Fetch-Site": "cross-site"}),
    ):
        await browser.post(action, headers=headers, **fields, done="yes")
        assert browser.status == 409
    assert "C'est fait." not in (await browser.get("/plan")).text


async def test_revenir_trois_semaines_apres_refait_le_parcours(start: StartGateway):
    person = await planned(await start())
    await person.client.get("/plan")
    later = await start(today=TODAY + timedelta(days=20))
    later.client.session.cookie_jar.update_cookies({"relais": person.token})
    plan = await Browser(later).get("/plan")
    assert "Établi le 12 décembre 2026" in plan.text
    assert "Ce qui a changé depuis le 22 novembre 2026" in plan.text


async def test_une_page_restee_ouverte_trop_longtemps_se_dit(browser: Browser):
    await walk(browser)
    page = await browser.post("/plan/etapes/cpam_carsat", form="vieux", done="yes")
    assert browser.status == 409
    assert "Rien n'a été changé" in page.text
    assert "/plan" in page.links


async def test_le_code_sans_javascript(start: StartGateway):
    browser = Browser(await start())
    await walk(browser)
    page = await browser.send(await browser.get("/garder"), "/garder/code")
    code = re.search(r"[A-Z]{4}-[A-Z]{4}-[A-Z]{4}", page.text)
    assert code is not None
    assert code[0] not in (await browser.get("/garder")).text, "shown once"

    other = Browser(await start())
    page = await other.get(f"/reprendre/{code[0]}")
    assert "relais" not in {cookie.key for cookie in other.client.session.cookie_jar}, "a link opens nothing"
    page = await other.send(page, "/reprendre", code="AAAA")
    assert other.status == 404
    assert "Ce code n'ouvre aucune conversation" in page.text
    page = await other.send(page, "/reprendre", code=code[0])
    assert other.status == 200
    assert "La première chose à faire" in page.text

    await browser.send(await browser.get("/garder"), "/garder/code/retirer")
    third = Browser(await start())
    await third.send(await third.get("/reprendre"), "/reprendre", code=code[0])
    assert third.status == 404


async def test_on_ne_peut_pas_ouvrir_sa_conversation_dans_le_navigateur_d_un_autre(
    start: StartGateway,
):
    attacker = await planned(await start())
    code = (await code_of(attacker))["code"]
    victim = Browser(await start())
    forged = await victim.post("/reprendre", headers={"Sec-Fetch-Site": "cross-site"}, code=code)
    assert victim.status == 409
    assert "code" in forged.labels
    assert "relais" not in {cookie.key for cookie in victim.client.session.cookie_jar}


async def test_quand_rien_n_est_garde_la_page_le_dit(browser: Browser):
    await walk(browser, consent="no")
    page = await browser.get("/garder")
    assert "que rien ne soit gardé" in page.text
    assert "/plan.pdf" in page.links
    assert not [form for form in page.forms if form["action"].startswith("/garder")]


async def test_sans_conversation_la_page_propose_le_code(browser: Browser):
    for path in ("/garder", "/plan"):
        page = await browser.get(path)
        assert browser.status == 401
        assert "/reprendre" in page.links
    assert "/reprendre" in (await browser.get()).links


async def test_effacer_retire_le_suivi_et_le_code(person: Person, rasa: FakeRasa):
    await planned(person)
    made = await code_of(person)
    await patch(person, "cpam_carsat", done=True)
    await person.client.delete("/api/conversation", headers=person.headers)
    assert (await resume(person, made["code"])).status == 404
    assert (await patch(person, "cpam_carsat", done=True)).status == 401
