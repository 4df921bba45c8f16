"""Traces: what a turn went through, at a real collector's door, and not a word of what was said."""

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.answer import ActionNotUnderstood
from actions.server import create_actions_app
from bot import tracing
from bot.conversation.state import rasa_sender
from bot.settings import ROOT
from tests.collector import Collector, collecting
from tests.engines import free_port
from tests.gateway.conftest import Person, StartGateway
from tests.gateway.fake_rasa import FakeRasa

MARKER = "zygomorphe"
"""A word that is said, and that nothing else holds."""


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as here:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", here.url)
        monkeypatch.setattr(tracing, "_END_SECONDS", 60)
        yield here


async def conversation(start: StartGateway, *said: str) -> Person:
    """Someone who agrees that the conversation be kept and says these words."""
    person = await start()
    await person.begin(consent="yes")
    for text in said:
        await person.say(text)
    return person


async def test_un_tour_se_suit_de_la_requete_a_la_base(
    collector: Collector, start: StartGateway, rasa: FakeRasa
) -> None:
    async with tracing.exported():
        person = await conversation(start, f"j'ai un mal {MARKER} à Rouen")
    root = [span for span in collector.spans if span.name == "POST /api/messages"][-1]
    turn = [span for span in collector.spans if span.name == "turn"][-1]
    assert not root.parent
    assert (root.notes["http.route"], root.notes["http.response.status_code"]) == ("/api/messages", 200)
    assert turn.parent == root.id
    assert turn.notes == {
        "relais.conversation": rasa_sender(person.id),
        "relais.channel": "web",
        "relais.outcome": "answered",
    }
    assert collector.children(turn) == ["database.read", "rasa", "database.write"]
    assert collector.resource["service.name"] == "relais"
    carried = rasa.received[-1]["metadata"]["trace"]
    assert carried.split("-")[1] == root.trace.hex()


async def test_rien_de_ce_qui_est_dit_ni_de_qui_le_dit_ne_part(
    collector: Collector, start: StartGateway
) -> None:
    async with tracing.exported():
        person = await conversation(start, f"écho {MARKER}", f"{MARKER} 06 12 34 56 78")
        await person.client.get(f"/api/{MARKER}", headers={"X-Note": MARKER, "traceparent": MARKER})
        await person.client.get(f"/reprendre/{MARKER}?q={MARKER}")
        await person.client.post("/api/places", json={"q": MARKER}, headers=person.headers)
        async with person.client.request("PROPFIND", "/plan", headers=person.headers) as odd:
            assert odd.status == 404
    assert collector.spans
    for secret in (MARKER, person.token, person.id, "06 12", "127.0.0.1:0"):
        assert secret.encode() not in collector.raw
    assert any(span.notes.get("http.request.method") == "_OTHER" for span in collector.spans)


async def test_une_panne_dit_sa_sorte(collector: Collector, start: StartGateway, rasa: FakeRasa) -> None:
    async with tracing.exported():
        person = await conversation(start)
        assert (await person.post(choice=MARKER)).status == 409
        rasa.fault = "error"
        assert (await person.post(text=MARKER)).status == 503
    (stale, away) = [span for span in collector.spans if span.name == "turn"][-2:]
    assert (stale.failed, stale.notes["error.type"]) == (False, "stale_choice")
    assert (away.failed, away.notes["error.type"], away.notes["relais.outcome"]) == (
        True,
        "unavailable",
        "error",
    )
    rasa_part = [span for span in collector.spans if span.name == "rasa"][-1]
    assert (rasa_part.failed, rasa_part.notes) == (True, {"error.type": "error"})
    root = [span for span in collector.spans if span.name == "POST /api/messages"][-1]
    assert (root.failed, root.notes["http.response.status_code"]) == (True, 503)
    assert MARKER.encode() not in collector.raw


async def test_une_action_rejoint_le_tour_qui_l_a_fait_appeler(
    collector: Collector, start: StartGateway, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(MARKER)

    monkeypatch.setattr(ActionNotUnderstood, "act", broken)
    async with tracing.exported(), TestClient(TestServer(create_actions_app("clef"))) as actions:
        await conversation(start, MARKER)
        latest = {"text": MARKER, "intent": {"name": "x"}, "metadata": rasa.received[-1]["metadata"]}
        sender, name = rasa.received[-1]["sender"], ActionNotUnderstood().name()
        tracker = {"sender_id": sender, "slots": {}, "latest_message": latest, "events": [], "paused": False}
        tracker |= {"followup_action": None, "active_loop": {}, "latest_action_name": "action_listen"}
        call = {"next_action": name, "sender_id": sender, "tracker": tracker, "domain": {}}
        assert (await actions.post("/webhook/clef", json=call)).status == 200
    action, asked = collector.one("action"), [span for span in collector.spans if span.name == "rasa"][-1]
    assert (action.trace, action.parent) == (asked.trace, asked.id)
    assert action.notes == {
        "relais.action": name,
        "relais.conversation": sender,
        "error.type": "ValueError",
    }
    assert action.failed
    assert MARKER.encode() not in collector.raw


async def test_sans_collecteur_le_service_continue_et_rien_ne_s_accumule(
    start: StartGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opentelemetry.sdk.trace import ReadableSpan

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "64")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "32")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    async with tracing.exported():
        person = await conversation(start)
        for _ in range(20):
            for _ in range(100):
                with tracing.part("essai", alone=True):
                    pass
            assert (await person.post(text="bonjour")).status == 200
        gc.collect()
        alive = sum(isinstance(each, ReadableSpan) for each in gc.get_objects())
    assert alive < 200, "2,000 were made; 64 wait and 32 are being sent"


async def test_sans_reglage_rien_n_est_trace(start: StartGateway, rasa: FakeRasa) -> None:
    async with tracing.exported():
        await conversation(start, "bonjour")
    assert all("trace" not in body["metadata"] for body in rasa.received)


def test_sans_reglage_rien_n_est_importe() -> None:
    lines = (
        "import sys",
        "from bot import tracing",
        "with tracing.request('GET /'), tracing.part('turn', alone=True) as part, tracing.called('action', None):",
        "    part.note(outcome='answered')",
        "    tracing.current().failed('error')",
        "    assert tracing.carried() is None",
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))",
    )
    assert subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(("off", "expected"), [("true", False), ("TRUE", False), ("false", True), ("", True)])
def test_le_reglage_standard_coupe_tout(monkeypatch: pytest.MonkeyPatch, off: str, expected: bool) -> None:
    assert not tracing.wanted()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:4318/v1/traces")
    monkeypatch.setenv("OTEL_SDK_DISABLED", off)
    assert tracing.wanted() is expected
