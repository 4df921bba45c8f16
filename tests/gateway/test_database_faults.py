"""The database is locked, full, down or hung: the person reads a sentence, and nothing is lost or taken twice."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.gateway.housekeeping import ClockWatch, keep_house
from tests import engines
from tests.gateway.conftest import Person, StartGateway
from tests.gateway.fake_rasa import FakeRasa


async def refused(person: Person, **body: Any) -> None:
    response = await person.post(**body)
    answer = await response.json()
    assert response.status == 503
    assert all(number in answer["error"]["message"] for number in ("15", "112", "3114"))
    assert "3114" in (await person.say("je veux mourir"))[0]["text"], "danger is answered all the same"


async def goes_on(person: Person, rasa: FakeRasa, **body: Any) -> None:
    """The same message again: taken once in all, by Rasa and in what is kept."""
    assert (await person.say(**body))[0]["asks"] == "on_leave"
    assert sum("salarie_prive" in said for said in rasa.taken) == 1
    seen = await person.conversation()
    said = [message for message in seen["messages"] if message["from"] == "user"]
    assert [message["id"] for message in said].count(body["id"]) == 1
    assert seen["situation"] == {"status": "salarie_prive"}


ANSWER = {"choice": "salarie_prive", "id": "m-1"}


@pytest.mark.parametrize("consent", ["yes", "no"])
async def test_base_verrouillee(start: StartGateway, rasa: FakeRasa, tmp_path: Path, consent: str):
    person = await start()
    await person.begin(consent=consent)
    engine = person.gateway.store.engine
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(tmp_path / "relais.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        if consent == "yes":  # someone who is not kept has nothing to write at each turn
            await refused(person, **ANSWER)
        other.execute("ROLLBACK")
    await goes_on(person, rasa, **ANSWER)


async def test_disque_plein(start: StartGateway, rasa: FakeRasa):
    person = await start()
    await person.begin(consent="yes")
    store = person.gateway.store

    full = [True]

    @event.listens_for(store.engine, "begin")
    def each_time(connection: Any) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={1 if full[0] else 1_000_000}")

    def fill(connection: Any) -> None:
        connection.execute(text("CREATE TABLE filler (x)"))
        connection.execute(text("INSERT INTO filler VALUES (zeroblob(4000000))"))

    with pytest.raises(Exception, match="full"):
        await store.write(fill)
    long_text = {"text": "écho " + "x" * 1990, "id": "m-0"}
    response = await person.post(**long_text)
    while response.status == 200:  # free pages are used first
        long_text["id"] += "0"
        response = await person.post(**long_text)
    assert response.status == 503
    full[0] = False
    assert (await person.say(**long_text))[0]["text"] == "x" * 1990
    await goes_on(person, rasa, **ANSWER)


@pytest.fixture
def own_postgresql() -> Any:
    """A PostgreSQL that the test may stop."""
    if reason := engines.missing("postgresql"):
        pytest.skip(reason)
    with engines.postgres() as server:
        yield server


async def test_postgresql_tombe_puis_revient(
    start: StartGateway, rasa: FakeRasa, own_postgresql: engines.Postgres
):
    person = await start(database_url=own_postgresql.url())
    await person.begin(consent="yes")
    own_postgresql.stop()
    await refused(person, **ANSWER)
    assert (await person.client.post("/api/conversations", json={})).status == 503
    assert (await (await person.client.get("/readyz")).json())["database"] == "unavailable"
    own_postgresql.start()
    await goes_on(person, rasa, **ANSWER)


async def test_postgresql_ne_repond_plus_sans_le_dire(
    start: StartGateway, rasa: FakeRasa, own_postgresql: engines.Postgres
):
    person = await start(database_url=own_postgresql.url())
    await person.begin(consent="yes")
    person.gateway.store._patience = 0.5
    own_postgresql.suspend()
    try:
        await refused(person, **ANSWER)
    finally:
        own_postgresql.suspend(resume=True)
        person.gateway.store._patience = 15
    await goes_on(person, rasa, **ANSWER)


STEPS: dict[str, Callable[[Person], tuple[Any, str]]] = {
    "avant Rasa": lambda person: (person.gateway.rasa, "send"),
    "après Rasa, avant d'être gardé": lambda person: (person.gateway.store, "write"),
    "gardé, avant la réponse": lambda person: (person.gateway.dialogue, "take"),
}


@pytest.mark.parametrize("step", STEPS)
async def test_processus_mort_a_chaque_pas_d_un_tour(
    start: StartGateway, rasa: FakeRasa, step: str, monkeypatch: pytest.MonkeyPatch
):
    before = await start()
    await before.begin(consent="yes")
    part, name = STEPS[step](before)
    there, usual = asyncio.Event(), getattr(part, name)

    async def stops_here(*arguments: Any, **more: Any) -> Any:
        if step == "gardé, avant la réponse":
            await usual(*arguments, **more)
        there.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(part, name, stops_here)
    dying = asyncio.create_task(before.post(**ANSWER))
    await there.wait()
    after = await start()
    after.token = before.token
    await goes_on(after, rasa, **ANSWER)
    dying.cancel()


def test_une_horloge_qui_saute_se_voit_une_fois():
    wall, steady = [1000.0], [50.0]
    watch = ClockWatch(lambda: wall[0], lambda: steady[0])
    wall[0], steady[0] = 1060, 110
    assert not watch.jumped()
    wall[0], steady[0] = 1060 + 60 + 86_400, 170
    assert watch.jumped()
    assert not watch.jumped()
    wall[0] -= 3600
    assert watch.jumped()


async def test_un_saut_d_horloge_n_efface_personne(person: Person, monkeypatch: pytest.MonkeyPatch):
    await person.begin(consent="yes")
    passes = 0

    def jumped(_self: ClockWatch) -> bool:
        nonlocal passes
        passes += 1
        return passes == 1

    monkeypatch.setattr(ClockWatch, "jumped", jumped)
    erased: list[str] = []

    async def erase(*_arguments: Any, **_more: Any) -> int:
        erased.append("someone")
        return 0

    monkeypatch.setattr("bot.gateway.housekeeping.purge", erase)
    monkeypatch.setattr("bot.gateway.housekeeping.sweep", erase)
    task = asyncio.create_task(keep_house(person.gateway, pause=0))
    while passes < 30:
        await asyncio.sleep(0)
    task.cancel()
    assert not erased
