"""Messages that answer none: an adviser's, or ours when an adviser comes or goes. Written in the caller's transaction.

Each is a turn like another, and a mark that it has still to be carried to the person's messaging channel. The mark
goes in the transaction that puts the message in the channel's outbox: a crash in between loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, insert, or_, select, update

from bot.conversation.handoff_models import PushedMessage
from bot.conversation.models import Conversation, Turn
from bot.conversation.state import Message, TurnRecord
from bot.conversation.store import ConversationGoneError, Store

_CONVERSATION = cast(Table, Conversation.__table__)
_TURNS = cast(Table, Turn.__table__)
_PUSHED = cast(Table, PushedMessage.__table__)
_C, _T, _P = _CONVERSATION.c, _TURNS.c, _PUSHED.c
FLAG = "pushed"
"""Flag of the bot's own turns among them."""


@dataclass(frozen=True)
class Pushed:
    """A message to carry."""

    id: int
    conversation_id: str
    message: Message


@dataclass(frozen=True)
class Arrived:
    """A message of a conversation that answered none, with its rank."""

    seq: int
    message: Message


def push(
    connection: Connection,
    conversation_id: str,
    messages: Sequence[Message],
    moment: datetime,
    **changed: Any,
) -> None:
    """Write messages in a kept conversation, and `changed` in its row. Raises ConversationGoneError."""
    alive = (_C.id == conversation_id, _C.erased_at.is_(None), _C.consent == "yes")
    values = {"turns": _C.turns + len(messages), **changed}
    row = connection.execute(
        update(_CONVERSATION).where(*alive).values(values).returning(_C.turns, _C.channel)
    )
    found = row.one_or_none()
    if found is None:
        raise ConversationGoneError(conversation_id)
    if not messages:
        return
    first = found.turns - len(messages) + 1
    turns = [
        {
            "conversation_id": conversation_id,
            "seq": first + rank,
            "direction": message["from"],
            "message_id": message["id"],
            "text": message["text"],
            "message": message,
            "flag": FLAG if message["from"] == "bot" else None,
            "channel": found.channel,
            "created_at": moment,
        }
        for rank, message in enumerate(messages)
    ]
    connection.execute(insert(_TURNS), turns)
    marks = [{"conversation_id": conversation_id, "message": message} for message in messages]
    connection.execute(insert(_PUSHED), marks)


class Pushing:
    """Reads the messages that answer none."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def last(self, conversation_id: str) -> int | None:
        """Rank of the last turn of a conversation; None when it is gone. 0 as long as nothing is kept."""
        query = select(_C.turns).where(_C.id == conversation_id, _C.erased_at.is_(None))
        return await self._store.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def after(self, conversation_id: str, seq: int) -> list[Arrived]:
        """What arrived after the turn number `seq`, in order."""
        query = (
            select(_T.seq, _T.message)
            .where(_T.conversation_id == conversation_id, _T.seq > seq)
            .where(or_(_T.direction == "adviser", _T.flag == FLAG))
            .order_by(_T.seq)
            .limit(200)
        )
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        return [Arrived(row.seq, row.message) for row in rows]

    async def all_after(self, conversation_id: str, seq: int) -> list[tuple[int, TurnRecord]]:
        """Every turn after the number `seq`, whoever spoke, with its number: for the adviser who follows."""
        columns = [_T[field.name] for field in fields(TurnRecord)]
        query = select(_T.seq, *columns).where(_T.conversation_id == conversation_id, _T.seq > seq)
        query = query.order_by(_T.seq).limit(200)
        rows = await self._store.read(lambda connection: connection.execute(query).mappings().all())
        return [
            (row["seq"], TurnRecord(**{name: row[name] for name in row if name != "seq"})) for row in rows
        ]

    async def to_carry(self) -> list[Pushed]:
        """Messages not yet in an outbox, in order."""
        query = select(_P.id, _P.conversation_id, _P.message).order_by(_P.id).limit(200)
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        return [Pushed(row.id, row.conversation_id, row.message) for row in rows]


def carried(connection: Connection, pushed: Pushed) -> bool:
    """Take the mark away, in the transaction that fills the outbox. False when another process did it."""
    return connection.execute(delete(_PUSHED).where(_P.id == pushed.id)).rowcount > 0
