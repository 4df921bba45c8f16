"""On PostgreSQL, a word that was erased is in no file of the server once its tables are written again."""

from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text

from bot.console.review.index import Index
from bot.console.review.models import Review, ReviewNote
from bot.conversation.models import Upkeep
from bot.conversation.retention import erase
from bot.conversation.rewriting import holding_words, rewrite, rewrite_at_night
from bot.conversation.state import now
from bot.conversation.store import Store
from bot.gateway.channels.models import ChannelInbox, ChannelOutbox, ChannelPerson
from tests import engines
from tests.conversation.test_retention import Rasa
from tests.conversation.test_store import begun, said

WORD = "zanzibarquaient"


def files(store: Store, server: engines.Postgres) -> list[str]:
    """The files of the server that hold the word: of this database, and of all the server, its log included."""
    data = server.directory / "data"
    with store.engine.connect() as connection:
        ours = connection.execute(
            text("SELECT oid FROM pg_database WHERE datname = current_database()")
        ).scalar_one()
    others = [path for path in (data / "base").iterdir() if path.name != str(ours)]
    looked = [path for path in data.rglob("*") if path.is_file() and not {*path.parents} & {*others}]
    return [str(path.relative_to(data)) for path in looked if WORD.encode() in path.read_bytes()]


def on_server(store: Store, *orders: str) -> None:
    with store.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for order in orders:
            connection.execute(text(order)).close()


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_un_mot_efface_quitte_les_fichiers_de_postgresql(
    store: Store, postgresql: engines.Postgres
) -> None:
    state = await begun(store)
    await store.save(state, [said("u1", text=WORD)], changed=[])
    await Index(store).catch_up()

    def noting(connection: Connection) -> None:
        review = connection.execute(select(Review.id)).scalar_one()
        note = {"review_id": review, "author": 1, "text": f"note {WORD}", "created_at": now()}
        connection.execute(insert(ReviewNote), note)

    await store.write(noting)
    on_server(store, "ANALYZE")  # as autovacuum does: the planner's statistics hold values too
    assert await erase(store, state.id, Rasa().forget)
    on_server(store, "VACUUM", "CHECKPOINT")
    assert [name for name in files(store, postgresql) if name.startswith("base/")], (
        "VACUUM alone is not enough"
    )
    assert await rewrite(store) == []
    on_server(store, "CHECKPOINT")
    assert [name for name in files(store, postgresql) if name.startswith("base/")] == []
    # the log of transactions: a server that does not recycle its files removes them at the next checkpoints
    on_server(store, "ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()")
    on_server(store, "SELECT pg_switch_wal()", "CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT")
    assert files(store, postgresql) == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
async def test_rien_a_reecrire_avec_sqlite(store: Store) -> None:
    assert await rewrite(store) == []
    assert not await rewrite_at_night(store, datetime(2026, 11, 26, 3, tzinfo=timezone.utc))


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_une_fois_par_nuit_pour_tous_les_processus(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    async def counted(_store: Store) -> list[str]:
        done.append(1)
        return []

    monkeypatch.setattr("bot.conversation.rewriting.rewrite", counted)
    day, night = (
        datetime(2026, 11, 26, 12, tzinfo=timezone.utc),
        datetime(2026, 11, 27, 2, 30, tzinfo=timezone.utc),
    )
    assert not await rewrite_at_night(store, day)
    assert await rewrite_at_night(store, night)
    assert not await rewrite_at_night(store, night)
    assert await rewrite_at_night(store, night.replace(day=28))
    assert len(done) == 2
    assert await store.read(lambda connection: connection.execute(select(Upkeep.day)).scalars().all()) == [
        night.replace(day=28).date()
    ]


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
async def test_une_table_occupee_attend_la_nuit_suivante(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with store.engine.connect() as busy:
        busy.execute(text("LOCK TABLE review_note IN ROW EXCLUSIVE MODE"))
        assert await rewrite(store) == ["review_note"]
    assert "review_note was not written again: LockNotAvailable" in caplog.text
    assert await rewrite(store) == []


def test_toute_table_qui_tient_a_une_conversation_est_reecrite() -> None:
    found = holding_words()
    assert {"turn", "conversation", "review_word", "review_note", "correction", "channel_inbox"} <= set(found)
    assert not {"adviser", "figure", "console_access"} & set(found)


def _channel_rows(conversation_id: str) -> list[tuple[Any, dict[str, Any]]]:
    def letter(person: str, key: str, *, waiting: bool) -> tuple[Any, dict[str, Any]]:
        row = {"channel": "sms", "person": person, "message": key, "rank": 1, "received_at": now()}
        return ChannelInbox, row | {"body": "chiffré" if waiting else None, "waiting": waiting}

    def parcel(person: str, state: str) -> tuple[Any, dict[str, Any]]:
        row = {"channel": "sms", "person": person, "body": "chiffré", "state": state, "attempts": 0}
        return ChannelOutbox, row | {"created_at": now()}

    def someone(lookup: str, talk: str) -> tuple[Any, dict[str, Any]]:
        row = {"channel": "sms", "lookup": lookup, "address": "chiffrée", "conversation_id": talk}
        return ChannelPerson, row | {"seen_at": now(), "stopped": False}

    return [
        someone("elle", conversation_id), someone("lui", "autre00000000000"),
        letter("elle", "m1", waiting=False), letter("elle", "m2", waiting=True), letter("lui", "m3", waiting=False),
        parcel("elle", "waiting"), parcel("elle", "held"), parcel("elle", "sent"), parcel("lui", "waiting"),
    ]  # fmt: skip


async def test_un_effacement_ne_laisse_rien_dans_le_courrier_des_messageries(store: Store) -> None:
    state = await begun(store)
    rows = _channel_rows(state.id)
    await store.write(lambda connection: [connection.execute(insert(table), row) for table, row in rows])
    assert await erase(store, state.id, Rasa().forget)

    def reading(connection: Connection) -> tuple[list[Any], ...]:
        people = connection.execute(select(ChannelPerson.lookup)).scalars().all()
        out = connection.execute(select(ChannelOutbox.person)).scalars().all()
        letters = select(ChannelInbox.message, ChannelInbox.person, ChannelInbox.waiting)
        return (
            list(people),
            list(out),
            [tuple(row) for row in connection.execute(letters.order_by(ChannelInbox.id))],
        )

    people, out, letters = await store.read(reading)
    assert people == ["lui"]
    assert out == ["lui"], "what was on its way to the other person still goes"
    assert letters == [("m1", "", False), ("m2", "elle", True), ("m3", "lui", False)]
