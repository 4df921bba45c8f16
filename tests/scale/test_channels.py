"""Two public processes receive the messages of one person on a channel: each answered once, in order, by either."""

import asyncio
from dataclasses import replace

import pytest

from bot.gateway.channels.service import POSTMAN
from bot.settings import Settings
from tests import engines
from tests.gateway.channels.conftest import Line, StartLine, rasa, start
from tests.gateway.channels.long_rasa import LongRasa
from tests.gateway.channels.phones import Phone
from tests.gateway.channels.test_once import agreed, echoes
from tests.gateway.conftest import settings as plain_settings

__all__ = ["plain_settings", "rasa", "start"]


@pytest.fixture
def settings(plain_settings: Settings, redis: engines.RedisServer, emptied: str) -> Settings:
    return replace(plain_settings, redis_url=redis.url, database_url=emptied)


@pytest.fixture
async def lines(start: StartLine) -> tuple[Line, Line]:
    return await start("telegram", waiting=50), await start("telegram", waiting=50)


async def idle(lines: tuple[Line, Line]) -> None:
    async with asyncio.timeout(60):
        for line in lines * 2:
            await line.app[POSTMAN].idle()


async def test_chaque_message_est_repondu_une_fois_dans_l_ordre(
    lines: tuple[Line, Line], rasa: LongRasa
) -> None:
    phone = await agreed(lines[0])
    other: Phone = lines[1].phone()
    for rank in range(6):
        await (phone, other)[rank % 2].post(phone.message(f"écho m{rank}"))
    await idle(lines)
    assert echoes(phone.new()) == [f"m{rank}" for rank in range(6)]
    assert rasa.overlaps == 0


async def test_ce_qu_un_processus_mort_a_laisse_est_repris(
    lines: tuple[Line, Line], rasa: LongRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await agreed(lines[0])
    monkeypatch.setattr(
        lines[0].app[POSTMAN], "wake", lambda *_arguments: None
    )  # dies once it has kept the message
    await phone.post(phone.message("écho un"))
    assert phone.new() == []
    await lines[1].app[POSTMAN].start()
    await idle(lines)
    assert echoes(phone.new()) == ["un"]


async def test_deux_reprises_au_meme_moment_n_envoient_qu_une_fois(
    lines: tuple[Line, Line], rasa: LongRasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await agreed(lines[0])
    postmen = [line.app[POSTMAN] for line in lines]
    usual = postmen[0].wake
    monkeypatch.setattr(postmen[0], "wake", lambda *_arguments: None)
    for rank in range(3):
        await phone.post(phone.message(f"écho m{rank}"))
    monkeypatch.setattr(postmen[0], "wake", usual)
    await asyncio.gather(*(postman.start() for postman in postmen))
    await idle(lines)
    assert echoes(phone.new()) == ["m0", "m1", "m2"]
