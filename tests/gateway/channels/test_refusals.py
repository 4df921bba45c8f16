"""A bad signature, a wrong secret, an oversized or malformed body: refused, nothing stored."""

import json
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import text

from bot.gateway.channels.telegram import SECRET_HEADER
from tests.gateway.channels.conftest import CHANNELS, Line, StartLine
from tests.gateway.channels.phones import hub_signature

PROOF = {
    "telegram": SECRET_HEADER,
    "whatsapp": "X-Hub-Signature-256",
    "messenger": "X-Hub-Signature-256",
    "twilio": "X-Twilio-Signature",
    "gateway": "X-Secret",
}


async def stored(line: Line) -> int:
    def count(connection: Any) -> int:
        tables = ("channel_inbox", "channel_outbox", "channel_person", "conversation")
        return sum(connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables)

    return await line.gateway.store.read(count)


@pytest.mark.parametrize("wrong", ["", "faux", "sha256=" + "0" * 64, "é"])
async def test_une_preuve_fausse_est_refusee(line: Line, wrong: str) -> None:
    phone = line.phone()
    response = await phone.post(phone.message("Bonjour"), **{PROOF[line.name]: wrong})
    assert response.status == 401
    assert await stored(line) == 0
    assert line.platform.shown == []


async def test_un_corps_change_apres_la_signature_est_refuse(start: StartLine) -> None:
    for name in ("whatsapp", "messenger"):
        line = await start(name)
        phone = line.phone()
        good = json.dumps(phone.message("Bonjour")).encode()
        headers = {"X-Hub-Signature-256": hub_signature(good)}
        response = await line.client.post(phone.path, data=good + b" ", headers=headers)
        assert response.status == 401
        assert await stored(line) == 0


async def test_un_corps_trop_gros_est_refuse(line: Line) -> None:
    phone = line.phone()
    limit = {"telegram": 262144, "whatsapp": 3145728, "messenger": 1048576}.get(line.name, 65536)
    response = await line.client.post(phone.path, data=BytesIO(b"x" * (limit + 1)))
    assert response.status == 413
    assert await stored(line) == 0


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 5000, b'{"entry": 3}'])
async def test_un_corps_illisible_mais_signe_est_refuse(line: Line, raw: bytes) -> None:
    phone = line.phone()
    if line.name == "twilio":
        response = await phone.post({"Body": raw.decode("latin-1"), "From": "+33600000001"})
    else:
        headers = {
            SECRET_HEADER: "",
            "X-Hub-Signature-256": hub_signature(raw),
            "X-Secret": "secret-passerelle",
        }
        from bot.gateway.channels.service import telegram_secret

        headers[SECRET_HEADER] = telegram_secret("secret-de-test")
        response = await line.client.post(phone.path, data=raw, headers=headers)
    assert response.status == 400
    assert await stored(line) == 0


@pytest.mark.parametrize("name", ["whatsapp", "messenger"])
async def test_meta_verifie_l_adresse(start: StartLine, name: str) -> None:
    line = await start(name)
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "mot-choisi"}
    response = await line.client.get(f"/channels/{name}", params=asked)
    assert (response.status, await response.text()) == (200, "1158201444")
    for wrong in ({"hub.verify_token": "autre"}, {"hub.mode": "unsubscribe"}):
        assert (await line.client.get(f"/channels/{name}", params=asked | wrong)).status == 401


async def test_rien_n_est_ouvert_sans_reglage(start: StartLine) -> None:
    line = await start("telegram")
    for name in CHANNELS[1:]:
        assert (await line.client.post(f"/channels/{name}", data=b"{}")).status == 404


async def test_les_journaux_ne_disent_ni_mots_ni_numeros(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    phone = line.phone()
    await phone.answer("Oui, je suis d'accord", await phone.say("mon dos me fait souffrir"))
    line.platform.blocked = True
    await phone.say("ma lombalgie revient")
    logged = caplog.text
    assert "lombalgie" not in logged
    assert "souffrir" not in logged
    assert phone.me not in logged
    assert "jeton" not in logged


async def test_la_base_ne_dit_ni_numeros_ni_mots(start: StartLine, tmp_path: Any) -> None:
    line = await start("whatsapp", settle=0.0)
    phone = line.phone()
    await phone.say("Bonjour")
    line.platform.faults = [(503, {}, {"Retry-After": "30"})]
    await phone.post(phone.message("écho lombalgie en attente"))
    await line.gateway.store.ping()
    for path in tmp_path.glob("relais.sqlite*"):
        content = path.read_bytes()
        assert phone.me.encode() not in content
        assert b"lombalgie" not in content
        assert b"FR.1" not in content
