"""The store: what is written, when, and in which order."""

from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.conversation.models import FeedbackEvent, SafetyEvent
from bot.conversation.state import ConversationState, TurnRecord, new_id, now, rasa_sender
from bot.conversation.store import ConversationGoneError, Event, Store, feedback_event, safety_event

DAY = date(2026, 11, 22)


def said(message_id: str, direction: str = "user", text: str = "bonjour") -> TurnRecord:
    message = {"id": message_id, "text": text} if direction == "bot" else None
    return TurnRecord(direction, message_id, now(), "web", text=text, message=message)  # type: ignore[arg-type]


async def begun(store: Store, consent: str | None = "yes") -> ConversationState:
    state = ConversationState.begin("web")
    await store.create(state)
    state.consent = consent  # type: ignore[assignment]
    return state


async def test_ce_qui_est_garde_se_relit(store: Store):
    state = await begun(store)
    state.asks, state.choices = "status", {"a": {"payload": "/a", "title": "A"}}
    state.question, state.situation, state.flags = {"id": "q"}, {"on_leave": True}, ["human"]
    state.plan = {"steps": []}
    changed = ["asks", "choices", "question", "situation", "flags", "plan"]
    await store.save(state, [said("u1"), said("b1", "bot")], changed=changed)
    found = await store.load(state.id)
    assert found is not None
    state.plan = None  # lu à part
    assert found == (state, None)
    assert await store.plan(state.id) == {"steps": []}
    assert [turn.message_id for turn in await store.transcript(state.id)] == ["u1", "b1"]


async def test_les_moments_gardent_leur_fuseau(store: Store):
    state = await begun(store)
    state.active_at = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    await store.save(state, [], changed=[])
    found = await store.load(state.id)
    assert found is not None
    assert found[0].active_at == datetime(2026, 11, 22, 10, 0, tzinfo=timezone.utc)
    assert found[0].active_at.utcoffset() == timedelta(0)


async def test_un_moment_sans_fuseau_est_refuse(store: Store):
    state = await begun(store)
    state.active_at = datetime(2026, 11, 22)  # noqa: DTZ001
    with pytest.raises(Exception, match="without its zone"):
        await store.save(state, [], changed=[])


async def test_les_tours_se_suivent_meme_si_un_autre_ecrit(store: Store):
    state = await begun(store)
    other = await store.load(state.id)
    assert other is not None
    other[0].consent = "yes"
    await store.save(state, [said("u1"), said("b1", "bot")], changed=[])
    await store.save(other[0], [said("a1", "adviser")], changed=[])
    await store.save(state, [said("u2")], changed=[])
    assert [turn.message_id for turn in await store.transcript(state.id)] == ["u1", "b1", "a1", "u2"]
    assert state.turns == 4


async def test_la_reponse_a_un_message_se_retrouve(store: Store):
    state = await begun(store)
    await store.save(state, [said("u1"), said("b1", "bot"), said("b2", "bot")], changed=[])
    await store.save(state, [said("u2"), said("b3", "bot")], changed=[])
    found = await store.load(state.id, "u1")
    assert found is not None
    assert found[1] == 1
    assert [message["id"] for message in await store.answers_after(state.id, 1)] == ["b1", "b2"]
    assert (await store.load(state.id, "b1") or [None, 0])[1] is None


async def test_le_meme_message_ne_s_ecrit_pas_deux_fois(store: Store):
    state = await begun(store)
    await store.save(state, [said("u1")], changed=[])
    with pytest.raises(IntegrityError):
        await store.save(state, [said("u1")], changed=[])
    assert len(await store.transcript(state.id)) == 1


@pytest.mark.parametrize("consent", [None, "no"])
async def test_sans_accord_rien_que_l_identifiant(store: Store, consent: str | None):
    state = await begun(store, consent)
    state.asks, state.situation = "status", {"department": "52"}
    await store.save(state, [said("u1")], changed=["asks", "situation"])
    found = await store.load(state.id)
    assert found is not None
    assert (found[0].asks, found[0].situation, found[0].turns) == (None, None, 0)
    assert found[0].consent == consent
    assert await store.transcript(state.id) == []


async def test_une_conversation_effacee_ne_s_ecrit_plus(store: Store):
    state = ConversationState.begin("web")
    with pytest.raises(ConversationGoneError):
        await store.save(state, [], changed=[])


async def test_un_tour_s_ecrit_en_entier_ou_pas_du_tout(store: Store):
    state = await begun(store)
    state.asks = "status"
    with pytest.raises(IntegrityError):
        await store.save(
            state, [said("u1"), said("u1")], changed=["asks"], events=[safety_event(DAY, "soft", "web")]
        )
    found = await store.load(state.id)
    assert found is not None
    assert (found[0].asks, found[0].turns) == (None, 0)


async def rows(store: Store, event: Event) -> list[int]:
    return await store.read(lambda connection: list(connection.execute(select(event.table.count)).scalars()))


async def test_les_compteurs_comptent_sans_nommer(store: Store):
    soft = safety_event(DAY, "soft", "web")
    for _ in range(3):
        await store.count(soft)
    await store.count(feedback_event(DAY, "yes", "web"))
    await store.count(feedback_event(DAY, "yes", "web", "worker", "52"))
    assert await rows(store, soft) == [3]
    assert sorted(await rows(store, feedback_event(DAY, "yes", "web"))) == [1, 1]
    for table in (SafetyEvent, FeedbackEvent):
        assert not any("conversation" in column for column in table.__table__.columns.keys())  # noqa: SIM118


def test_les_identifiants():
    assert len({new_id() for _ in range(1000)}) == 1000
    sender = rasa_sender("abc")
    assert sender == rasa_sender("abc") != rasa_sender("abd")
    assert len(sender) == 32
    assert sender.isalnum()
