"""What advisers put on conversations: status, readers, tags, notes. Only within their scope, each in the access log."""

from collections.abc import Callable, Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.console.access import entry, log
from bot.console.adviser import Adviser, scope
from bot.console.review.filters import STATUSES
from bot.console.review.models import Review, ReviewNote, ReviewTag
from bot.conversation.state import now
from bot.conversation.store import Store
from bot.language.masking import mask

_REVIEW, _TAG, _NOTE = (cast(Table, model.__table__) for model in (Review, ReviewTag, ReviewNote))
_R, _T, _N = _REVIEW.c, _TAG.c, _NOTE.c
LONGEST_TAG, LONGEST_NOTE = 40, 4000

Change = Callable[[Connection, Sequence[int]], object]
"""Changes these rows of `review`."""


class RefusedMarkError(ValueError):
    """What was asked cannot be; the value is the name of its sentence in data/console/review.yml."""


async def change(store: Store, adviser: Adviser, ids: Sequence[str], what: str, how: Change) -> int:
    """Change the conversations of `ids` that are the adviser's to see; returns how many. `what` is logged."""
    query = select(_R.id, _R.conversation_id).where(
        _R.conversation_id.in_(ids), scope(adviser, _R.department)
    )

    def writing(connection: Connection) -> int:
        rows = connection.execute(query).all()
        if rows:
            how(connection, [row.id for row in rows])
            at = now()
            log(connection, *(entry(adviser, at, what, row.conversation_id) for row in rows))
        return len(rows)

    return await store.write(writing)


def with_status(status: str) -> Change:
    """Give this status. Raises RefusedMarkError for one that does not exist."""
    if status not in STATUSES:
        raise RefusedMarkError("unknown_status")
    return lambda connection, rows: _set(connection, rows, status=status)


def assigned(adviser_id: int | None) -> Change:
    """Assign to an adviser, or to nobody; a conversation that waited becomes « en cours »."""

    def assigning(connection: Connection, rows: Sequence[int]) -> None:
        _set(connection, rows, assigned_to=adviser_id)
        if adviser_id is not None:
            taken = update(_REVIEW).where(_R.id.in_(rows), _R.status == "todo")
            connection.execute(taken.values(status="doing"))
            alone = update(_REVIEW).where(_R.id.in_(rows), _R.second_reader == adviser_id)
            connection.execute(alone.values(second_reader=None))

    return assigning


def second_read(adviser_id: int | None) -> Change:
    """Ask someone else to read it too: it becomes « à vérifier ». Raises RefusedMarkError for its own reader."""

    def asking(connection: Connection, rows: Sequence[int]) -> None:
        if adviser_id is None:
            _set(connection, rows, second_reader=None)
            return
        own = select(_R.id).where(_R.id.in_(rows), _R.assigned_to == adviser_id).limit(1)
        if connection.execute(own).first() is not None:
            raise RefusedMarkError("second_is_first")
        _set(connection, rows, second_reader=adviser_id, status="check")

    return asking


def _set(connection: Connection, rows: Sequence[int], **values: Any) -> None:
    connection.execute(update(_REVIEW).where(_R.id.in_(rows)).values(**values))


def tagged(tag: str) -> Change:
    """Put a tag. Raises RefusedMarkError for an empty or too long one."""
    word = read_tag(tag)

    def tagging(connection: Connection, rows: Sequence[int]) -> None:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        values = [{"review_id": row, "tag": word} for row in rows]
        connection.execute(dialect.insert(_TAG).on_conflict_do_nothing(), values)

    return tagging


def untagged(tag: str) -> Change:
    """Take a tag off."""
    return lambda connection, rows: connection.execute(
        delete(_TAG).where(_T.review_id.in_(rows), _T.tag == tag)
    )


def read_tag(typed: str) -> str:
    """A tag as it is kept: single spaces, no capital, identifiers masked. Raises RefusedMarkError."""
    word = mask(" ".join(typed.split()).lower()).text
    if not 0 < len(word) <= LONGEST_TAG:
        raise RefusedMarkError("bad_tag")
    return word


def noted(adviser: Adviser, typed: str) -> Change:
    """Add a private note. Raises RefusedMarkError for an empty or too long one."""
    text = mask(typed.strip()).text
    if not 0 < len(text) <= LONGEST_NOTE:
        raise RefusedMarkError("bad_note")

    def noting(connection: Connection, rows: Sequence[int]) -> None:
        shared = {"author": adviser.id, "text": text, "created_at": now()}
        connection.execute(insert(_NOTE), [{"review_id": row, **shared} for row in rows])

    return noting


def without_note(adviser: Adviser, note: int) -> Change:
    """Remove a note of one's own; a manager removes anyone's."""
    mine: ColumnElement[bool] = literal(True) if adviser.may("manager") else _N.author == adviser.id
    return lambda connection, rows: connection.execute(
        delete(_NOTE).where(_N.id == note, _N.review_id.in_(rows), mine)
    )


def department_of(conversation_id: str) -> Select[str | None]:
    """The department of a conversation."""
    return select(_R.department).where(_R.conversation_id == conversation_id)


def tags_in_use(connection: Connection, where: ColumnElement[bool], *, limit: int = 100) -> list[str]:
    """The tags put on conversations of a scope, in alphabetical order."""
    query = select(_T.tag).join(_REVIEW, _R.id == _T.review_id).where(where).distinct().order_by(_T.tag)
    return list(connection.execute(query.limit(limit)).scalars())
