"""Requests to be called back: readable by nobody else, gone once done."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation.callbacks import LIFE, CallBacks, Details
from bot.conversation.live import LocalLive
from bot.conversation.retention import erase
from bot.conversation.secrecy import Secrecy
from bot.conversation.state import ConversationState, now
from bot.conversation.store import ConversationGoneError, Store

DETAILS = Details("Zébulon", "06 39 98 00 01", "zebulon@exemple.fr", "le matin")


def call_backs(store: Store, secret: str = "secret") -> CallBacks:
    return CallBacks(store, Secrecy(secret, purpose="call-backs"), LocalLive())


async def kept(store: Store) -> str:
    state = ConversationState.begin("web")
    await store.create(state)
    state.consent = "yes"
    await store.save(state, [], changed=())
    return state.id


async def test_une_demande_n_est_lisible_que_par_qui_peut_rappeler(store: Store, tmp_path: Path):
    asked = call_backs(store)
    await asked.ask(await kept(store), "52", DETAILS)
    [waiting] = await asked.waiting(["52"])
    assert await asked.waiting(["14"]) == []
    assert await asked.open(waiting.id, ["52"]) == DETAILS
    assert await asked.open(waiting.id, ["14"]) is None
    assert await call_backs(store, "autre").open(waiting.id, None) is None
    assert (await asked.count(None), await asked.count(["14"])) == (1, 0)
    for path in tmp_path.iterdir():
        assert "Zébulon".encode() not in path.read_bytes()
        assert b"98 00 01" not in path.read_bytes()


async def test_une_conversation_n_a_qu_une_demande(store: Store):
    asked, conversation = call_backs(store), await kept(store)
    await asked.ask(conversation, "52", DETAILS)
    await asked.ask(conversation, "14", DETAILS)
    await asked.ask(None, "14", DETAILS)
    assert [each.department for each in await asked.waiting(None)] == ["14", "14"]


async def test_rappele_il_n_en_reste_rien(store: Store):
    asked = call_backs(store)
    await asked.ask(None, "52", DETAILS)
    [waiting] = await asked.waiting(None)
    assert not await asked.done(waiting.id, ["14"])
    assert await asked.done(waiting.id, ["52"])
    assert not await asked.done(waiting.id, ["52"])
    assert await asked.waiting(None) == []


async def test_au_bout_de_trente_jours_il_n_en_reste_rien(store: Store):
    asked = call_backs(store)
    await asked.ask(None, "52", DETAILS)
    assert await asked.purge(now() + LIFE - timedelta(minutes=1)) == 0
    assert await asked.purge(now() + LIFE + timedelta(minutes=1)) == 1


async def test_la_demande_part_avec_la_conversation(store: Store):
    asked, conversation = call_backs(store), await kept(store)
    await asked.ask(conversation, "52", DETAILS)

    async def forget(_sender: str) -> bool:
        return True

    await erase(store, conversation, forget)
    assert await asked.waiting(None) == []
    with pytest.raises(ConversationGoneError):
        await asked.ask(conversation, "52", DETAILS)
