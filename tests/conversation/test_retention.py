"""Retention and erasure: everything goes, in the end also from Rasa."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.conversation.hanging import hanging
from bot.conversation.migrate import tables
from bot.conversation.retention import erase, finish, purge
from bot.conversation.state import ConversationState, now, rasa_sender
from bot.conversation.store import Store
from tests.conversation.test_store import begun, said

MARK = "xyzzymarqueur"


class Rasa:
    """What Rasa remembers, and whether it answers."""

    def __init__(self) -> None:
        self.up = True
        self.forgotten: list[str] = []

    async def forget(self, sender: str) -> bool:
        if self.up:
            self.forgotten.append(sender)
        return self.up


async def talked(store: Store, days_ago: int = 0) -> ConversationState:
    state = await begun(store)
    state.situation = {"commune": MARK}
    state.active_at = now() - timedelta(days=days_ago)
    await store.save(state, [said("u1", text=MARK)], changed=["situation"])
    return state


def on_disk(folder: Path) -> bool:
    return any(MARK.encode() in file.read_bytes() for file in folder.iterdir())


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_effacer_ne_laisse_rien_sur_le_disque(store: Store, tmp_path: Path):
    rasa, state = Rasa(), await talked(store)
    assert on_disk(tmp_path)
    assert await erase(store, state.id, rasa.forget)
    assert not on_disk(tmp_path)
    assert rasa.forgotten == [rasa_sender(state.id)]
    assert await store.load(state.id) is None
    assert not await erase(store, state.id, rasa.forget)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_effacer_attend_que_le_journal_se_libere(store: Store, tmp_path: Path):
    """SQLite says « busy » at once, whatever its time-out, while something else empties the same log."""
    rasa, state = Rasa(), await talked(store)

    @event.listens_for(store.engine, "checkout")
    def at_once(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA busy_timeout=0")

    reader = sqlite3.connect(tmp_path / "relais.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM turn").fetchone()
    erasing = asyncio.create_task(erase(store, state.id, rasa.forget))
    while not rasa.forgotten:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert not erasing.done()
    assert on_disk(tmp_path)
    reader.close()
    assert await erasing
    assert not on_disk(tmp_path)


async def test_effacer_sans_rasa_vide_tout_de_suite_et_finit_plus_tard(store: Store, tmp_path: Path):
    rasa, state = Rasa(), await talked(store)
    rasa.up = False
    assert await erase(store, state.id, rasa.forget)
    assert not on_disk(tmp_path)
    assert await store.load(state.id) is None
    assert await finish(store, rasa.forget) == 1
    rasa.up = True
    assert await finish(store, rasa.forget) == 0
    assert rasa.forgotten == [rasa_sender(state.id)]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("age", "left"), [(29, True), (31, False)])
async def test_la_duree_de_conservation(store: Store, age: int, left: bool, tmp_path: Path):
    rasa, state = Rasa(), await talked(store, days_ago=age)
    done = await purge(store, rasa.forget, retention_days=30)
    assert done.conversations == (0 if left else 1)
    assert done.waiting == 0
    assert (await store.load(state.id) is not None) is left
    assert on_disk(tmp_path) is left


async def test_la_purge_va_au_bout_quel_que_soit_le_nombre(store: Store):
    rasa = Rasa()
    for _ in range(205):
        state = ConversationState.begin("web")
        state.active_at -= timedelta(days=40)
        await store.create(state)
    assert (await purge(store, rasa.forget, retention_days=30)).conversations == 205
    assert len(rasa.forgotten) == 205


async def test_reprendre_son_accord(store: Store, tmp_path: Path):
    state = await talked(store)
    await store.withdraw(state.id, "no", now())
    assert not on_disk(tmp_path)
    found = await store.load(state.id)
    assert found is not None
    assert (found[0].consent, found[0].turns, found[0].situation) == ("no", 0, None)


def test_tout_ce_qui_pend_a_une_conversation_est_connu():
    """A table that names a conversation either hangs on it, and is emptied with it, or is listed here with its reason."""
    apart = {
        "channel_person": "address of a person who may begin again; erased by the channel when its time is over",
        "console_access": "who read what: holds nothing of the conversation",
    }
    found = {column.table.name for column in hanging()}
    naming = {table.name for table in tables().metadata.sorted_tables if "conversation_id" in table.c}
    assert naming - found <= set(apart)
    assert {"turn", "resume_code", "step_progress", "plan_seen"} <= found
