"""The guard: whatever comes in, never a 5xx; every refusal has a code and a French sentence."""

import asyncio
import ipaddress
import json
import string
import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from bot.gateway.errors import STATUS, RefusalError
from bot.gateway.guard import TEXT_LIMIT, read_message, words_to_watch
from bot.gateway.tokens import Tokens
from bot.gateway.wording import wording
from bot.language.cleaning import clean
from tests.gateway.conftest import Person, StartGateway
from tests.gateway.fake_rasa import FakeRasa

ALPHABET = string.ascii_letters + string.digits + "-_"
PATHS = ["/api/messages", "/api/conversations", "/conversation"]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
bodies = st.fixed_dictionaries(
    {}, optional={"text": anything, "choice": anything, "id": anything, "x": anything}
)


async def check(response: ClientResponse) -> None:
    assert response.status < 500
    if response.status >= 400 and response.content_type == "application/json":
        error = (await response.json())["error"]
        assert STATUS[error["code"]] == response.status
        assert error["message"]


def run(
    person: Person, loop: asyncio.AbstractEventLoop, work: Callable[[], Awaitable[ClientResponse]]
) -> None:
    async def once() -> None:
        await check(await work())

    asyncio.run_coroutine_threadsafe(once(), loop).result(20)


async def _in_thread(function: Callable[[], None]) -> None:
    """Hypothesis drives examples from a thread, the gateway answers in this loop."""
    await asyncio.to_thread(function)


async def test_un_texte_quelconque_ne_casse_rien(person: Person, rasa: FakeRasa):
    await person.begin(consent="yes")
    loop = asyncio.get_running_loop()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.text(alphabet=st.characters(), max_size=300))
    def examples(text: str) -> None:
        run(person, loop, lambda: person.post(text=text))

    await _in_thread(examples)
    for text in rasa.texts[2:]:
        assert text
        assert not text.startswith(("/", "／", " "))


async def test_un_corps_quelconque_ne_casse_rien(person: Person):
    await person.begin(consent="yes")
    loop = asyncio.get_running_loop()

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(bodies | anything)
    def examples(body: Any) -> None:
        raw = json.dumps(body).encode()
        headers = person.headers | {"Content-Type": "application/json"}
        run(person, loop, lambda: person.client.post("/api/messages", data=raw, headers=headers))

    await _in_thread(examples)


async def test_des_octets_quelconques_ne_cassent_rien(person: Person):
    await person.begin(consent="yes")
    loop = asyncio.get_running_loop()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.binary(max_size=200), st.sampled_from(PATHS))
    def examples(raw: bytes, path: str) -> None:
        form = "application/x-www-form-urlencoded"
        headers = person.headers | {"Content-Type": form if path == "/conversation" else "application/json"}
        run(person, loop, lambda: person.client.post(path, data=raw, headers=headers))

    await _in_thread(examples)


@given(st.text(alphabet=st.characters(), max_size=2 * TEXT_LIMIT))
def test_un_message_lu_est_propre(text: str):
    if len(text) > TEXT_LIMIT or not clean(text):
        with pytest.raises(RefusalError):
            read_message({"text": text})
        return
    said = read_message({"text": text}).text
    assert said is not None
    assert said == clean(said)
    assert not said.startswith(("/", "／"))


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "one_answer"),
        (b"{", 400, "bad_request"),
        (b"[]", 400, "bad_request"),
        (b"\xff\xfe", 400, "bad_request"),
        (b'{"text": "a", "choice": "b"}', 400, "one_answer"),
        (b"{}", 400, "one_answer"),
        (b'{"text": ""}', 400, "empty"),
        (b'{"text": "\\u0000\\u200b "}', 400, "empty"),
        (b'{"text": 3}', 400, "bad_request"),
        (b'{"choice": ["a"]}', 400, "bad_request"),
        (b'{"text": "a", "id": 3}', 400, "bad_request"),
        (b'{"text": "a", "id": "' + b"i" * 65 + b'"}', 400, "bad_request"),
        (b'{"text": "' + b"a" * 2001 + b'"}', 413, "too_long"),
        (b'{"text": "' + b"a" * 70_000 + b'"}', 413, "too_long"),
        (b"[" * 30_000, 400, "bad_request"),
        (b'{"text": ' + b"1" * 10_000 + b"}", 400, "bad_request"),
        (b'{"text": "ok", "inconnu": {"a": [1]}}', 200, None),
        (b'{"text": "' + b"a" * 2000 + b'"}', 200, None),
        (b'{"text": "\\ud83d bonjour \\udc00"}', 200, None),
    ],
)
async def test_les_limites(person: Person, raw: bytes, status: int, code: str | None):
    await person.begin(consent="yes")
    headers = person.headers | {"Content-Type": "application/json"}
    response = await person.client.post("/api/messages", data=raw, headers=headers)
    assert response.status == status
    if code:
        assert (await response.json())["error"]["code"] == code


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
async def test_le_type_du_contenu(person: Person, content_type: str):
    for path in ("/api/messages", "/api/conversations"):
        response = await person.client.post(path, data=b"{}", headers={"Content-Type": content_type})
        assert response.status == 415
        assert (await response.json())["error"]["code"] == "unsupported"


async def test_un_corps_compresse_enorme_est_refuse(person: Person):
    await person.begin()
    bomb = zlib.compress(b'{"text": "' + b"a" * 5_000_000 + b'"}')
    headers = person.headers | {"Content-Type": "application/json", "Content-Encoding": "deflate"}
    response = await person.client.post("/api/messages", data=bomb, headers=headers)
    assert response.status in (400, 413)


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE"])
async def test_une_adresse_ou_une_methode_inconnue(person: Person, method: str):
    for path in ("/api/inconnu", "/api/messages"):
        response = await person.client.request(method, path)
        assert response.status == 404
        assert (await response.json())["error"]["message"]


@pytest.mark.parametrize("code", STATUS)
def test_chaque_code_a_sa_phrase(code: str):
    assert wording().error(code, seconds=3)


def tampered(token: str) -> list[str]:
    identifier, _, signature = token.partition(".")
    return [
        "",
        token[:-1],
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        f"{identifier}x.{signature}",
        f".{signature}",
        identifier,
        "é" * 20,
        "a" * 5000,
        URLSafeSerializer("autre-secret", salt="relais-conversation").dumps("x"),
        URLSafeSerializer("secret-de-test", salt="autre-usage").dumps("x"),
        URLSafeSerializer("secret-de-test", salt="relais-conversation").dumps({"id": 3}),
    ]


def test_une_seule_ecriture_d_un_jeton_ouvre_la_conversation():
    """The last character of a signature carries two bits that base64 ignores: four spellings, one of them ours."""
    tokens = Tokens("secret-de-test")
    for number in range(64):
        token = tokens.issue(f"conversation-{number}")
        spellings = [token[:-1] + last for last in ALPHABET]
        assert [spelling for spelling in spellings if tokens.conversation(spelling)] == [token]


async def test_un_jeton_forge_n_ouvre_rien(person: Person):
    await person.begin(consent="yes")
    for token in tampered(person.token):
        headers = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
        assert (await person.client.post("/api/messages", json={"text": "a"}, headers=headers)).status == 401
        assert (await person.client.get("/api/conversation", headers=headers)).status == 401
        assert (await person.client.delete("/api/conversation", headers=headers)).status == 401
        if token.isascii() and len(token) < 4000:
            person.client.session.cookie_jar.clear()
            cookies = {"Cookie": f"relais={token}"}
            assert (await person.client.get("/api/conversation", headers=cookies)).status == 401
            assert (await person.client.get("/plan", headers=cookies)).status == 401


async def test_une_conversation_effacee_ou_inconnue_ne_s_ouvre_plus(person: Person):
    person.token = URLSafeSerializer("secret-de-test", salt="relais-conversation").dumps("inconnue")
    assert (await person.post(text="a")).status == 401
    assert (await person.client.get("/api/conversation", headers=person.headers)).status == 401
    assert (await person.client.delete("/api/conversation", headers=person.headers)).status == 204


async def test_un_porteur_faux_n_est_pas_sauve_par_le_cookie(person: Person):
    await person.begin(consent="yes")
    response = await person.client.get("/api/conversation", headers={"Authorization": "Bearer faux"})
    assert response.status == 401


async def test_l_adresse_transmise_n_est_crue_que_d_un_mandataire_de_confiance(start: StartGateway):
    plain = await start(conversations_per_minute=1)
    proxied = await start(conversations_per_minute=1, trusted_proxies=(ipaddress.ip_network("127.0.0.0/8"),))
    for person, expected in ((plain, [201, 429]), (proxied, [201, 201])):
        found = []
        for address in ("203.0.113.1", "203.0.113.2"):
            headers = {"X-Forwarded-For": f"10.0.0.1, {address}"}
            found.append((await person.client.post("/api/conversations", json={}, headers=headers)).status)
        assert found == expected


def test_un_texte_trop_long_est_tout_de_meme_surveille():
    assert words_to_watch({"text": "début " + "x" * 9000 + " fin"}).startswith("début")
    assert words_to_watch({"text": "début " + "x" * 9000 + " fin"}).endswith("fin")
    assert words_to_watch({"text": 3}) == ""
