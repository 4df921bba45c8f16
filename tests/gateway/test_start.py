"""`start` serves a whole gateway from its settings alone."""

from dataclasses import replace

import aiohttp
import pytest

from bot.gateway.app import start, warm_up
from bot.keys import channel_key
from bot.settings import Settings
from tests.gateway.fake_rasa import FakeRasa


async def test_la_passerelle_demarre_avec_ses_seuls_reglages(
    settings: Settings, rasa: FakeRasa, unused_tcp_port: int
):
    rasa.key = channel_key(settings.secret)
    chosen = replace(settings, port=unused_tcp_port, rasa_port=rasa.server.port)
    runner = await start(chosen)
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"http://127.0.0.1:{unused_tcp_port}/api/conversations", json={}) as response,
        ):
            assert response.status == 201
        with pytest.raises(OSError, match="address already in use"):
            await start(chosen)
    finally:
        await runner.cleanup()


def test_un_fichier_de_surete_casse_empeche_de_demarrer(monkeypatch: pytest.MonkeyPatch):
    def broken(_text: str) -> None:
        raise ValueError

    monkeypatch.setattr("bot.gateway.app.detect", broken)
    with pytest.raises(ValueError):
        warm_up()
