"""Limits, turns and memory in a real Redis, as several processes use them."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot.conversation.state import ConversationState, TurnRecord, now
from bot.gateway.errors import RefusalError
from bot.gateway.memory import MemoryAwayError, Remembered
from bot.gateway.shared_limits import RedisBuckets, RedisTurnstile
from bot.gateway.shared_memory import RedisMemory, check_volatile
from bot.settings import SettingsError
from bot.shared import Seal, connect
from tests import engines


async def test_un_seau_est_le_meme_pour_tous(client: Redis):
    first, second = (RedisBuckets(client, "messages", 6) for _ in "ab")
    assert [await each.take("a") for each in (first, second) * 3] == [None] * 6
    wait = await first.take("a")
    assert wait is not None
    assert 0 < wait <= 10
    assert await second.take("a") is not None
    assert await second.take("b") is None
    assert await RedisBuckets(client, "requests", 6).take("a") is None


async def test_un_seau_se_remplit_et_finit_par_disparaitre(client: Redis):
    buckets = RedisBuckets(client, "n", 2, seconds=0.2)
    assert [await buckets.take("a") for _ in range(2)] == [None, None]
    while await buckets.take("a") is not None:
        await asyncio.sleep(0.02)
    assert 0 < await client.ttl("relais:bucket:n:a") <= 2


async def test_une_horloge_qui_recule_ne_bloque_personne(client: Redis):
    buckets = RedisBuckets(client, "n", 2)
    await client.hset("relais:bucket:n:a", mapping={"level": "1", "seen": "99999999999"})
    assert await buckets.take("a") is None
    wait = await buckets.take("a")
    assert wait is not None
    assert wait <= 30, "the hour that comes back is the one that counts"


async def test_zero_veut_dire_sans_limite(client: Redis):
    buckets = RedisBuckets(client, "n", 0)
    assert {await buckets.take("a") for _ in range(20)} == {None}


async def test_chacun_son_tour_dans_l_ordre_quel_que_soit_le_processus(client: Redis):
    turnstiles = [RedisTurnstile(client, waiting=20) for _ in range(3)]
    done: list[int] = []
    inside = 0

    async def one(rank: int) -> None:
        nonlocal inside
        async with turnstiles[rank % 3].hold("c", 30):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.01)
            done.append(rank)
            inside -= 1

    tasks = []
    for rank in range(9):
        tasks.append(asyncio.create_task(one(rank)))
        while await client.llen("relais:turn:{c}:queue") + len(done) <= rank:
            await asyncio.sleep(0.001)
    await asyncio.gather(*tasks)
    assert done == list(range(9))
    assert await client.keys("relais:turn:*") == []


async def test_le_tourniquet_se_lasse_et_ne_garde_rien(client: Redis):
    first, second = (RedisTurnstile(client, waiting=2) for _ in "ab")
    async with first.hold("a", 5):
        with pytest.raises(RefusalError, match="busy"):
            async with second.hold("a", 0.05):
                pass
        waiting = [asyncio.create_task(_pass(second, "a")) for _ in range(2)]
        while await client.llen("relais:turn:{a}:queue") < 3:
            await asyncio.sleep(0.005)
        with pytest.raises(RefusalError, match="busy"):
            async with second.hold("a", 5):
                pass
        async with second.hold("b", 5):
            pass
    await asyncio.gather(*waiting)
    assert await client.keys("relais:turn:*") == []


async def _pass(turnstile: RedisTurnstile, name: str) -> None:
    async with turnstile.hold(name, 30):
        pass


async def test_le_ticket_d_un_processus_mort_est_passe(client: Redis):
    turnstile = RedisTurnstile(client, waiting=3, lease=0.3)
    keys = ["relais:turn:{a}:queue", "relais:turn:{a}:until"]
    assert await turnstile._step(keys, "mort", enter=True) == 1
    async with turnstile.hold("a", 30):
        assert await client.lrange(keys[0], 0, -1) != [b"mort"]


async def test_un_long_tour_garde_son_ticket(client: Redis):
    turnstile = RedisTurnstile(client, waiting=3, lease=0.5)
    async with turnstile.hold("a", 5):
        await asyncio.sleep(1.2)
        with pytest.raises(RefusalError, match="busy"):
            async with turnstile.hold("a", 0.1):
                pass


async def test_sans_redis_le_tourniquet_et_les_limites_tiennent_dans_le_processus():
    away = connect(f"redis://127.0.0.1:{engines.free_port()}/0")
    turnstile = RedisTurnstile(away, waiting=3)
    async with turnstile.hold("a", 5):
        with pytest.raises(RefusalError, match="busy"):
            async with turnstile.hold("a", 0.05):
                pass
    buckets = RedisBuckets(away, "n", 1)
    assert await buckets.take("a") is None
    assert await buckets.take("a") is not None
    await away.aclose(close_connection_pool=True)


def remembered() -> Remembered:
    state = ConversationState.begin("web")
    state.asks, state.situation, state.flags = "status", {"department": "14"}, ["human"]
    turns = [TurnRecord("user", "m1", now(), "web", text="motsecret")]
    turns.append(TurnRecord("bot", "b1", now(), "web", text="oui", message={"id": "b1", "text": "oui"}))
    return Remembered(state, state.active_at, turns)


async def test_la_memoire_est_partagee_et_scellee(client: Redis):
    first, second = (RedisMemory(client, "secret", 100) for _ in "ab")
    kept = remembered()
    await first.keep(kept)
    found = await second.get(kept.state.id)
    assert found == kept
    assert found.answers_to("m1") == [{"id": "b1", "text": "oui"}]
    held = await client.get(f"relais:memory:{kept.state.id}")
    assert b"motsecret" not in held
    assert 0 < await client.ttl(f"relais:memory:{kept.state.id}") <= 100
    await second.drop(kept.state.id)
    assert await first.get(kept.state.id) is None


async def test_un_autre_secret_ne_lit_rien_sauf_le_precedent(client: Redis):
    kept = remembered()
    await RedisMemory(client, "ancien", 100).keep(kept)
    assert await RedisMemory(client, "nouveau", 100).get(kept.state.id) is None
    assert await RedisMemory(client, "nouveau", 100, previous=["ancien"]).get(kept.state.id) == kept
    assert Seal("ancien", "tracker").open(Seal("ancien", "memory").close([1])) is None


async def test_une_memoire_absente_se_dit():
    away = connect(f"redis://127.0.0.1:{engines.free_port()}/0")
    memory = RedisMemory(away, "secret", 100)
    for work in (memory.get("a"), memory.keep(remembered()), memory.drop("a")):
        with pytest.raises(MemoryAwayError):
            await work
    await away.aclose(close_connection_pool=True)


@pytest.mark.parametrize("setting", [("save", "60 1"), ("appendonly", "yes")])
async def test_un_redis_qui_ecrit_sur_le_disque_est_refuse(
    own_redis: engines.RedisServer, setting: tuple[str, str]
):
    client = connect(own_redis.url)
    await check_volatile(client)
    await client.config_set(*setting)
    with pytest.raises(SettingsError, match="disque"):
        await check_volatile(client)
    await client.aclose(close_connection_pool=True)
