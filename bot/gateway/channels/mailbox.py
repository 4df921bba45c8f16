"""The channels' tables: what came in, in order and once; what goes out; whom it goes to."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.conversation.models import Conversation
from bot.conversation.pushing import Pushed, carried
from bot.conversation.secrecy import Secrecy, UnreadableError
from bot.conversation.state import now
from bot.conversation.store import Store
from bot.gateway.channels.model import Call, Json, Received
from bot.gateway.channels.models import ChannelInbox, ChannelOutbox, ChannelPerson

_PEOPLE = cast(Table, ChannelPerson.__table__)
_IN = cast(Table, ChannelInbox.__table__)
_OUT = cast(Table, ChannelOutbox.__table__)
_P, _I, _O = _PEOPLE.c, _IN.c, _OUT.c
_CONVERSATION = cast(Table, Conversation.__table__).c


@dataclass(slots=True)
class Person:
    """Someone on a platform."""

    channel: str
    """The adapter's name."""
    lookup: str
    address: Json
    seen_at: datetime
    conversation_id: str | None = None
    stopped: bool = False


@dataclass(frozen=True)
class Letter:
    """A received message that waits."""

    id: int
    key: str
    """Keyed hash of its platform id: its id for the dialogue too, so that a second try is answered the same."""
    received_at: datetime
    received: Received


@dataclass(frozen=True)
class Parcel:
    """A call that waits."""

    id: int
    call: Call
    attempts: int
    created_at: datetime


class Mailbox:
    """Reads and writes the channels' tables."""

    def __init__(self, store: Store, secrecy: Secrecy) -> None:
        self._store = store
        self._secrecy = secrecy

    async def receive(self, channel: str, messages: Iterable[Received], *, waiting: int) -> set[str]:
        """Keep what came and was not already there; the people who now have something waiting.

        Beyond `waiting` messages of one person, the content is not kept: one last mark says that it was too much.
        """
        rows = [(message, self._row(channel, message)) for message in messages]

        def writing(connection: Connection) -> set[str]:
            return {row["person"] for message, row in rows if self._add(connection, message, row, waiting)}

        return await self._store.write(writing) if rows else set()

    def _row(self, channel: str, message: Received) -> dict[str, Any]:
        return {
            "channel": channel,
            "person": self._secrecy.lookup(channel, message.person),
            "message": self._secrecy.lookup(channel, "message", message.message_id),
            "rank": message.rank,
            "body": self._secrecy.hide(asdict(message)),
            "waiting": True,
            "received_at": now(),
        }

    def _add(self, connection: Connection, message: Received, row: dict[str, Any], waiting: int) -> bool:
        there = select(func.count()).where(_I.person == row["person"], _I.waiting)
        count = connection.execute(there).scalar_one()
        if count == waiting:
            row["body"] = self._secrecy.hide(
                asdict(message) | {"kind": "media", "text": "", "notice": "flood"}
            )
        elif count > waiting:
            row |= {"body": None, "waiting": False}
        dialect = postgresql if self._store.engine.dialect.name == "postgresql" else sqlite
        adding = dialect.insert(_IN).values(**row).on_conflict_do_nothing(index_elements=["message"])
        return bool(connection.execute(adding).rowcount) and row["waiting"]

    async def people_waiting(self) -> list[tuple[str, str]]:
        """Everyone, with their channel, for whom something is left to do."""
        left = select(_I.channel, _I.person).where(_I.waiting)
        sent = select(_O.channel, _O.person).where(_O.state == "waiting")
        query = left.union(sent)
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        return [(channel, person) for channel, person in rows]

    async def next_letter(self, person: str) -> Letter | None:
        """The first message of a person that waits, in the platform's order."""
        query = select(_I.id, _I.message, _I.received_at, _I.body)
        query = query.where(_I.person == person, _I.waiting).order_by(_I.rank, _I.id).limit(1)
        row = await self._store.read(lambda connection: connection.execute(query).one_or_none())
        if row is None:
            return None
        try:
            return Letter(
                row.id, row.message, row.received_at, Received(**self._secrecy.show(row.body or ""))
            )
        except UnreadableError:  # from before a change of RELAIS_SECRET: nothing can be done of it
            await self.answered(row.id, None, [], person=person, channel="")
            return await self.next_letter(person)

    async def person(self, channel: str, platform_id: str) -> Person | None:
        """Someone already known, under the present key or an older one (then moved to the present one)."""
        lookups = self._secrecy.lookups(channel, platform_id)
        query = select(_PEOPLE).where(_P.lookup.in_(lookups))
        rows = await self._store.read(lambda connection: connection.execute(query).mappings().all())
        if not rows:
            return None
        row = min(rows, key=lambda found: lookups.index(found["lookup"]))
        return self._person(dict(row) | {"lookup": lookups[0]})

    async def person_of(self, conversation_id: str) -> Person | None:
        """Who talks in a conversation, if it is someone of a channel (the last one seen)."""
        query = (
            select(_PEOPLE).where(_P.conversation_id == conversation_id).order_by(_P.seen_at.desc()).limit(1)
        )
        row = await self._store.read(lambda connection: connection.execute(query).mappings().one_or_none())
        return None if row is None else self._person(dict(row))

    async def by_lookup(self, lookup: str) -> Person | None:
        """Someone by the hash of their id."""
        query = select(_PEOPLE).where(_P.lookup == lookup)
        row = await self._store.read(lambda connection: connection.execute(query).mappings().one_or_none())
        return None if row is None else self._person(dict(row))

    def _person(self, row: dict[str, Any]) -> Person | None:
        try:
            address = self._secrecy.show(row["address"])
        except UnreadableError:
            return None
        names = ("channel", "lookup", "seen_at", "conversation_id", "stopped")
        return Person(address=address, **{name: row[name] for name in names})

    async def answered(
        self, letter: int, known: Person | None, calls: list[Call], *, person: str, channel: str
    ) -> None:
        """In one transaction: the message is done, its answer waits to go, the person is as `known` (or gone)."""
        rows = self._parcels(calls, person, channel)
        kept = None if known is None else asdict(known) | {"address": self._secrecy.hide(known.address)}

        def writing(connection: Connection) -> None:
            done = update(_IN).where(_I.id == letter, _I.waiting).values(body=None, waiting=False)
            if not connection.execute(done).rowcount:  # another process, just started, took it up too
                return
            connection.execute(delete(_PEOPLE).where(_P.lookup == person))
            if kept is not None:
                connection.execute(insert(_PEOPLE), kept)
            if rows:
                connection.execute(insert(_OUT), rows)

        await self._store.write(writing)

    async def post(self, pushed: Pushed, calls: list[Call], *, person: str, channel: str) -> None:
        """In one transaction: a message that answers none waits to go, and has no longer to be carried."""
        rows = self._parcels(calls, person, channel)

        def writing(connection: Connection) -> None:
            if carried(connection, pushed) and rows:
                connection.execute(insert(_OUT), rows)

        await self._store.write(writing)

    def _parcels(self, calls: list[Call], person: str, channel: str) -> list[dict[str, Any]]:
        made: dict[str, Any] = {"channel": channel, "person": person, "state": "waiting", "attempts": 0}
        moment = now()
        return [made | {"body": self._secrecy.hide(call.to_json()), "created_at": moment} for call in calls]

    async def next_parcel(self, person: str) -> Parcel | None:
        """The first call for a person that waits."""
        query = select(_O.id, _O.body, _O.attempts, _O.created_at)
        query = query.where(_O.person == person, _O.state == "waiting").order_by(_O.id).limit(1)
        row = await self._store.read(lambda connection: connection.execute(query).one_or_none())
        if row is None:
            return None
        try:
            return Parcel(row.id, Call(**self._secrecy.show(row.body or "")), row.attempts, row.created_at)
        except UnreadableError:
            await self.failed(row.id, "unreadable")
            return await self.next_parcel(person)

    async def sent(self, parcel: int, channel: str, platform_id: str) -> None:
        """The platform has it; nothing of it stays but the hash of its id."""
        platform = self._secrecy.lookup(channel, "sent", platform_id) if platform_id else None
        await self._update(parcel, state="sent", body=None, platform=platform, error=None)

    async def failed(self, parcel: int, error: str) -> None:
        """It will never arrive: only why stays."""
        await self._update(parcel, state="failed", body=None, error=error[:64])

    async def put_off(self, parcel: int, error: str) -> None:
        """One more try failed."""
        await self._update(parcel, attempts=_O.attempts + 1, error=error[:64])

    async def hold(self, parcel: int, error: str) -> None:
        """Kept until the person writes again."""
        await self._update(parcel, state="held", error=error[:64])

    async def _update(self, parcel: int, **values: Any) -> None:
        statement = update(_OUT).where(_O.id == parcel).values(values)
        await self._store.write(lambda connection: connection.execute(statement).close())

    async def release(self, person: str) -> None:
        """The person wrote: what was held may go."""
        statement = update(_OUT).where(_O.person == person, _O.state == "held").values(state="waiting")
        await self._store.write(lambda connection: connection.execute(statement).close())

    async def is_holding(self, person: str) -> bool:
        """Whether something is held for a person."""
        query = select(_O.id).where(_O.person == person, _O.state == "held").limit(1)
        return await self._store.read(lambda connection: connection.execute(query).first()) is not None

    async def drop(self, person: str, error: str) -> None:
        """Nothing more for this person: what waited is recorded as failed."""
        statement = update(_OUT).where(_O.person == person, _O.state.in_(("waiting", "held")))
        statement = statement.values(state="failed", body=None, error=error[:64])
        await self._store.write(lambda connection: connection.execute(statement).close())

    async def report(self, channel: str, platform_id: str, error: str) -> bool:
        """The platform says that a message it had taken did not arrive. False for one that is not ours."""
        key = self._secrecy.lookup(channel, "sent", platform_id)
        statement = update(_OUT).where(_O.platform == key).values(state="failed", error=error[:64])
        return await self._store.write(lambda connection: connection.execute(statement).rowcount) > 0

    async def purge(self, *, marks_days: int, people_days: int) -> None:
        """Forget marks that no re-delivery can need any more, and people whose conversation is over."""
        moment = now()
        marks, people = moment - timedelta(days=marks_days), moment - timedelta(days=people_days)

        def writing(connection: Connection) -> None:
            connection.execute(delete(_IN).where(_I.received_at < marks, ~_I.waiting))
            connection.execute(delete(_OUT).where(_O.created_at < marks, _O.state != "waiting"))
            connection.execute(delete(_PEOPLE).where(_P.seen_at < people))
            live = select(_CONVERSATION.id).where(_CONVERSATION.erased_at.is_(None))
            connection.execute(delete(_PEOPLE).where(_P.conversation_id.not_in(live)))  # erased on the web

        await self._store.write(writing)
