"""Follow-up: what is ticked, what changed, and that it goes with the rest."""

import copy
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from bot.conversation.changes import Changes, changes, outline
from bot.conversation.following import FollowUp, Progress, Seen
from bot.conversation.retention import erase
from bot.conversation.state import now
from bot.conversation.store import ConversationGoneError, Store
from tests.conversation.test_codes import agreed, forgotten

DAY = date(2026, 12, 3)
PLAN: dict[str, Any] = {
    "steps": [
        {"id": "cpam_carsat", "title": "Le service social", "when": "now", "say": "..."},
        {"id": "cep", "title": "Le CEP", "when": "if_needed"},
    ],
    "devices": [
        {"id": "essai_encadre", "name": "Essai encadré", "status": "later"},
        {"id": "rqth", "name": "RQTH", "status": "open"},
    ],
}


async def test_ce_qui_est_coche_se_relit_et_se_corrige(store: Store):
    state, follow = await agreed(store), FollowUp(store)
    assert await follow.progress(state.id) == {}
    await follow.note(state.id, "cep", Progress(done=True))
    await follow.note(state.id, "cpam_carsat", Progress(appointment=DAY))
    await follow.note(state.id, "cep", Progress(done=True, appointment=DAY))
    assert await follow.progress(state.id) == {
        "cep": Progress(True, DAY),
        "cpam_carsat": Progress(False, DAY),
    }
    await follow.note(state.id, "cep", Progress())
    assert list(await follow.progress(state.id)) == ["cpam_carsat"]


async def test_le_parcours_vu_se_relit(store: Store):
    state, follow = await agreed(store), FollowUp(store)
    assert await follow.seen(state.id) is None
    for day in (DAY, date(2026, 12, 4)):
        await follow.remember(state.id, Seen(day, outline(PLAN)))
    assert await follow.seen(state.id) == Seen(date(2026, 12, 4), outline(PLAN))


@pytest.mark.parametrize("end", ["erase", "withdraw"])
async def test_tout_s_en_va_et_rien_ne_revient(store: Store, end: str):
    state, follow = await agreed(store), FollowUp(store)
    await follow.note(state.id, "cep", Progress(done=True))
    await follow.remember(state.id, Seen(DAY, outline(PLAN)))
    if end == "erase":
        await erase(store, state.id, forgotten)
    else:
        await store.withdraw(state.id, "no", now())
    for table in ("step_progress", "plan_seen"):
        count = text(f"SELECT count(*) FROM {table}")
        assert await store.read(lambda connection, query=count: connection.execute(query).scalar_one()) == 0
    with pytest.raises(ConversationGoneError):
        await follow.note(state.id, "cep", Progress(done=True))
    with pytest.raises(ConversationGoneError):
        await follow.remember(state.id, Seen(DAY, outline(PLAN)))


def test_rien_n_a_change():
    assert not changes(outline(PLAN), outline(copy.deepcopy(PLAN)))


def test_ce_qui_a_change_se_dit():
    after = copy.deepcopy(PLAN)
    after["steps"][0] |= {"when": "next", "title": "Le service social (Carsat)"}
    after["steps"][1] = {"id": "pdp_cell", "title": "La cellule PDP", "when": "now"}
    after["devices"][0]["status"] = "open"
    after["devices"][1]["status"] = "closed"
    after["devices"].append({"id": "crpe", "name": "CRPE", "status": "open"})
    found = changes(outline(PLAN), outline(after))
    assert found == Changes(
        added=("La cellule PDP",),
        removed=("Le CEP",),
        moved=(("Le service social (Carsat)", "next"),),
        opened=("Essai encadré", "CRPE"),
    )
    assert found
    assert found.to_json()["moved"] == [{"title": "Le service social (Carsat)", "when": "next"}]
