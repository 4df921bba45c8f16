"""A message of a channel is one trace, from the platform's call to the last send."""

import pytest

from bot import tracing
from tests.collector import collecting
from tests.gateway.channels.conftest import StartLine

SAID = "zygomorphe"


async def test_du_message_recu_a_la_reponse_envoyee(
    start: StartLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        monkeypatch.setattr(tracing, "_END_SECONDS", 60)
        async with tracing.exported():
            phone = (await start("telegram")).phone()
            assert await phone.say(SAID)
        called = collector.one("POST /channels/telegram")
        answer = collector.one("channel.answer")
        sent = [span for span in collector.spans if span.name == "channel.send"]
        assert answer.parent == called.id
        assert "rasa" in [span.name for span in collector.spans if span.trace == called.trace]
        assert sent
        assert all(
            span.trace == called.trace and span.notes == {"relais.channel": "telegram"} for span in sent
        )
        assert SAID.encode() not in collector.raw
