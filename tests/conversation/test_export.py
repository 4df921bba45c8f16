"""The export says what happened, not to whom."""

import json
from datetime import timedelta

import pytest

from bot.conversation.export import coarse, export, pseudonym
from bot.conversation.state import ConversationState, TurnRecord, now
from bot.conversation.store import Store
from tests.conversation.test_store import begun


async def talked(store: Store, consent: str = "yes") -> ConversationState:
    state = await begun(store, consent)
    state.situation = {"age": 47, "commune": "Saint-Dizier", "department": "52", "leave_start": "2026-07-25"}
    turn = TurnRecord("user", "u1", now(), "web", text="je m'appelle Xyzzy", intent="inform")
    turn.facts = [{"name": "age", "value": 47, "words": "47 ans"}]
    await store.save(state, [turn], changed=["situation"])
    return state


@pytest.mark.parametrize("texts", [False, True])
async def test_ni_identifiant_ni_lieu_precis_ni_texte_sans_le_demander(store: Store, texts: bool):
    state = await talked(store)
    await talked(store, "no")
    day = now().date()
    (line,) = [found async for found in export(store, day, day, key="k", texts=texts)]
    shown = json.dumps(line)
    for hidden in (state.id, "Saint-Dizier", "2026-07-25", "47 ans", "u1"):
        assert hidden not in shown
    assert ("Xyzzy" in shown) is texts
    assert line["conversation"] == pseudonym(state.id, "k") != pseudonym(state.id, "autre")
    assert line["situation"] == {"age": "40-49", "department": "52"}
    assert line["said"][0]["intent"] == "inform"


async def test_les_jours_bornent_l_export(store: Store):
    await talked(store)
    day = now().date()
    for first, last in ((day - timedelta(days=9), day - timedelta(days=1)), (day + timedelta(days=1),) * 2):
        assert [found async for found in export(store, first, last, key="k")] == []


def test_les_nombres_deviennent_des_classes():
    assert coarse({"company_size": 49, "leave_days": 120, "on_leave": True, "age": 50}) == {
        "company_size": "0-49",
        "leave_days": "120-149",
        "on_leave": True,
        "age": "50-59",
    }
