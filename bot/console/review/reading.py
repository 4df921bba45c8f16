"""What the page of a conversation shows: its last turns first, where each fact came from, who read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Table, or_, select

from bot.console.models import Access
from bot.console.review.models import Review, ReviewEvent, ReviewNote, ReviewTag
from bot.conversation.models import Conversation, Turn
from bot.directory.places import Place
from bot.orientation import FACTS

TURNS = 40
"""Turns shown at once."""
_READERS = 60
_C, _T, _R, _E, _TAG, _N, _A = (
    cast(Table, model.__table__).c
    for model in (Conversation, Turn, Review, ReviewEvent, ReviewTag, ReviewNote, Access)
)
_SHOWN = (
    "id", "seq", "direction", "text", "choice", "intent", "confidence", "margin", "ranking", "facts", "asked", "flag",
    "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """Where a fact came from."""

    seq: int | None
    """The turn that last said it; None when no turn did: it was deduced."""
    words: str
    """The words that gave it, or the choice taken; empty when they are not kept."""
    by_choice: bool = False


@dataclass(frozen=True)
class Known:
    """One fact of the situation."""

    name: str
    label: str
    value: str
    source: Source


@dataclass(frozen=True)
class Opened:
    """A conversation, ready to be shown."""

    conversation: Any
    review: Any
    facts: list[Known]
    tags: Sequence[str]
    notes: Sequence[Any]
    readers: Sequence[Any]
    """adviser, what, at, why: the last ones first."""


def open_conversation(conversation_id: str, connection: Connection) -> Opened | None:
    """Everything but the turns; None for a conversation that is not kept."""
    kept = (_C.erased_at.is_(None), _C.consent == "yes")
    conversation = connection.execute(select(*_C).where(_C.id == conversation_id, *kept)).one_or_none()
    review = connection.execute(select(*_R).where(_R.conversation_id == conversation_id)).one_or_none()
    if conversation is None or review is None:
        return None
    notes = select(*_N).where(_N.review_id == review.id).order_by(_N.created_at, _N.id)
    tags = select(_TAG.tag).where(_TAG.review_id == review.id).order_by(_TAG.tag)
    readers = select(_A.adviser, _A.what, _A.at, _A.why).where(_A.conversation_id == conversation_id)
    return Opened(
        conversation=conversation,
        review=review,
        facts=known_facts(connection, review, conversation.situation or {}),
        tags=connection.execute(tags).scalars().all(),
        notes=connection.execute(notes).all(),
        readers=connection.execute(readers.order_by(_A.at.desc(), _A.id.desc()).limit(_READERS)).all(),
    )


def turns(conversation_id: str, before: int | None, connection: Connection) -> Sequence[Any]:
    """The last turns, or those just before turn number `before`, in order; with the choices of the bot's messages."""
    query = select(*(_T[name] for name in _SHOWN)).where(_T.conversation_id == conversation_id)
    if before is not None:
        query = query.where(_T.seq < before)
    return connection.execute(query.order_by(_T.seq.desc()).limit(TURNS)).all()[::-1]


def known_facts(connection: Connection, review: Any, situation: Mapping[str, Any]) -> list[Known]:
    """The facts of a situation, each with the turn and the words that last gave it."""
    named = select(_E.name, _E.last).where(_E.review_id == review.id)
    said = or_(_E.name.startswith("fact:"), _E.name.startswith("answer:"))
    events = {row.name: row.last for row in connection.execute(named.where(said))}
    last = {name: events.get(f"fact:{name}", events.get(f"answer:{name}", 0)) for name in situation}
    spoken = _spoken(connection, review.conversation_id, set(last.values()))
    return [
        Known(
            name, FACTS[name].label, shown_value(name, situation[name]), _source(name, spoken.get(last[name]))
        )
        for name in FACTS
        if situation.get(name) is not None
    ]


def _spoken(connection: Connection, conversation_id: str, seqs: set[int]) -> dict[int, Any]:
    query = select(_T.seq, _T.facts, _T.text, _T.choice)
    found = query.where(_T.conversation_id == conversation_id, _T.seq.in_(seqs))
    return {row.seq: row for row in connection.execute(found)}


def _source(name: str, turn: Any) -> Source:
    if turn is None:
        return Source(None, "")
    if turn.choice is not None:
        return Source(turn.seq, turn.text or "", by_choice=True)
    words = next((fact.get("words") for fact in turn.facts or () if fact.get("name") == name), None)
    return Source(turn.seq, words or turn.text or "")


def shown_value(name: str, value: Any) -> str:
    """A fact's value in French; one that the fact no longer accepts is shown as it is."""
    if name == "department" and isinstance(value, str):
        return Place(value).label
    try:
        return FACTS[name].value_label(FACTS[name].read(value))
    except (KeyError, ValueError):
        return str(value)
