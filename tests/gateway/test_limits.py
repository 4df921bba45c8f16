"""Token buckets, the turnstile, the bounded memory: on a clock of our own."""

import asyncio

import pytest

from bot.conversation.state import ConversationState, TurnRecord, now
from bot.gateway.errors import RefusalError
from bot.gateway.limits import LocalTurnstile, TokenBuckets
from bot.gateway.memory import LocalMemory, Remembered


class Clock:
    def __init__(self) -> None:
        self.moment = 0.0

    def __call__(self) -> float:
        return self.moment


async def test_un_seau_se_vide_et_se_remplit():
    clock = Clock()
    buckets = TokenBuckets(6, clock=clock)
    assert [await buckets.take("a") for _ in range(6)] == [None] * 6
    assert await buckets.take("a") == pytest.approx(10)
    assert await buckets.take("b") is None
    clock.moment = 10
    assert await buckets.take("a") is None
    assert await buckets.take("a") is not None


async def test_les_seaux_sont_bornes_en_nombre():
    buckets = TokenBuckets(1, keys=10)
    for rank in range(100):
        await buckets.take(str(rank))
    assert len(buckets._levels) == 10


async def test_zero_veut_dire_sans_limite():
    buckets = TokenBuckets(0)
    assert {await buckets.take("a") for _ in range(1000)} == {None}


async def test_le_tourniquet_se_lasse_et_ne_garde_rien():
    turnstile = LocalTurnstile(waiting=5)
    async with turnstile.hold("a", 1):
        with pytest.raises(RefusalError, match="busy"):
            async with turnstile.hold("a", 0.01):
                pass
        async with turnstile.hold("b", 1):
            pass
    assert turnstile._locks == {}


async def test_le_tourniquet_se_libere_apres_une_erreur_ou_une_annulation():
    turnstile = LocalTurnstile(waiting=5)
    with pytest.raises(ZeroDivisionError):
        async with turnstile.hold("a", 1):
            raise ZeroDivisionError

    async def wait() -> None:
        async with turnstile.hold("a", 10):
            pass

    async with turnstile.hold("a", 1):
        task = asyncio.create_task(wait())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert turnstile._locks == {}


def remembered() -> Remembered:
    state = ConversationState.begin("web")
    return Remembered(state, state.active_at)


async def test_la_memoire_oublie_le_plus_ancien_et_le_trop_vieux():
    clock = Clock()
    memory = LocalMemory(2, 100, clock=clock)
    ids = []
    for _ in range(3):
        each = remembered()
        await memory.keep(each)
        ids.append(each.state.id)
        clock.moment += 1
    assert memory.expire() == [ids[0]]
    assert await memory.get(ids[1]) is not None
    clock.moment = 101.5
    assert await memory.get(ids[1]) is None
    assert await memory.get(ids[2]) is not None
    assert memory.expire() == [ids[1]]


async def test_un_afflux_ne_remplit_pas_la_memoire():
    memory = LocalMemory(10, 100)
    for _ in range(100):
        await memory.keep(remembered())
    assert len(memory) == 20


async def test_ce_qui_n_est_pas_garde_ne_change_rien():
    memory, before = LocalMemory(2, 100), remembered()
    await memory.keep(before)
    taken = await memory.get(before.state.id)
    assert taken is not None
    taken.state.asks, taken.state.flags = "status", ["human"]
    taken.add([TurnRecord("user", "m", now(), "web")])
    again = await memory.get(before.state.id)
    assert again is not None
    assert (again.state.asks, again.state.flags, again.turns) == (None, [], [])


def test_une_conversation_en_memoire_est_bornee():
    conversation = remembered()
    for rank in range(500):
        conversation.add([TurnRecord("user", str(rank), now(), "web", text="x")])
    assert len(conversation.turns) == 400
    assert conversation.turns[-1].message_id == "499"
