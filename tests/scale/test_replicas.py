"""Two public processes on one PostgreSQL and one Redis: any message may reach either."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.event import listens_for

from bot.conversation.state import now
from bot.conversation.store import Store
from bot.database import sync_engine
from bot.directory.lookup import Directory
from bot.gateway.housekeeping import keep_house
from bot.gateway.shared_live import RedisLive
from bot.shared import connect
from tests import engines
from tests.gateway.conftest import Person
from tests.gateway.fake_rasa import FakeRasa
from tests.scale.conftest import StartReplica


@pytest.fixture
async def pair(replica: StartReplica, redis: engines.RedisServer) -> tuple[Person, Person]:
    """Two processes; the second speaks for the person of the first."""
    return await replica(redis.url, waiting=20), await replica(redis.url, waiting=20)


async def begun(pair: tuple[Person, Person], consent: str | None) -> tuple[Person, Person]:
    first, second = pair
    await first.begin()
    second.token = first.token
    if consent:
        await second.say(choice=consent)
    return first, second


@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_la_conversation_continue_sur_l_autre_processus(
    pair: tuple[Person, Person], rasa: FakeRasa, consent: str
):
    first, second = await begun(pair, consent)
    assert (await first.say(choice="salarie_prive"))[0]["asks"] == "on_leave"
    assert (await second.say(choice="yes"))[0]["plan"] is not None
    assert await first.conversation() == await second.conversation()
    assert rasa.texts.count("/start") == 1


@pytest.mark.parametrize("consent", [None, "yes", "no"])
async def test_le_meme_message_sur_les_deux_n_est_pris_qu_une_fois(
    pair: tuple[Person, Person], rasa: FakeRasa, consent: str | None
):
    first, second = await begun(pair, consent)
    answers = await asyncio.gather(*(each.say("écho un", id="abc") for each in (first, second) * 2))
    assert answers == [answers[0]] * 4
    assert rasa.texts.count("écho un") == 1


@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_un_message_a_la_fois_dans_l_ordre_d_arrivee(
    pair: tuple[Person, Person], rasa: FakeRasa, consent: str
):
    people = await begun(pair, consent)
    redis = people[0].gateway.sharing.redis
    assert redis is not None
    rasa.delay = 0.2
    queue = f"relais:turn:{{{people[0].id}}}:queue"
    texts = [f"écho {rank}" for rank in range(6)]
    tasks: list[asyncio.Task[object]] = []
    for rank, text in enumerate(texts):
        tasks.append(asyncio.create_task(people[rank % 2].say(text)))
        while await redis.llen(queue) + sum(task.done() for task in tasks) <= rank:
            await asyncio.sleep(0.005)
    await asyncio.gather(*tasks)
    assert rasa.overlaps == 0
    seen = await people[0].conversation()
    assert [each["text"] for each in seen["messages"] if each["from"] == "user"][-6:] == texts


async def test_les_limites_se_comptent_ensemble(replica: StartReplica, redis: engines.RedisServer):
    first = await replica(redis.url, messages_per_minute=2)
    second = await replica(redis.url, messages_per_minute=2)
    await begun((first, second), "yes")
    await first.say("bonjour")
    assert (await second.post(text="encore")).status == 429


async def test_effacer_sur_l_un_efface_pour_l_autre(pair: tuple[Person, Person], rasa: FakeRasa):
    first, second = await begun(pair, "no")
    assert (await first.client.delete("/api/conversation", headers=first.headers)).status == 204
    assert (await second.post(text="bonjour")).status == 401
    assert rasa.trackers == {}


async def test_une_seule_maison_se_fait_a_la_fois(pair: tuple[Person, Person]):
    stores = [each.gateway.store for each in pair]
    async with stores[0].alone("one") as first, stores[1].alone("one") as second:
        assert (first, second) == (True, False)
    async with stores[1].alone("one") as again, stores[0].alone("other") as other:
        assert (again, other) == (True, True)


async def test_le_menage_arrete_pendant_qu_il_se_connecte_rend_sa_connexion(emptied: str):
    store = Store(sync_engine(emptied))
    begins, opened = asyncio.Event(), []
    loop = asyncio.get_running_loop()

    @listens_for(store.engine, "do_connect")
    def slow(*_: object) -> None:
        loop.call_soon_threadsafe(begins.set)
        time.sleep(0.2)

    @listens_for(store.engine, "connect")
    def keep(connection: Any, _: object) -> None:
        opened.append(connection)

    async def house() -> None:
        async with store.alone("one"):
            raise AssertionError("it was stopped before")

    task = asyncio.create_task(house())
    await begins.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await store.close()
    assert [connection.closed for connection in opened] == [True]


def test_deux_processus_peuvent_lire_l_annuaire_au_meme_moment(emptied: str):
    engines_of_each = [sync_engine(emptied) for _ in "ab"]
    with ThreadPoolExecutor(2) as pool:
        loaded = list(pool.map(Directory.load, engines_of_each))
    for engine in engines_of_each:
        engine.dispose()
    assert [len(each.contacts("14", types=("cpam",))) for each in loaded] == [1, 1]


async def test_les_lignes_de_ce_qui_n_est_pas_garde_ne_restent_pas(pair: tuple[Person, Person]):
    first, second = await begun(pair, None)
    await second.begin(consent="yes")
    for person in (first, second):
        found = await person.gateway.store.load(person.id)
        assert found is not None
        found[0].active_at = now() - timedelta(hours=3)
        await person.gateway.store.save(found[0], [], changed=[])
    task = asyncio.create_task(keep_house(first.gateway, pause=0.01))
    while await first.gateway.store.load(first.id) is not None:
        await asyncio.sleep(0.01)
    task.cancel()
    assert await second.gateway.store.load(second.id) is not None, "agreed: thirty days, not two hours"


async def test_redis_tombe_puis_revient(
    replica: StartReplica, own_redis: engines.RedisServer, rasa: FakeRasa
):
    kept, not_kept = await replica(own_redis.url), await replica(own_redis.url)
    await kept.begin(consent="yes")
    await not_kept.begin(consent="no")
    own_redis.stop()
    ready = await kept.client.get("/readyz")
    assert (ready.status, (await ready.json())["redis"]) == (200, "unavailable")
    assert (await kept.say(choice="salarie_prive"))[0]["asks"] == "on_leave", "what is kept goes on"
    refused = await not_kept.post(choice="salarie_prive")
    assert refused.status == 503
    assert "3114" in (await refused.json())["error"]["message"]
    assert "3114" in (await not_kept.say("je veux mourir"))[0]["text"], "danger is answered all the same"
    own_redis.start()
    rasa.trackers.clear()  # Rasa's own memory of those conversations was there too
    begun_again = await not_kept.post(choice="salarie_prive")
    assert begun_again.status == 409, "memory was lost with Redis: the question of consent comes back"
    assert (await begun_again.json())["messages"][0]["asks"] == "consent"
    assert rasa.overlaps == 0


async def test_ce_qui_est_dit_a_un_processus_reveille_les_autres(
    pair: tuple[Person, Person],
):
    first, second = (person.gateway.live for person in pair)
    assert isinstance(second, RedisLive)
    await second.subscribed.wait()
    async with second.listen("conversation:a") as listener, second.listen("conversation:b") as other:
        await first.tell("conversation:a")
        assert await listener.wait(10)
        assert not await other.wait(0.05)
        await second.tell("conversation:b")
        assert await other.wait(10)


async def test_redis_revenu_tous_ceux_qui_attendent_regardent(own_redis: engines.RedisServer):
    redis = connect(own_redis.url)
    live = RedisLive(redis)
    hearing = asyncio.create_task(live.run())
    await live.subscribed.wait()
    async with live.listen("conversation:a") as listener:
        own_redis.stop()
        await live.tell("conversation:a")
        assert await listener.wait(10), "this process is told all the same"
        while live.subscribed.is_set():
            await asyncio.sleep(0.01)
        own_redis.start()
        assert await listener.wait(30)
    hearing.cancel()
    with suppress(asyncio.CancelledError):
        await hearing
    await redis.aclose(close_connection_pool=True)
