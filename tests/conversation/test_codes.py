"""Resume codes: easy to say, kept as a keyed hash, for a time, and taken back."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.conversation.codes import LETTERS, ResumeCodes, read
from bot.conversation.retention import erase, purge
from bot.conversation.state import ConversationState, now
from bot.conversation.store import ConversationGoneError, Store
from tests.conversation.test_store import begun

KEY = "clef-de-test"


async def agreed(store: Store, consent: str | None = "yes") -> ConversationState:
    state = await begun(store, consent)
    await store.save(state, [], changed=[])
    return state


def codes(store: Store, key: str = KEY, days: int = 60) -> ResumeCodes:
    return ResumeCodes(store, key, retention_days=days)


async def forgotten(_sender: str) -> bool:
    return True


async def test_un_code_ramene_a_sa_conversation(store: Store):
    one, other = await agreed(store), await agreed(store)
    issued, also = await codes(store).issue(one.id), await codes(store).issue(other.id)
    assert issued.code != also.code
    assert set(issued.code) <= {*LETTERS, "-"}
    assert [len(group) for group in issued.code.split("-")] == [4, 4, 4]
    assert timedelta(days=29) < issued.expires_at - now() <= timedelta(days=30)
    assert await codes(store).conversation(issued.code) == one.id
    assert await codes(store).conversation(also.code) == other.id


@pytest.mark.parametrize(
    "typed", ["CFHJ-KLMP-RTVW", "cfhj klmp rtvw", " cfhjklmprtvw ", "CFHJ.KLMP.RTVW", "CFHG-K1NB-RDUW"]
)
def test_un_code_se_lit_comme_on_le_tape_ou_l_entend(typed: str):
    assert read(typed) == "CFHJ-KLMP-RTVW"


@pytest.mark.parametrize(
    "typed", ["", "CFHJ", "CFHJ-KLMP-RTVWX", "CFHJ-KLMP-RTVA", "CFHJ-KLMP-RTV\u00e9", "C" * 9999]
)
def test_ce_qui_n_est_pas_un_code(typed: str):
    assert read(typed) is None


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_le_code_n_est_ecrit_nulle_part(store: Store, tmp_path: Path):
    state = await agreed(store)
    issued = await codes(store).issue(state.id)
    bare = issued.code.replace("-", "")
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert issued.code.encode() not in content
        assert bare.encode() not in content
    with sqlite3.connect(tmp_path / "relais.sqlite") as database:
        (kept,) = database.execute("SELECT digest FROM resume_code").fetchone()
    assert len(kept) == 64
    assert await codes(store, key="autre clef").conversation(issued.code) is None


async def test_un_nouveau_code_remplace_l_ancien(store: Store):
    state = await agreed(store)
    first, second = await codes(store).issue(state.id), await codes(store).issue(state.id)
    assert await codes(store).conversation(first.code) is None
    assert await codes(store).conversation(second.code) == state.id


async def test_un_code_se_retire(store: Store):
    state = await agreed(store)
    issued = await codes(store).issue(state.id)
    assert await codes(store).expiry(state.id) == issued.expires_at
    assert await codes(store).revoke(state.id)
    assert await codes(store).conversation(issued.code) is None
    assert await codes(store).expiry(state.id) is None
    assert not await codes(store).revoke(state.id)


async def test_un_code_expire(store: Store):
    state = await agreed(store)
    issued = await codes(store, days=0).issue(state.id)
    assert await codes(store).conversation(issued.code) is None
    assert await codes(store).expiry(state.id) is None
    await purge(store, forgotten, retention_days=30)
    count = text("SELECT count(*) FROM resume_code")
    assert await store.read(lambda connection: connection.execute(count).scalar_one()) == 0
    assert await store.load(state.id) is not None


async def test_un_code_ne_survit_pas_a_sa_conversation(store: Store):
    state = await begun(store)
    state.active_at = now() - timedelta(days=20)
    await store.save(state, [], changed=[])
    issued = await codes(store, days=30).issue(state.id)
    assert issued.expires_at == state.active_at + timedelta(days=30)


async def test_un_code_s_en_va_avec_sa_conversation_ou_l_accord(store: Store):
    erased, withdrawn = await agreed(store), await agreed(store)
    issued = [await codes(store).issue(state.id) for state in (erased, withdrawn)]
    await erase(store, erased.id, forgotten)
    await store.withdraw(withdrawn.id, "no", now())
    assert [await codes(store).conversation(each.code) for each in issued] == [None, None]
    count = text("SELECT count(*) FROM resume_code")
    assert await store.read(lambda connection: connection.execute(count).scalar_one()) == 0


@pytest.mark.parametrize("consent", [None, "no"])
async def test_pas_de_code_pour_ce_qui_n_est_pas_garde(store: Store, consent: str | None):
    state = await agreed(store, consent)
    with pytest.raises(ConversationGoneError):
        await codes(store).issue(state.id)
