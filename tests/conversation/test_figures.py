"""Figures: equal to a recount by hand over conversations at random, whatever was counted, changed or erased before."""

from collections import Counter
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, delete, insert, select, update

from bot.conversation.counting import count
from bot.conversation.figures import recount, uncount
from bot.conversation.following import FollowUp, Progress
from bot.conversation.migrate import tables
from bot.conversation.models import (
    Conversation,
    Counted,
    EmploymentAnswer,
    Figure,
    StepProgress,
    Turn,
)
from bot.conversation.retention import erase, purge
from bot.conversation.state import ConversationState, TurnRecord, now
from bot.conversation.store import Store
from tests.conversation.test_retention import Rasa

START = datetime(2026, 10, 30, 8, tzinfo=timezone.utc)
FACTS = ("audience", "on_leave", "boeth")

plans = st.builds(
    lambda steps, devices: {
        "first_step": next(iter(steps), None),
        "steps": [{"id": name, "when": when} for name, when in steps.items()],
        "devices": [{"id": name, "status": status} for name, status in devices.items()],
    },
    st.dictionaries(
        st.sampled_from(["msa", "pdp_cell", "cep"]), st.sampled_from(["now", "next", "if_needed"])
    ),
    st.dictionaries(st.sampled_from(["rqth", "essai_encadre"]), st.sampled_from(["open", "later", "closed"])),
)
conversations = st.fixed_dictionaries(
    {
        "begun": st.integers(0, 4 * 24),
        "consent": st.sampled_from(["yes", "yes", "yes", "no", None]),
        "department": st.sampled_from([None, "14", "52"]),
        "audience": st.sampled_from([None, "worker", "employer"]),
        "channel": st.sampled_from(["web", "sms"]),
        "step": st.sampled_from([None, "opening", "questions", "recap"]),
        "outcome": st.sampled_from([None, "human", "stopped"]),
        "flags": st.lists(st.sampled_from(["human", "safety", "corrected"]), unique=True),
        "plan": st.none() | plans,
        "after": st.integers(0, 3000),
        "asks": st.sampled_from([None, "consent", *FACTS]),
        "answers": st.lists(st.tuples(st.sampled_from([*FACTS, "confirm"]), st.booleans()), max_size=5),
        "progress": st.dictionaries(st.sampled_from(["msa", "cep"]), st.booleans()),
        "job": st.sampled_from([None, "same_job", "not_employed"]),
    }
)
Said = dict[str, Any]


def by_hand(said: Said) -> Counter[tuple[Any, ...]]:
    """What one conversation should count for, written from the meaning of each figure."""
    begun = START + timedelta(hours=said["begun"])
    kept = said["consent"] == "yes"
    where = (
        date(begun.year, begun.month, 1),
        (said["department"] if kept else "") or "",
        (said["audience"] if kept else "") or "",
        said["channel"],
    )
    if not kept:
        found = {("reached", "no_answer" if said["consent"] is None else "not_kept")}
        return Counter((*mark, *where) for mark in found)
    plan = said["plan"]
    furthest = (
        "plan" if plan else {"questions": "questions", "recap": "recap"}.get(said["step"] or "", "opening")
    )
    found = {("reached", furthest)} | {("flag", flag) for flag in said["flags"]}
    if said["outcome"]:
        found.add(("outcome", said["outcome"]))
    final = {}
    for asked, unknown in said["answers"]:
        final[asked] = "unknown" if unknown else "answered"
    if plan is None:
        stopped_at = said["asks"] or (said["answers"][-1][0] if said["answers"] else None)
        if stopped_at:
            final[stopped_at] = "left"
    facts = {name: state for name, state in final.items() if name in FACTS}
    found |= {("question", f"{name}/{state}") for name, state in facts.items()}
    if plan is not None:
        found.add(("length", f"{len(facts):02d}"))
        found |= {("step", f"{step['id']}/{step['when']}") for step in plan["steps"]}
        found |= {("device", f"{d['id']}/{d['status']}") for d in plan["devices"] if d["status"] != "closed"}
        if plan["steps"]:
            found.add(("first", plan["steps"][0]["id"]))
        late = [bound for bound in (2, 5, 10, 15, 20, 30, 60, 1440) if said["after"] <= bound]
        found.add(("minutes", f"{late[0]:04d}" if late else "more"))
        found |= {
            ("follow", f"{s}/{'done' if done else 'appointment'}") for s, done in said["progress"].items()
        }
        if said["job"]:
            found.add(("employment", said["job"]))
    return Counter((*mark, *where) for mark in found)


def write(connection: Any, name: str, said: Said) -> None:
    """Put a conversation in the tables, in place of what it was."""
    for table in (Turn, StepProgress, EmploymentAnswer):
        connection.execute(delete(table).where(table.conversation_id == name))
    begun = START + timedelta(hours=said["begun"])
    row = {
        name: said[name]
        for name in (
            "consent",
            "department",
            "audience",
            "channel",
            "step",
            "outcome",
            "flags",
            "plan",
            "asks",
        )
    }
    row |= {"created_at": begun, "active_at": begun, "turns": 0, "choices": {}}
    if connection.execute(select(Conversation.id).where(Conversation.id == name)).one_or_none():
        connection.execute(update(Conversation).where(Conversation.id == name).values(row))
    else:
        connection.execute(insert(Conversation).values(id=name, **row))
    turns = [
        {
            "direction": "user",
            "asked": asked,
            "choice": "dont_know" if unknown else None,
            "created_at": begun,
            "message": None,
        }
        for asked, unknown in said["answers"]
    ]
    if said["plan"]:
        given = begun + timedelta(minutes=said["after"])
        for moment in (given, given + timedelta(days=3)):
            plan = {"id": "x", "plan": said["plan"]}
            turns.append(
                {"direction": "bot", "asked": None, "choice": None, "created_at": moment, "message": plan}
            )
    turns.append(
        {
            "direction": "bot",
            "asked": None,
            "choice": None,
            "created_at": begun,
            "message": {"id": "x", "plan": None},
        }
    )
    for seq, turn in enumerate(turns):
        values = turn | {
            "conversation_id": name,
            "seq": seq,
            "message_id": str(seq),
            "channel": said["channel"],
        }
        connection.execute(insert(Turn).values(values))
    for step, done in said["progress"].items():
        connection.execute(insert(StepProgress).values(conversation_id=name, step=step, done=done))
    if said["job"]:
        connection.execute(
            insert(EmploymentAnswer).values(
                conversation_id=name, answer=said["job"], answered_on=begun.date()
            )
        )


def figures(connection: Any) -> Counter[tuple[Any, ...]]:
    rows = connection.execute(select(Figure.__table__))
    return Counter({(r.measure, r.key, r.month, r.department, r.audience, r.channel): r.count for r in rows})


actions = st.one_of(
    st.tuples(st.just("write"), st.integers(0, 5), conversations),
    st.tuples(st.sampled_from(["count", "erase", "withdraw"]), st.integers(0, 5), st.none()),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(actions, max_size=25))
def test_les_chiffres_sont_ceux_d_un_comptage_a_la_main(done: list[tuple[str, int, Said | None]]):
    engine = create_engine("sqlite://")
    tables().metadata.create_all(engine)
    written: dict[str, Said] = {}
    counted: dict[str, Said] = {}
    gone: Counter[tuple[Any, ...]] = Counter()
    with engine.begin() as connection:
        for action, number, said in done:
            name = f"c{number}"
            if action == "write":
                assert said is not None
                write(connection, name, said)
                written[name] = said
            elif action == "count":
                recount(connection, list(written))
                counted = dict(written)
            elif name in written:
                if action == "withdraw":
                    uncount(connection, name)
                else:
                    gone += by_hand(counted[name]) if name in counted else Counter()
                for table in (Turn, StepProgress, EmploymentAnswer, Counted):
                    connection.execute(delete(table).where(table.conversation_id == name))
                connection.execute(delete(Conversation).where(Conversation.id == name))
                written.pop(name)
                counted.pop(name, None)
        for _ in range(2):
            recount(connection, list(written))
            expected = sum((by_hand(said) for said in written.values()), gone)
            assert figures(connection) == expected
    engine.dispose()


async def talked(store: Store, *, days_ago: int = 0) -> ConversationState:
    state = ConversationState.begin("web")
    state.created_at = state.active_at = now() - timedelta(days=days_ago)
    await store.create(state)
    state.consent, state.department, state.plan = "yes", "52", {"steps": [{"id": "cep", "when": "now"}]}
    state.step = "plan"
    turn = TurnRecord("user", "u1", state.active_at, "web", asked="on_leave", choice="yes")
    await store.save(state, [turn], changed=["department", "plan", "step"])
    return state


async def kept(store: Store) -> dict[str, int]:
    found = await store.read(figures)
    return {f"{measure}:{key}": number for (measure, key, *_), number in found.items()}


async def test_ce_que_la_duree_efface_reste_dans_les_chiffres(store: Store):
    await talked(store, days_ago=40)
    assert (await purge(store, Rasa().forget, retention_days=30)).conversations == 1
    assert (await kept(store))["step:cep/now"] == 1
    await count(store)
    assert (await kept(store))["reached:plan"] == 1


async def test_un_effacement_demande_ne_laisse_aucun_lien_et_ne_change_pas_les_chiffres(store: Store):
    state = await talked(store)
    await count(store)
    before = await kept(store)
    await erase(store, state.id, Rasa().forget)
    assert await kept(store) == before
    assert (
        await store.read(lambda connection: connection.execute(select(Counted.conversation_id)).all()) == []
    )


async def test_retirer_son_accord_retire_des_chiffres(store: Store):
    state = await talked(store)
    await count(store)
    await store.withdraw(state.id, "no", now())
    assert await kept(store) == {}
    await count(store)
    assert await kept(store) == {"reached:not_kept": 1}


async def test_le_suivi_se_compte_apres_coup_et_une_passe_de_trop_ne_change_rien(store: Store):
    state, follow = await talked(store), FollowUp(store)
    assert await count(store) == 1
    assert await count(store) == 0
    await follow.note(state.id, "cep", Progress(done=True))
    await follow.note_employment(state.id, "same_job", date(2026, 11, 26))
    assert await count(store) == 1
    found = await kept(store)
    assert (found["follow:cep/done"], found["employment:same_job"]) == (1, 1)
    await follow.note_employment(state.id, None, date(2026, 11, 26))
    await count(store)
    assert "employment:same_job" not in await kept(store)


async def test_une_reponse_sur_l_emploi_que_personne_n_a_prevue_est_refusee(store: Store):
    state = await talked(store)
    with pytest.raises(ValueError, match="perdu"):
        await FollowUp(store).note_employment(state.id, "perdu", date(2026, 11, 26))
