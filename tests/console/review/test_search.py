"""The inbox's filters, each on its own and together, within a scope."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import true

from bot.console.review.choices import parsed
from bot.console.review.filters import NAMES, Filters
from bot.console.review.index import Index
from bot.console.review.models import Review
from bot.console.review.queues import Queue
from bot.console.review.search import PAGE, counts, find
from bot.conversation.store import Store
from tests.console.review.conftest import Talk, bot, person

FACT = [{"name": "status", "value": "salarie_prive", "words": "salarié"}]
PLAN = {"first_step": "cap_emploi", "steps": [{"id": "cap_emploi"}], "as_of": "2026-11-22"}


@pytest.fixture
async def two(store: Store, index: Index, talk: Talk) -> dict[str, str]:
    """A full conversation, and a bare one on which every filter below must say no."""
    full = await talk(
        bot(asks="status"),
        person("Je suis salarié, en arrêts longs", facts=FACT, confidence=0.66, asked="status"),
        person("et la RQTH ?", "ask_rqth"),
        person("un humain", "ask_human"),
        bot(plan=PLAN),
        channel="sms", department="52", audience="worker", step="plan", outcome="plan", plan=PLAN, flags=["human"],
        situation={"status": "salarie_prive", "audience": "worker"},
    )  # fmt: skip
    bare = await talk(person("bonjour", "greet"), department="14", audience="employer", hours_ago=24 * 9)
    await index.catch_up()
    return {"full": full, "bare": bare}


async def ids(store: Store, query: str, scope: Any = None, me: int = 7) -> list[str]:
    condition = true() if scope is None else scope
    filters = Filters.read(parsed(query))
    found = await store.read(lambda connection: find(connection, filters, condition, me=me))
    return [row.conversation_id for row in found.rows]


@pytest.mark.parametrize(
    "query",
    [
        "q=salari%C3%A9s", "q=arret long", "file=human", "departement=52", "public=worker", "profil=employee",
        "canal=sms", "etape=plan", "issue=plan", "tours_min=5", "confiance_max=70", "intention=ask_rqth",
        "fait=status", "fait=status%3Dsalarie_prive", "orientation=cap_emploi", "signal=human",
        "evenement=intent:ask_rqth", "evenement=intent:ask_rqth&puis=intent:ask_human",
        "evenement=asks:status&puis=plan:cap_emploi", "file=human&canal=sms&intention=ask_rqth&q=rqth",
    ],
)  # fmt: skip
async def test_chaque_filtre(store: Store, two: dict[str, str], query: str):
    assert await ids(store, query) == [two["full"]]


@pytest.mark.parametrize(
    "query",
    ["evenement=intent:ask_human&puis=intent:ask_rqth", "q=arr%C3%AAt inconnu", "q=%25", "statut=done", "etiquette=x",
     "fait=status%3Dfonctionnaire", "relecteur=me"],
)  # fmt: skip
async def test_ce_qui_n_est_pas_arrive_ne_se_trouve_pas(store: Store, two: dict[str, str], query: str):
    assert await ids(store, query) == []


@pytest.mark.parametrize(
    "query", ["statut=any", "relecteur=none", "file=inconnue", "tours_min=beaucoup", "du=hier"]
)
async def test_sans_filtre_ou_avec_un_filtre_illisible_tout_est_la(
    store: Store, two: dict[str, str], query: str
):
    assert await ids(store, query) == [two["full"], two["bare"]]


async def test_les_dates_sont_celles_de_la_derniere_activite(store: Store, two: dict[str, str]):
    rows = await store.read(lambda connection: find(connection, Filters(), true(), me=1).rows)
    day = rows[1].active_at.astimezone(ZoneInfo("Europe/Paris")).date().isoformat()
    assert await ids(store, f"au={day}") == [two["bare"]]
    assert two["full"] in await ids(store, f"du={day}")


async def test_rien_des_autres_territoires_pas_meme_leur_nombre(store: Store, two: dict[str, str]):
    scope = Review.__table__.c.department.in_(["14"])
    assert await ids(store, "statut=any", scope) == [two["bare"]]
    found = await store.read(lambda connection: counts(connection, scope, me=1))
    assert (found.waiting, found.queues[Queue.HUMAN]) == (1, 0)
    everywhere = await store.read(lambda connection: counts(connection, true(), me=1))
    assert (everywhere.waiting, everywhere.queues[Queue.HUMAN]) == (2, 1)


async def test_les_pages_se_suivent_sans_trou_ni_double(store: Store, index: Index, talk: Talk):
    made = [await talk(person("bonjour"), hours_ago=rank // 3) for rank in range(PAGE + 12)]
    await index.catch_up()
    seen: list[str] = []
    after = ""
    for _ in range(2):
        page = await store.read(
            lambda connection, after=after: find(connection, Filters(), true(), me=1, after=after)
        )
        seen += [row.conversation_id for row in page.rows]
        after = page.after
    assert after == ""
    assert (len(seen), set(seen)) == (len(made), set(made))


@pytest.mark.parametrize("after", ["abc", "1-", "99999999999999999999-1", "-", "1-2-3", "9" * 17 + "-1"])
async def test_une_adresse_de_page_abimee_ne_casse_rien(store: Store, two: dict[str, str], after: str):
    await store.read(lambda connection: find(connection, Filters(), true(), me=1, after=after))


def test_les_filtres_se_relisent_dans_leur_adresse():
    query = dict.fromkeys(NAMES.values(), "1")
    query |= {
        "file": "human",
        "statut": "done",
        "du": "2026-11-01",
        "au": "2026-11-02",
        "fait": "status=salarie_prive",
        "evenement": "intent:ask_rqth",
        "puis": "plan",
    }
    filters = Filters.read(query)
    assert Filters.read(parsed(filters.address())) == filters
    assert len(filters.narrowed) == len(NAMES) - 2
