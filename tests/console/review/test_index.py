"""The inbox's rows: what they say of a conversation, when, and that they go with it."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.console.review.index import Index
from bot.console.review.models import Review, ReviewEvent, ReviewNote, ReviewTag, ReviewWord
from bot.console.review.queues import SAMPLED_ONE_IN, Queue, sampled
from bot.conversation.models import Conversation, Turn
from bot.conversation.retention import erase
from bot.conversation.state import ConversationState, new_id, now
from bot.conversation.store import Store
from tests.console.review.conftest import Talk, bot, person

MARK = "xyzzymarqueur"


async def row(store: Store, conversation_id: str) -> Any:
    query = select(*Review.__table__.c).where(Review.conversation_id == conversation_id)
    return await store.read(lambda connection: connection.execute(query).one_or_none())


async def queues(store: Store, index: Index, conversation_id: str) -> Queue:
    await index.catch_up()
    return Queue((await row(store, conversation_id)).queues)


@pytest.mark.parametrize(
    ("turns", "state", "expected"),
    [
        ([person(intent="ask_human")], {"flags": ["human"]}, Queue.HUMAN),
        ([person(None, "distress", flag="safety")], {"flags": ["safety"]}, Queue.SAFETY),
        ([person(intent="out_of_scope")], {"flags": ["not_understood"]}, Queue.NOT_UNDERSTOOD),
        ([person(confidence=0.3)], {}, Queue.NOT_UNDERSTOOD),
        ([person(confidence=0.6, margin=0.05)], {}, Queue.MARGIN),
        ([person(intent="correct_answer")], {"flags": ["corrected"]}, Queue.CORRECTED),
        ([person()], {"flags": ["negative_feedback"]}, Queue.NEGATIVE),
        (
            [person()],
            {"situation": {"leave_start": "2026-07-01", "return_date": "2026-06-01", "on_leave": True}},
            Queue.CONTRADICTION,
        ),
    ],
)
async def test_ce_qui_merite_un_lecteur_va_dans_sa_file(
    store: Store, index: Index, talk: Talk, turns: list[Any], state: dict[str, Any], expected: Queue
):
    assert await queues(store, index, await talk(bot(), *turns, **state)) == expected


async def test_un_fait_lu_ou_un_choix_ne_sont_pas_incompris(store: Store, index: Index, talk: Talk):
    facts = [{"name": "on_leave", "value": True, "words": "en arrêt"}]
    said = await talk(
        person(confidence=0.3, margin=0.01, facts=facts), person("Oui", confidence=0.1, choice="yes")
    )
    assert await queues(store, index, said) in (Queue(0), Queue.SAMPLE)


async def test_une_question_sans_reponse_devient_un_abandon_avec_le_temps(
    store: Store, index: Index, talk: Talk
):
    recent = await talk(bot(asks="on_leave"), asks="on_leave", hours_ago=1)
    old = await talk(bot(asks="on_leave"), asks="on_leave", hours_ago=7)
    ended = await talk(bot(asks="feedback"), asks="feedback", outcome="plan", hours_ago=7)
    assert Queue.DROPPED in await queues(store, index, old)
    assert Queue.DROPPED not in await queues(store, index, recent)
    assert Queue.DROPPED not in await queues(store, index, ended)


def test_l_echantillon_est_une_conversation_sur_cinquante():
    drawn = sum(sampled(new_id()) for _ in range(5000))
    assert 5000 / SAMPLED_ONE_IN / 2 < drawn < 5000 / SAMPLED_ONE_IN * 2


async def test_une_conversation_non_gardee_n_a_pas_de_ligne(store: Store, index: Index):
    state = ConversationState.begin("web")
    await store.create(state)
    await index.catch_up()
    assert await row(store, state.id) is None


async def test_la_ligne_suit_la_conversation(store: Store, index: Index, talk: Talk):
    talked = await talk(person("bonjour"), department="52")
    assert await index.catch_up() == 1
    assert await index.catch_up() == 0
    found = await store.load(talked)
    assert found is not None
    state = found[0]
    state.department, state.active_at = "14", now()
    await store.save(state, [person("adieu", message_id="z")], changed=["department"])
    assert await index.catch_up() == 1
    assert ((await row(store, talked)).department, (await row(store, talked)).turns) == ("14", 2)


async def test_ce_qui_etait_clos_revient_s_il_arrive_du_nouveau(store: Store, index: Index, talk: Talk):
    talked = await talk(person("bonjour"))
    await index.catch_up()
    await store.write(lambda connection: connection.execute(update(Review).values(status="done")).close())
    found = await store.load(talked)
    assert found is not None
    await store.save(found[0], [person("merci", message_id="y")], changed=[])
    await index.catch_up()
    assert (await row(store, talked)).status == "done"
    found[0].flag("human")
    await store.save(found[0], [person("un humain", "ask_human", message_id="z")], changed=["flags"])
    await index.catch_up()
    assert (await row(store, talked)).status == "todo"


async def test_les_mots_de_danger_ne_sont_nulle_part(store: Store, index: Index, talk: Talk):
    await talk(person(None, "distress", flag="safety"), person("et mon arrêt ?"), flags=["safety"])
    await index.catch_up()
    words = await store.read(lambda connection: connection.execute(select(ReviewWord.word)).scalars().all())
    assert set(words) == {"et", "mon", "arret"}


async def test_effacer_emporte_tout_ce_que_la_console_savait(
    store: Store, index: Index, talk: Talk, tmp_path: Path
):
    talked = await talk(person(f"je m'appelle {MARK}"))
    await index.catch_up()
    number = (await row(store, talked)).id

    def annotate(connection: Any) -> None:
        connection.execute(ReviewTag.__table__.insert().values(review_id=number, tag=f"{MARK}-2"))
        note = {"review_id": number, "author": 1, "text": f"{MARK} encore", "created_at": now()}
        connection.execute(ReviewNote.__table__.insert().values(note))

    await store.write(annotate)

    async def forget(_sender: str) -> bool:
        return True

    assert any(MARK.encode() in file.read_bytes() for file in tmp_path.iterdir())
    assert await erase(store, talked, forget)
    assert not any(MARK.encode() in file.read_bytes() for file in tmp_path.iterdir())
    for model in (Review, ReviewEvent, ReviewWord, ReviewTag, ReviewNote):
        query = select(model.__table__)
        assert not await store.read(lambda connection, query=query: connection.execute(query).all())


async def test_une_conversation_effacee_pendant_le_calcul_ne_revient_pas(
    store: Store, index: Index, talk: Talk, monkeypatch: pytest.MonkeyPatch
):
    talked = await talk(person(MARK))
    reading = store.read

    async def forget(_sender: str) -> bool:
        return False

    async def read_then_erase(work: Any) -> Any:
        entries = await reading(work)
        monkeypatch.setattr(store, "read", reading)
        await erase(store, talked, forget)
        return entries

    monkeypatch.setattr(store, "read", read_then_erase)
    await index.catch_up()
    assert await row(store, talked) is None
    assert not await reading(lambda connection: connection.execute(select(ReviewWord.word)).all())


async def test_une_conversation_abimee_n_arrete_pas_les_autres(
    store: Store, index: Index, talk: Talk, caplog: Any
):
    odd, sound = await talk(person(MARK)), await talk(person("bonjour"))
    broken = update(Conversation).where(Conversation.id == odd).values(plan={"steps": [{}]})
    said = {"id": "p", "plan": {"first_step": "cep"}}
    turn = update(Turn).where(Turn.conversation_id == odd).values(direction="bot", message=said)

    def breaking(connection: Any) -> None:
        connection.execute(broken)
        connection.execute(turn)

    await store.write(breaking)
    await index.catch_up()
    assert await row(store, odd) is None
    assert await row(store, sound) is not None
    assert "KeyError" in caplog.text
    assert MARK not in caplog.text
