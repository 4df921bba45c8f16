"""The OpenAPI document: the routes that exist and no other, and real answers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands import main
from bot.gateway.app import create_app
from bot.gateway.errors import STATUS
from bot.orientation import FACTS
from bot.runtime.supervisor import mount_console
from tests.gateway.conftest import Person, StartGateway, break_rasa
from tests.gateway.fake_rasa import FakeRasa
from tests.gateway.openapi.document import DOCUMENT, METHODS, check, resolve, validator
from tests.gateway.test_advisers import ASK, on_duty
from tests.gateway.test_documents import planned

SCHEMAS = DOCUMENT["components"]["schemas"]


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == "$ref")
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from references(each)


async def test_le_document_a_toutes_les_routes_et_rien_d_autre(start: StartGateway) -> None:
    person = await start()
    app = create_app(person.gateway.settings)
    mount_console(app)
    served = {
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.method != "HEAD" and route.resource is not None and route.resource.canonical != "/static"
    }
    described = {
        f"{method.upper()} {path}"
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if method in METHODS
    }
    assert described == served


def test_chaque_renvoi_mene_quelque_part_et_chaque_schema_en_est_un() -> None:
    for name in set(references(DOCUMENT)):
        resolve({"$ref": name})
    for schema in SCHEMAS.values():
        validator(schema).check_schema(schema)


def test_chaque_parametre_de_chemin_est_decrit() -> None:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            described = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
            assert described == set(re.findall(r"{(\w+)}", path)), f"{method} {path}"


def test_les_codes_et_les_faits_sont_ceux_du_programme() -> None:
    assert set(SCHEMAS["Error"]["properties"]["error"]["properties"]["code"]["enum"]) == set(STATUS)
    assert set(SCHEMAS["Situation"]["propertyNames"]["enum"]) == set(FACTS)


@pytest.mark.parametrize("situation", [
    {},
    {"audience": "worker", "status": "salarie_prive", "department": "52", "on_leave": True, "leave_days": 120},
    {"audience": "worker", "status": "fonctionnaire", "department": "75", "on_leave": False, "boeth": "yes"},
    {"audience": "employer", "department": "51", "concern": "one_person", "unfit": "declared"},
    {"audience": "worker", "danger": True},
])  # fmt: skip
def test_un_vrai_parcours_est_celui_du_document(
    situation: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "situation.json"
    path.write_text(json.dumps(situation))
    assert main(["orient", "--date", "2026-11-22", str(path)]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert [error.message for error in validator(SCHEMAS["Plan"]).iter_errors(plan)] == []


async def test_les_reponses_de_l_api_sont_celles_du_document(start: StartGateway) -> None:
    person = await planned(await start())
    api, headers = person.client, person.headers
    await check(await api.post("/api/conversations", json={}), "/api/conversations")
    for body in ({"text": "bonjour"}, {"text": ""}, {"choice": "perime"}, {}, {"text": "x" * 2001}):
        await check(await api.post("/api/messages", json=body, headers=headers), "/api/messages")
    await check(await api.post("/api/messages", json={"text": "bonjour"}), "/api/messages")
    await check(await api.post("/api/messages", data=b"bonjour", headers=headers), "/api/messages")
    await check(await api.get("/api/conversation", headers=headers), "/api/conversation")
    await check(await api.get("/api/conversation"), "/api/conversation")
    where = "/api/conversation/steps/{step}"
    step = {"done": True, "appointment": "2026-12-01", "ready": ["Votre carte Vitale"]}
    for name, body in (("cpam_carsat", step), ("inconnue", {}), ("cpam_carsat", {"appointment": "demain"})):
        await check(await api.patch(where.format(step=name), json=body, headers=headers), where)
    made = await check(await api.post("/api/conversation/code", headers=headers), "/api/conversation/code")
    for code in (made["code"], "CFHJ-KLMP-RTVW", 3):
        await check(await api.post("/api/resume", json={"code": code}), "/api/resume")
    await check(await api.post("/api/conversation/link", headers=headers), "/api/conversation/link")
    mail = {"address": "anne@example.org"}
    await check(
        await api.post("/api/conversation/mail", json=mail, headers=headers), "/api/conversation/mail"
    )
    await check(await api.post("/api/places", json={"text": "saint diz"}), "/api/places")
    await check(await api.delete("/api/conversation/code", headers=headers), "/api/conversation/code")
    for path in ("/healthz", "/readyz", "/metrics"):
        await check(await api.get(path), path)
    await check(await api.delete("/api/conversation", headers=headers), "/api/conversation")


async def test_ce_qui_est_refuse_faute_d_accord_est_dans_le_document(person: Person) -> None:
    await person.begin(consent="no")
    post = person.client.post
    await check(await post("/api/conversation/code", headers=person.headers), "/api/conversation/code")
    await check(await post("/api/conversation/link", headers=person.headers), "/api/conversation/link")


async def test_l_attente_d_un_conseiller_est_dans_le_document(person: Person) -> None:
    await person.begin(consent="yes")
    await on_duty(person)
    for body in ({"text": ASK}, {"choice": "adviser"}, {"text": "retirer mon accord"}):
        await check(await person.post(**body), "/api/messages")
    shown = await person.client.get("/api/conversation", headers=person.headers)
    await check(shown, "/api/conversation")


async def test_une_panne_et_un_danger_sont_dans_le_document(person: Person, rasa: FakeRasa) -> None:
    await person.begin(consent="yes")
    break_rasa(person, rasa, "error")
    await check(await person.post(text="bonjour"), "/api/messages")
    await check(await person.post(text="je veux mourir"), "/api/messages")
    await check(await person.client.post("/api/messages", json={"text": "je veux mourir"}), "/api/messages")
    await check(await person.client.get("/readyz"), "/readyz")


async def test_une_limite_est_dans_le_document(start: StartGateway) -> None:
    person = await start(messages_per_minute=1)
    await person.begin()
    for _ in range(2):
        response = await person.post(text="bonjour")
        await check(response, "/api/messages")
    assert int(response.headers["Retry-After"]) >= 1
