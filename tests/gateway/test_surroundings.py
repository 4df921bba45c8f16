"""Headers, origins, health, metrics, options."""

import asyncio

import pytest

from bot.gateway.options import Options
from bot.settings import SettingsError
from tests.gateway.conftest import Person, StartGateway

SITE = "https://www.exemple.fr"


@pytest.mark.parametrize("path", ["/", "/conversation", "/plan", "/healthz", "/api/conversation", "/inconnu"])
async def test_chaque_reponse_porte_les_en_tetes_de_securite(person: Person, path: str):
    response = await person.client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"


async def test_un_site_permis_lit_l_api_sans_cookie(start: StartGateway):
    person = await start(allowed_origins=frozenset({SITE}))
    ask = {"Origin": SITE, "Access-Control-Request-Method": "POST"}
    preflight = await person.client.options("/api/messages", headers=ask)
    assert preflight.status == 204
    assert preflight.headers["Access-Control-Allow-Origin"] == SITE
    assert "Authorization" in preflight.headers["Access-Control-Allow-Headers"]
    response = await person.client.post("/api/conversations", json={}, headers={"Origin": SITE})
    assert response.headers["Access-Control-Allow-Origin"] == SITE
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert response.headers["Vary"] == "Origin"


@pytest.mark.parametrize(
    "origin", ["https://ailleurs.example", "null", SITE + ".ailleurs.example", "http://www.exemple.fr"]
)
async def test_un_site_inconnu_ne_lit_rien(start: StartGateway, origin: str):
    person = await start(allowed_origins=frozenset({SITE}))
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    assert (
        "Access-Control-Allow-Origin"
        not in (await person.client.options("/api/messages", headers=headers)).headers
    )


async def test_la_sante(person: Person):
    assert (await person.client.get("/healthz")).status == 200
    ready = await person.client.get("/readyz")
    assert ready.status == 200
    assert await ready.json() == {"status": "ok", "database": "ok", "rasa": "ok"}


async def test_les_mesures_sont_pour_la_machine_ou_le_jeton(start: StartGateway):
    person = await start(metrics_token="jeton")
    await person.begin(consent="yes")
    local = await person.client.get("/metrics")
    assert local.status == 200
    assert 'relais_turns_total{channel="web",result="answered"} 1.0' in await local.text()
    through_proxy = {"X-Forwarded-For": "203.0.113.9"}
    assert (await person.client.get("/metrics", headers=through_proxy)).status == 404
    wrong = through_proxy | {"Authorization": "Bearer faux"}
    assert (await person.client.get("/metrics", headers=wrong)).status == 404
    right = through_proxy | {"Authorization": "Bearer jeton"}
    assert (await person.client.get("/metrics", headers=right)).status == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RELAIS_ALLOWED_ORIGINS", "www.exemple.fr"),
        ("RELAIS_ALLOWED_ORIGINS", "https://www.exemple.fr/chemin"),
        ("RELAIS_TRUSTED_PROXY", "proxy.local"),
        ("RELAIS_RATE_MESSAGES", "beaucoup"),
        ("RELAIS_RATE_MESSAGES", "-1"),
    ],
)
def test_un_reglage_inutilisable_se_dit(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        Options.from_environment()


def test_les_reglages_se_lisent(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RELAIS_ALLOWED_ORIGINS", f"{SITE}, https://autre.fr")
    monkeypatch.setenv("RELAIS_TRUSTED_PROXY", "10.0.0.0/8 ::1")
    monkeypatch.setenv("RELAIS_RATE_MESSAGES", "0")
    options = Options.from_environment()
    assert options.allowed_origins == {SITE, "https://autre.fr"}
    assert len(options.trusted_proxies) == 2
    assert options.messages_per_minute == 0


async def test_des_octets_qui_ne_sont_pas_du_http_ne_remplissent_pas_le_journal(
    person: Person, caplog: pytest.LogCaptureFixture
):
    for sent in (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", b"GET / HTTP/1.1\r\nsans deux-points\r\n\r\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", person.client.port)
        writer.write(sent)
        assert (await reader.readline()).startswith(b"HTTP/1.0 400")
        writer.close()
    assert [record for record in caplog.records if record.name == "aiohttp.server"] == []
