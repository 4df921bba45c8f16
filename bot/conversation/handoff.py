"""A person instead of the bot: asked for, taken by an adviser, given back. See `bot.conversation.handoff_models.Handoff`.

Every change is one transaction that also writes what its person reads of it, so that nobody waits in a conversation
that says something else than the adviser's page.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from bot.conversation import live
from bot.conversation.handoff_models import Handoff
from bot.conversation.handoff_words import handoff_words
from bot.conversation.live import Live
from bot.conversation.messages import message, message_id
from bot.conversation.models import Conversation
from bot.conversation.pushing import push
from bot.conversation.state import Message, now
from bot.conversation.store import ConversationGoneError, Store

_HANDOFF = cast(Table, Handoff.__table__)
_CONVERSATION = cast(Table, Conversation.__table__)
_H, _C = _HANDOFF.c, _CONVERSATION.c
_OPEN: ColumnElement[bool] = _H.status.in_(("waiting", "taken"))
TEXT_LIMIT = 4000

Status = Literal["waiting", "taken", "returned", "closed"]


class HandoffError(Exception):
    """The request is not in a state that allows this: taken by someone else, given back, erased meanwhile."""


@dataclass(frozen=True)
class Request:
    """Someone who asked for a person, as their adviser sees it."""

    id: int
    conversation_id: str
    status: Status
    department: str | None
    adviser: str | None
    requested_at: datetime
    taken_at: datetime | None
    returned_at: datetime | None
    channel: str
    audience: str | None
    step: str | None
    active_at: datetime


_COLUMNS = (
    _H.id, _H.conversation_id, _H.status, _C.department, _H.adviser, _H.requested_at, _H.taken_at, _H.returned_at,
    _C.channel, _C.audience, _C.step, _C.active_at,
)  # fmt: skip
_SELECT = select(*_COLUMNS).join(_CONVERSATION, _C.id == _H.conversation_id).where(_C.erased_at.is_(None))
"""With the conversation's department as it is now: who says that they work elsewhere is for those of there."""


class Handoffs:
    """Reads and writes the requests. `silence`: without a message of the adviser for so long, the bot answers again."""

    def __init__(self, store: Store, live_: Live, *, silence: timedelta) -> None:
        self._store = store
        self._live = live_
        self._silence = silence

    # --- The person's side --------------------------------------------------------------------------------------

    async def request(self, conversation_id: str, department: str | None) -> bool:
        """Ask for a person. False when a request is open already. Raises ConversationGoneError."""
        row = {
            "conversation_id": conversation_id,
            "status": "waiting",
            "department": department,
            "requested_at": now(),
            "noticed": False,
        }

        def writing(connection: Connection) -> None:
            connection.execute(insert(_HANDOFF), row)
            push(connection, conversation_id, [], now(), handoff="waiting")

        try:
            await self._store.write_kept(conversation_id, writing)
        except IntegrityError:
            return False
        await self._live.tell(live.REQUESTS)
        return True

    async def current(self, conversation_id: str) -> Request | None:
        """The open request of a conversation."""
        return await self._one(_SELECT.where(_H.conversation_id == conversation_id, _OPEN))

    async def cancel(self, conversation_id: str) -> None:
        """The person no longer wants one."""
        found = await self.current(conversation_id)
        if found is not None:
            await self._end_unless_late(found.id, "closed", [], allowed=("waiting",))

    async def leave(self, conversation_id: str) -> None:
        """The person wants no more messages: nobody answers them any more, and nothing is said."""
        found = await self.current(conversation_id)
        if found is not None:
            await self._end_unless_late(found.id, "closed", [], allowed=("waiting", "taken"))

    async def hear(self, conversation_id: str) -> Literal["first", "taken"] | None:
        """The person writes while an adviser has the conversation; None when no adviser has it (any more)."""
        silent = select(_H.id, _H.noticed, _H.adviser_at).where(
            _H.conversation_id == conversation_id, _H.status == "taken"
        )
        row = await self._store.read(lambda connection: connection.execute(silent).one_or_none())
        if row is None:
            return None
        if row.adviser_at < now() - self._silence:
            await self._end_unless_late(
                row.id, "returned", [message(handoff_words().idle)], allowed=("taken",)
            )
            return None
        if row.noticed:
            return "taken"
        noticing = update(_HANDOFF).where(_H.id == row.id).values(noticed=True)
        await self._store.write(lambda connection: connection.execute(noticing).close())
        return "first"

    # --- The adviser's side -------------------------------------------------------------------------------------

    async def open(self, departments: Collection[str] | None) -> list[Request]:
        """Who waits for an adviser or talks with one, of these departments (None: all), the oldest first."""
        query = _within(_SELECT.where(_OPEN), departments).order_by(_H.requested_at, _H.id)
        rows = await self._store.read(lambda connection: connection.execute(query).mappings().all())
        return [Request(**row) for row in rows]

    async def waiting(self, departments: Collection[str] | None) -> int:
        """How many wait: for the badge of the page."""
        joined = _HANDOFF.join(_CONVERSATION, _C.id == _H.conversation_id)
        query = select(func.count()).select_from(joined).where(_H.status == "waiting")
        query = _within(query, departments)
        return await self._store.read(lambda connection: connection.execute(query).scalar_one())

    async def get(self, request_id: int, departments: Collection[str] | None) -> Request | None:
        """One request, or None when there is none in these departments."""
        return await self._one(_within(_SELECT.where(_H.id == request_id), departments))

    async def take(self, request_id: int, adviser: str) -> None:
        """This adviser answers from now on, and the bot is silent. Raises HandoffError."""
        moment = now()
        values = {"status": "taken", "adviser": adviser, "taken_at": moment, "adviser_at": moment}

        def writing(connection: Connection) -> str:
            conversation_id = _move(connection, request_id, ("waiting",), None, values)
            push(connection, conversation_id, [message(handoff_words().taken)], moment, handoff="taken")
            return conversation_id

        await self._tell(await self._store.write(writing))

    async def say(self, request_id: int, adviser: str, text: str, *, given_id: str | None = None) -> Message:
        """Write to the person; the same `given_id` twice is said once. Raises HandoffError, ValueError (length)."""
        said = message(text.strip(), sender="adviser") | {"id": given_id or message_id()}
        if not text.strip() or len(text) > TEXT_LIMIT:
            raise ValueError(f"1 to {TEXT_LIMIT} characters are expected")
        moment = now()

        def writing(connection: Connection) -> str:
            conversation_id = _move(connection, request_id, ("taken",), adviser, {"adviser_at": moment})
            push(connection, conversation_id, [said], moment, active_at=moment)
            return conversation_id

        with suppress(IntegrityError):  # sent twice
            await self._tell(await self._store.write(writing))
        return said

    async def give_back(self, request_id: int, adviser: str) -> None:
        """The bot answers again. Raises HandoffError."""
        said = [message(handoff_words().returned)]
        await self._end(request_id, adviser, "returned", said, allowed=("taken",), ask_again=True)

    async def close(self, request_id: int, adviser: str) -> None:
        """Nothing more to do, whether it was taken or not. Raises HandoffError (taken by someone else)."""
        said = [message(handoff_words().closed)]
        await self._end(request_id, adviser, "closed", said, allowed=("taken", "waiting"), ask_again=True)

    # --- Without being asked ------------------------------------------------------------------------------------

    async def return_silent(self) -> int:
        """Give back the conversations whose adviser has not written for too long; returns how many."""
        late = select(_H.id).where(_H.status == "taken", _H.adviser_at < now() - self._silence)
        ids = await self._store.read(lambda connection: list(connection.execute(late).scalars()))
        said = handoff_words().idle
        for request_id in ids:
            await self._end_unless_late(
                request_id, "returned", [message(said)], allowed=("taken",), ask_again=True
            )
        return len(ids)

    async def waited_since(self, moment: datetime) -> list[Request]:
        """Who has waited since before `moment`."""
        query = _SELECT.where(_H.status == "waiting", _H.requested_at < moment).order_by(_H.id)
        rows = await self._store.read(lambda connection: connection.execute(query).mappings().all())
        return [Request(**row) for row in rows]

    async def give_up(self, request_id: int, messages: Sequence[Message]) -> None:
        """Nobody came: the request is closed, and the person told so with these messages. Raises HandoffError."""
        await self._end(request_id, None, "closed", list(messages), allowed=("waiting",), ask_again=True)

    # --- Parts --------------------------------------------------------------------------------------------------

    async def _end_unless_late(
        self,
        request_id: int,
        status: Status,
        messages: list[Message],
        *,
        allowed: Sequence[Status],
        ask_again: bool = False,
    ) -> None:
        """As `_end`; someone else who ended it at the same moment, or an erasure, is as good."""
        with suppress(HandoffError, ConversationGoneError):
            await self._end(request_id, None, status, messages, allowed=allowed, ask_again=ask_again)

    async def _end(
        self,
        request_id: int,
        adviser: str | None,
        status: Status,
        messages: list[Message],
        *,
        allowed: Sequence[Status],
        ask_again: bool = False,
    ) -> None:
        """Close or give back. `ask_again`: with the question that stood, under a new id."""
        moment = now()
        values: dict[str, Any] = {"status": status, "returned_at": moment}

        def writing(connection: Connection) -> str:
            conversation_id = _move(connection, request_id, allowed, adviser, values)
            changed: dict[str, Any] = {"handoff": None}
            asked = select(_C.question).where(_C.id == conversation_id)
            question = connection.execute(asked).scalar_one_or_none() if ask_again else None
            if question:
                changed["question"] = question | {"id": message_id()}
                messages.append(changed["question"])
            push(connection, conversation_id, messages, moment, **changed)
            return conversation_id

        await self._tell(await self._store.write(writing))

    async def _tell(self, conversation_id: str) -> None:
        topics = (
            live.of_conversation(conversation_id),
            live.of_adviser(conversation_id),
            live.PUSHED,
            live.REQUESTS,
        )
        for topic in topics:
            await self._live.tell(topic)

    async def heard(self, conversation_id: str) -> None:
        """What the person wrote is kept: its adviser may read it."""
        await self._live.tell(live.of_adviser(conversation_id))

    async def _one(self, query: Select[Any]) -> Request | None:
        row = await self._store.read(lambda connection: connection.execute(query).mappings().one_or_none())
        return None if row is None else Request(**row)


def _move(
    connection: Connection,
    request_id: int,
    allowed: Sequence[Status],
    adviser: str | None,
    values: dict[str, Any],
) -> str:
    """Change a request that is in an allowed state; its conversation. Raises HandoffError.

    `adviser`: only theirs, if someone has it already.
    """
    change = update(_HANDOFF).where(_H.id == request_id, _H.status.in_(allowed))
    if adviser is not None:
        change = change.where((_H.adviser == adviser) | _H.adviser.is_(None))
    found = connection.execute(change.values(values).returning(_H.conversation_id)).scalar_one_or_none()
    if found is None:
        raise HandoffError(f"request {request_id} is not one of {', '.join(allowed)} for this adviser")
    return str(found)


def _within(query: Select[Any], departments: Collection[str] | None) -> Select[Any]:
    """Only these departments, and who waits without having said theirs: a team of territories has nobody else."""
    if departments is None:
        return query
    return query.where(or_(_C.department.in_(departments), and_(_C.department.is_(None), _OPEN)))
