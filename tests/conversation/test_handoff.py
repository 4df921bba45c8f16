"""A person instead of the bot: who asks, who takes, who gives back, and what is left of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.conversation.handoff import HandoffError, Handoffs, Request
from bot.conversation.live import REQUESTS, LocalLive, of_adviser, of_conversation
from bot.conversation.messages import message
from bot.conversation.presence import Duty, Presence
from bot.conversation.pushing import Pushing
from bot.conversation.retention import erase
from bot.conversation.state import ConversationState, now
from bot.conversation.store import ConversationGoneError, Store

HOUR = timedelta(hours=1)


@pytest.fixture
def live() -> LocalLive:
    return LocalLive()


@pytest.fixture
def handoffs(store: Store, live: LocalLive) -> Handoffs:
    return Handoffs(store, live, silence=timedelta(minutes=30))


async def conversation(
    store: Store, department: str | None = "52", consent: Any = "yes"
) -> ConversationState:
    state = ConversationState.begin("web")
    await store.create(state)
    state.consent, state.department = consent, department
    state.question = message("Êtes-vous en arrêt ?", asks="on_leave", choices=[{"id": "yes", "title": "Oui"}])
    await store.save(state, [], changed={"department", "question"})
    return state


async def asked(store: Store, handoffs: Handoffs, department: str | None = "52") -> Request:
    state = await conversation(store, department)
    assert await handoffs.request(state.id, department)
    found = await handoffs.current(state.id)
    assert found is not None
    return found


async def said(store: Store, conversation_id: str) -> list[tuple[str, str | None]]:
    return [(turn.direction, turn.text) for turn in await store.transcript(conversation_id)]


async def standing(store: Store, conversation_id: str) -> str | None:
    found = await store.load(conversation_id)
    assert found is not None
    return found[0].handoff


async def test_une_demande_est_prise_une_seule_fois(store: Store, handoffs: Handoffs):
    request = await asked(store, handoffs)
    assert (request.status, request.department) == ("waiting", "52")
    assert await standing(store, request.conversation_id) == "waiting"
    assert not await handoffs.request(request.conversation_id, "52")
    await handoffs.take(request.id, "anne")
    assert await standing(store, request.conversation_id) == "taken"
    with pytest.raises(HandoffError):
        await handoffs.take(request.id, "bruno")
    [open_] = await handoffs.open(None)
    assert (open_.status, open_.adviser) == ("taken", "anne")
    assert await handoffs.waiting(None) == 0


async def test_sans_accord_personne_n_est_demande(store: Store, handoffs: Handoffs):
    state = await conversation(store, consent="no")
    with pytest.raises(ConversationGoneError):
        await handoffs.request(state.id, "52")
    assert await handoffs.open(None) == []


async def test_le_conseiller_ecrit_puis_rend_la_main_avec_la_question(store: Store, handoffs: Handoffs):
    request = await asked(store, handoffs)
    await handoffs.take(request.id, "anne")
    await handoffs.say(request.id, "anne", " Bonjour, je suis conseillère. ", given_id="m1")
    await handoffs.say(request.id, "anne", " Bonjour, je suis conseillère. ", given_id="m1")
    with pytest.raises(HandoffError):
        await handoffs.say(request.id, "bruno", "moi aussi")
    with pytest.raises(HandoffError):
        await handoffs.give_back(request.id, "bruno")
    for wrong in ("  ", "x" * 4001):
        with pytest.raises(ValueError, match="characters"):
            await handoffs.say(request.id, "anne", wrong)
    await handoffs.give_back(request.id, "anne")
    turns = await said(store, request.conversation_id)
    assert [direction for direction, _ in turns] == ["bot", "adviser", "bot", "bot"]
    assert turns[1][1] == "Bonjour, je suis conseillère."
    assert "de nouveau le programme" in (turns[2][1] or "")
    assert turns[3][1] == "Êtes-vous en arrêt ?"
    found = await store.load(request.conversation_id)
    assert found is not None
    assert found[0].handoff is None
    last = (await store.transcript(request.conversation_id))[-1]
    assert found[0].question == last.message
    with pytest.raises(HandoffError):
        await handoffs.say(request.id, "anne", "trop tard")
    returned = await handoffs.get(request.id, None)
    assert returned is not None
    assert returned.status == "returned"
    assert returned.returned_at is not None
    assert await handoffs.request(request.conversation_id, "52")


async def test_un_conseiller_ne_voit_que_ses_departements(store: Store, handoffs: Handoffs):
    here, there = await asked(store, handoffs, "52"), await asked(store, handoffs, "14")
    assert [each.id for each in await handoffs.open(["52", "10"])] == [here.id]
    assert await handoffs.waiting(["14"]) == 1
    assert await handoffs.get(there.id, ["52"]) is None
    assert {each.id for each in await handoffs.open(None)} == {here.id, there.id}
    moved = text("UPDATE conversation SET department = '52' WHERE id = :id")
    await store.write(lambda connection: connection.execute(moved, {"id": there.conversation_id}).close())
    assert await handoffs.get(there.id, ["52"]) is not None
    assert await handoffs.waiting(["14"]) == 0


async def test_qui_n_a_pas_dit_son_departement_est_vu_de_tous_tant_qu_il_attend(
    store: Store, handoffs: Handoffs
):
    lost = await asked(store, handoffs, None)
    for departments in (["52"], ["14"], None):
        assert [each.id for each in await handoffs.open(departments)] == [lost.id]
        assert await handoffs.waiting(departments) == 1
    await handoffs.take(lost.id, "anne")
    assert await handoffs.get(lost.id, ["52"]) is not None
    await handoffs.give_back(lost.id, "anne")
    assert await handoffs.get(lost.id, ["52"]) is None, "what was said is not open to all for ever"
    assert await handoffs.get(lost.id, None) is not None


async def backdate(store: Store, column: str, by: timedelta) -> None:
    moment = (now() - by).strftime("%Y-%m-%d %H:%M:%S+00:00")
    if store.engine.dialect.name == "sqlite":
        moment = moment[:19] + ".000000"
    statement = text(f"UPDATE handoff SET {column} = :moment")
    await store.write(lambda connection: connection.execute(statement, {"moment": moment}).close())


async def test_sans_nouvelles_du_conseiller_le_programme_repond_de_nouveau(store: Store, handoffs: Handoffs):
    request = await asked(store, handoffs)
    await handoffs.take(request.id, "anne")
    assert await handoffs.return_silent() == 0
    assert await handoffs.hear(request.conversation_id) == "first"
    assert await handoffs.hear(request.conversation_id) == "taken"
    await backdate(store, "adviser_at", HOUR)
    assert await handoffs.return_silent() == 1
    assert await handoffs.hear(request.conversation_id) is None
    assert (await said(store, request.conversation_id))[-1] == ("bot", "Êtes-vous en arrêt ?")


async def test_un_message_apres_un_long_silence_rend_la_main_aussi(store: Store, handoffs: Handoffs):
    request = await asked(store, handoffs)
    await handoffs.take(request.id, "anne")
    await backdate(store, "adviser_at", HOUR)
    assert await handoffs.hear(request.conversation_id) is None
    assert await standing(store, request.conversation_id) is None


async def test_annuler_ne_ferme_que_ce_qui_attend(store: Store, handoffs: Handoffs):
    first, second = await asked(store, handoffs), await asked(store, handoffs)
    await handoffs.cancel(first.conversation_id)
    await handoffs.take(second.id, "anne")
    await handoffs.cancel(second.conversation_id)
    assert [each.id for each in await handoffs.open(None)] == [second.id]
    await handoffs.close(second.id, "anne")
    assert await handoffs.open(None) == []


async def test_ce_qui_finit_des_deux_cotes_a_la_fois_ne_gene_personne(store: Store, handoffs: Handoffs):
    request = await asked(store, handoffs)
    await handoffs.take(request.id, "anne")
    await backdate(store, "adviser_at", HOUR)
    heard = await asyncio.gather(
        handoffs.hear(request.conversation_id),
        handoffs.return_silent(),
        handoffs.leave(request.conversation_id),
        return_exceptions=True,
    )
    assert not [each for each in heard if isinstance(each, BaseException)]
    assert await handoffs.open(None) == []


async def test_effacer_emporte_la_demande(store: Store, handoffs: Handoffs):
    request = await asked(store, handoffs)
    await handoffs.take(request.id, "anne")

    async def forget(_sender: str) -> bool:
        return False

    await erase(store, request.conversation_id, forget)
    assert await handoffs.get(request.id, None) is None
    for table in ("handoff", "pushed_message", "turn"):
        count = text(f"SELECT count(*) FROM {table}")
        assert await store.read(lambda connection, count=count: connection.execute(count).scalar_one()) == 0
    with pytest.raises(HandoffError):
        await handoffs.say(request.id, "anne", "trop tard")


async def test_ce_qui_arrive_se_lit_apres_un_rang(store: Store, handoffs: Handoffs):
    pushing, request = Pushing(store), await asked(store, handoffs)
    await handoffs.take(request.id, "anne")
    await handoffs.say(request.id, "anne", "un")
    await handoffs.say(request.id, "anne", "deux")
    arrived = await pushing.after(request.conversation_id, 1)
    assert [(each.seq, each.message["text"], each.message["from"]) for each in arrived] == [
        (2, "un", "adviser"),
        (3, "deux", "adviser"),
    ]
    assert await pushing.last(request.conversation_id) == 3
    assert [each.message["text"] for each in await pushing.to_carry()][1:] == ["un", "deux"]


async def test_chacun_est_prevenu_de_ce_qui_le_regarde(store: Store, handoffs: Handoffs, live: LocalLive):
    state = await conversation(store)
    async with (
        live.listen(REQUESTS) as page,
        live.listen(of_conversation(state.id)) as person,
        live.listen(of_adviser(state.id)) as adviser,
        live.listen(of_conversation("autre")) as other,
    ):
        await handoffs.request(state.id, "52")
        assert await page.wait(5)
        [request] = await handoffs.open(None)
        await handoffs.take(request.id, "anne")
        await handoffs.say(request.id, "anne", "Bonjour")
        assert await person.wait(5)
        assert await adviser.wait(5)
        await handoffs.heard(state.id)
        assert await adviser.wait(5)
        assert not await person.wait(0)
        assert not await other.wait(0)
    assert live._listeners == {}


async def test_en_service_pour_ses_departements_et_pour_un_temps(store: Store):
    presence = Presence(store)
    await presence.begin(Duty("anne", ("52", "10"), now() + HOUR, "anne@exemple.fr"))
    await presence.begin(Duty("chef", None, now() + HOUR))
    await presence.begin(Duty("hier", ("52",), now() - HOUR))
    assert [duty.adviser for duty in await presence.for_department("52")] == ["anne", "chef"]
    assert [duty.adviser for duty in await presence.for_department("14")] == ["chef"]
    assert [duty.adviser for duty in await presence.for_department(None)] == ["anne", "chef"]
    await presence.begin(Duty("anne", ("14",), now() + HOUR))
    found = await presence.of("anne")
    assert found is not None
    assert found.departments == ("14",)
    await presence.end("anne")
    assert await presence.of("anne") is None
    await presence.forget_over()
    left = text("SELECT adviser FROM adviser_presence")
    assert await store.read(lambda connection: connection.execute(left).scalars().all()) == ["chef"]
