"""The inbox's queries: which conversations, in which order, how many in each queue. Always within a scope.

Measured on 100,000 conversations (docs/mesures/console.md): the narrow table makes any combination a bounded
scan, and a page goes on from where the last one ended (active_at, id), never from a number of rows to skip.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    false,
    func,
    literal,
    or_,
    select,
)

from bot.console.adviser import Adviser
from bot.console.adviser import scope as scope_of
from bot.console.review.filters import OPEN, Filters
from bot.console.review.models import Review, ReviewEvent, ReviewTag, ReviewWord
from bot.console.review.queues import Queue
from bot.console.review.words import beginnings

PAGE = 50
COUNTED = 1000
"""A list is counted up to here: beyond, « plus de 1 000 » says as much."""
_REVIEW = cast(Table, Review.__table__)
_R = _REVIEW.c
_E = cast(Table, ReviewEvent.__table__)
_TAG = cast(Table, ReviewTag.__table__).c
_WORD = cast(Table, ReviewWord.__table__)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_PARIS = ZoneInfo("Europe/Paris")
_COMMON = 20_000
"""What is in so many conversations is common."""
_SAME = ("audience", "profile", "channel", "step", "department")


@dataclass(frozen=True)
class Found:
    """A page of the list."""

    rows: Sequence[Any]
    tags: dict[int, list[str]]
    """Row → its tags."""
    after: str
    """Where the next page begins; empty at the end."""
    total: int | None
    """At most COUNTED + 1; None after the first page."""


@dataclass(frozen=True)
class Counts:
    """What waits, within a scope."""

    queues: dict[Queue, int]
    waiting: int
    mine: int


def within(adviser: Adviser) -> ColumnElement[bool]:
    """The rows of `review` that are an adviser's to see: nothing of other territories, not even their number."""
    return scope_of(adviser, _R.department)


def find(
    connection: Connection, filters: Filters, scope: ColumnElement[bool], *, me: int, after: str = ""
) -> Found:
    """The conversations that match, the last active first; counted on the first page only."""
    where = [*conditions(connection, filters, scope, me), *_older(after)]
    matching = select(_R.id).where(*where).order_by(_R.active_at.desc(), _R.id.desc())
    numbers = list(connection.execute(matching.limit(PAGE + 1 if after else COUNTED + 1)).scalars())
    shown = numbers[:PAGE]
    rows = connection.execute(
        select(*_R).where(_R.id.in_(shown)).order_by(_R.active_at.desc(), _R.id.desc())
    ).all()
    more = len(numbers) > PAGE and rows
    return Found(
        rows=rows,
        tags=_tags(connection, shown),
        after=f"{_microseconds(rows[-1].active_at)}-{rows[-1].id}" if more else "",
        total=None if after else len(numbers),
    )


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def neighbours(
    connection: Connection, filters: Filters, scope: ColumnElement[bool], review: Any, *, me: int
) -> tuple[str | None, str | None]:
    """The conversations just before and just after this one in the list: newer, older."""
    where = conditions(connection, filters, scope, me)
    moment = _R.active_at
    newer = select(_R.conversation_id).where(*where, moment >= review.active_at)
    newer = newer.where(or_(moment > review.active_at, _R.id > review.id)).order_by(moment, _R.id)
    older = select(_R.conversation_id).where(*where, moment <= review.active_at)
    older = older.where(or_(moment < review.active_at, _R.id < review.id))
    older = older.order_by(moment.desc(), _R.id.desc())
    before, after = (connection.execute(query.limit(1)).scalar_one_or_none() for query in (newer, older))
    return before, after


def _older(after: str) -> list[ColumnElement[bool]]:
    moment, _, number = after.partition("-")
    if not (moment.isdecimal() and number.isdecimal() and len(moment) < 18 and len(number) < 10):
        return []
    last = _EPOCH + timedelta(microseconds=int(moment))
    return [_R.active_at <= last, or_(_R.active_at < last, _R.id < int(number))]


def _tags(connection: Connection, numbers: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {number: [] for number in numbers}
    query = select(_TAG.review_id, _TAG.tag).where(_TAG.review_id.in_(numbers)).order_by(_TAG.tag)
    for number, tag in connection.execute(query):
        found[number].append(tag)
    return found


def counts(connection: Connection, scope: ColumnElement[bool], *, me: int) -> Counts:
    """How many conversations wait in each queue, and for this adviser."""
    waits = _R.status.in_(OPEN)
    by_queues = select(_R.queues, func.count()).where(waits, scope).group_by(_R.queues)
    each = dict.fromkeys(Queue, 0)
    waiting = 0
    for bits, number in connection.execute(by_queues):
        waiting += number
        for queue in Queue:
            if bits & queue.value:
                each[queue] += number
    # each by its own index: « one or the other » would read every row
    others = or_(_R.assigned_to.is_(None), _R.assigned_to != me)
    mine = sum(
        connection.execute(select(func.count()).select_from(Review).where(waits, scope, *theirs)).scalar_one()
        for theirs in ((_R.assigned_to == me,), (_R.second_reader == me, others))
    )
    return Counts(each, waiting, mine)


def conditions(
    connection: Connection, filters: Filters, scope: ColumnElement[bool], me: int
) -> list[ColumnElement[bool]]:
    """What a row of `review` must fulfil."""
    found = [scope, *(_R[name] == value for name in _SAME if (value := getattr(filters, name)))]
    if filters.queue is not None:
        found.append(_R.queues.bitwise_and(filters.queue.value) != 0)
    if filters.status != "any":
        found.append(_R.status.in_(OPEN) if filters.status == "open" else _R.status == filters.status)
    if filters.outcome:
        found.append(_R.outcome.is_(None) if filters.outcome == "none" else _R.outcome == filters.outcome)
    if filters.reader:
        found.append(_reader(filters.reader, me))
    if filters.tag:
        found.append(_R.id.in_(select(_TAG.review_id).where(_TAG.tag == filters.tag)))
    found += _bounds(filters)
    found += [_happened(connection, name) for name in filters.events]
    if filters.event:
        found.append(_happened(connection, filters.event, filters.then))
    if filters.words:
        found += [_wrote(connection, *bounds) for bounds in beginnings(filters.words)] or [false()]
    return found


def _is_read_by(adviser: int) -> ColumnElement[bool]:
    return or_(_R.assigned_to == adviser, _R.second_reader == adviser)


def _reader(reader: str, me: int) -> ColumnElement[bool]:
    if reader == "none":
        return _R.assigned_to.is_(None)
    number = me if reader == "me" else int(reader) if reader.isdecimal() and len(reader) < 10 else None
    return false() if number is None else _is_read_by(number)


def _bounds(filters: Filters) -> list[ColumnElement[bool]]:
    found = []
    if filters.since:
        found.append(_R.active_at >= datetime.combine(filters.since, time.min, _PARIS))
    if filters.until:
        found.append(_R.active_at < datetime.combine(filters.until + timedelta(days=1), time.min, _PARIS))
    if filters.shortest is not None:
        found.append(_R.turns >= filters.shortest)
    if filters.longest is not None:
        found.append(_R.turns <= filters.longest)
    if filters.surest is not None:
        found.append(_R.confidence <= filters.surest / 100)
    if filters.least_sure is not None:
        found.append(_R.confidence >= filters.least_sure / 100)
    return found


def _happened(connection: Connection, event: str, then: str = "") -> ColumnElement[bool]:
    """Conversations where `event` happened and, if given, `then` happened at a later turn.

    What happened almost everywhere is looked up row by row while the list is read in order, and the reading stops
    early; what is rare is gathered first. The other way round each takes several times longer.
    """
    one, other = _E.alias("one"), _E.alias("other")
    found = select(one.c.review_id).where(one.c.name == event)
    if then:
        later = and_(other.c.review_id == one.c.review_id, other.c.name == then, other.c.last > one.c.first)
        found = found.join(other, later)
    if all(_is_common(connection, name) for name in (event, then) if name):
        return found.where(one.c.review_id == _R.id).correlate(_REVIEW).exists()
    return _R.id.in_(found)


def _is_common(connection: Connection, name: str) -> bool:
    some = select(literal(1)).select_from(_E).where(_E.c.name == name).limit(_COMMON).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() == _COMMON


def _wrote(connection: Connection, first: str, end: str) -> ColumnElement[bool]:
    """Conversations in which a word from `first` (included) to `end` (excluded) was written."""
    meant = and_(_WORD.c.word >= first, _WORD.c.word < end)
    some = select(literal(1)).select_from(_WORD).where(meant).limit(_COMMON).subquery()
    found = select(_WORD.c.review_id).where(meant)
    if connection.execute(select(func.count()).select_from(some)).scalar_one() == _COMMON:
        return found.where(_WORD.c.review_id == _R.id).correlate(_REVIEW).exists()
    return _R.id.in_(found)
