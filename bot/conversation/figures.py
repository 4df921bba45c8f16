"""Figures that outlive conversations: each conversation counts once in each, and the count follows it.

What a conversation adds is a set of marks (« reached:plan », « step:pdp_cell/now »). They are kept beside it
(`Counted`) until it is erased: counting again takes off what is no longer true and adds what is new, so that a
pass may be run at any time, twice, or late, with the same result. An erased conversation stays in the figures, where
nothing tells which it was; one whose person takes their consent back leaves them.

All functions here run inside the caller's transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.conversation.models import Conversation, Counted, EmploymentAnswer, Figure, StepProgress, Turn

_CONVERSATION = cast(Table, Conversation.__table__)
_COUNTED = cast(Table, Counted.__table__)
_FIGURE = cast(Table, Figure.__table__)
_C, _T, _K, _F = _CONVERSATION.c, cast(Table, Turn.__table__).c, _COUNTED.c, _FIGURE.c
_P, _E = cast(Table, StepProgress.__table__).c, cast(Table, EmploymentAnswer.__table__).c

MINUTES = (2, 5, 10, 15, 20, 30, 60, 1440)
"""Upper bounds of the classes of time to the plan; beyond the last, « more »."""
_NOT_FACTS = frozenset({"consent", "confirm", "feedback"})
_OPEN = ("open", "later")

Place = tuple[date, str, str, str]
"""Month, department, audience, channel: where a conversation counts."""
_READ = (
    "id", "channel", "consent", "created_at", "active_at", "department", "audience", "step", "outcome", "flags", "asks",
    "plan",
)  # fmt: skip
_NAMES = ("measure", "month", "key", "department", "audience", "channel")


def recount(connection: Connection, ids: Sequence[str]) -> int:
    """Bring what these conversations add to the figures up to date; returns how many of them are there."""
    live = (
        select(*(_C[name] for name in _READ)).where(_C.id.in_(ids), _C.erased_at.is_(None)).with_for_update()
    )
    rows = [dict(row) for row in connection.execute(live).mappings()]
    found = _Around(connection, [row["id"] for row in rows if row["consent"] == "yes"])
    before = _counted(connection, [row["id"] for row in rows])
    moved: Counter[tuple[Place, str]] = Counter()
    after = []
    for row in rows:
        place = (row["created_at"].date().replace(day=1), *_known(row), row["channel"])
        marks = _marks(row, found)
        moved.update((place, mark) for mark in marks)
        moved.subtract(before.get(row["id"], ()))
        values = dict(zip(("month", "department", "audience", "channel"), place, strict=True))
        after.append(values | {"conversation_id": row["id"], "active_at": row["active_at"], "marks": marks})
    if after:
        connection.execute(delete(_COUNTED).where(_K.conversation_id.in_([each["id"] for each in rows])))
        connection.execute(insert(_COUNTED), after)
    _move(connection, moved)
    return len(rows)


def uncount(connection: Connection, conversation_id: str) -> None:
    """Take a conversation out of the figures: its person no longer agrees that what they said be used."""
    before = _counted(connection, [conversation_id])
    connection.execute(delete(_COUNTED).where(_K.conversation_id == conversation_id))
    _move(connection, Counter({each: -1 for marks in before.values() for each in marks}))


def _counted(connection: Connection, ids: Iterable[str]) -> dict[str, list[tuple[Place, str]]]:
    rows = connection.execute(select(*_COUNTED.c).where(_K.conversation_id.in_(list(ids))))
    return {
        row.conversation_id: [
            ((row.month, row.department, row.audience, row.channel), mark) for mark in row.marks
        ]
        for row in rows
    }


def _move(connection: Connection, moved: Mapping[tuple[Place, str], int]) -> None:
    """Add to the figures; in one order everywhere, so that two processes never wait for each other."""
    changes: list[dict[str, Any]] = []
    for (place, mark), count in sorted(moved.items()):
        if count:
            measure, _, key = mark.partition(":")
            month, department, audience, channel = place
            values = (measure, month, key, department, audience, channel)
            changes.append(dict(zip(_NAMES, values, strict=True)) | {"count": count})
    if not changes:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    adding = dialect.insert(_FIGURE)
    connection.execute(
        adding.on_conflict_do_update(
            index_elements=list(_NAMES), set_={"count": _F.count + adding.excluded.count}
        ),
        changes,
    )
    if any(change["count"] < 0 for change in changes):
        months = {change["month"] for change in changes}
        connection.execute(delete(_FIGURE).where(_F.month.in_(months), _F.count == 0))


class _Around:
    """What hangs on conversations, read for a whole batch."""

    def __init__(self, connection: Connection, ids: Sequence[str]) -> None:
        of = _T.conversation_id.in_(ids)
        said = select(_T.conversation_id, _T.asked, _T.choice, _T.intent)
        answers = said.where(of, _T.direction == "user", _T.asked.is_not(None)).order_by(_T.seq)
        self.answers: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for name, asked, choice, intent in connection.execute(answers):
            self.answers[name].append((asked, "dont_know" in (choice, intent)))
        planned = select(_T.conversation_id, func.min(_T.created_at)).where(
            of, _T.direction == "bot", _T.message["plan"].as_string().is_not(None)
        )
        given = connection.execute(planned.group_by(_T.conversation_id))
        self.planned: dict[str, datetime] = dict(given.all())
        progress = select(_P.conversation_id, _P.step, _P.done).where(_P.conversation_id.in_(ids))
        self.progress: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for name, step, done in connection.execute(progress):
            self.progress[name].append((step, done))
        jobs = select(_E.conversation_id, _E.answer).where(_E.conversation_id.in_(ids))
        self.employment: dict[str, str] = dict(connection.execute(jobs).all())


def _known(row: Mapping[str, Any]) -> tuple[str, str]:
    kept = row["consent"] == "yes"
    return (row["department"] or "" if kept else "", row["audience"] or "" if kept else "")


def _marks(row: Mapping[str, Any], around: _Around) -> list[str]:
    """Everything where this conversation counts for one, sorted."""
    if row["consent"] != "yes":
        return ["reached:not_kept" if row["consent"] == "no" else "reached:no_answer"]
    name, plan = row["id"], row["plan"]
    marks = {f"reached:{'plan' if plan else _point(row['step'])}"}
    marks |= {f"flag:{flag}" for flag in row["flags"]}
    if row["outcome"] in ("human", "stopped"):
        marks.add(f"outcome:{row['outcome']}")
    marks |= _questions(around.answers.get(name, []), row["asks"], planned=bool(plan))
    if plan:
        marks |= _plan(plan)
        first = around.planned.get(name)
        if first is not None:
            marks.add(f"minutes:{_class(first, row['created_at'])}")
        marks |= {
            f"follow:{step}/{'done' if done else 'appointment'}" for step, done in around.progress[name]
        }
        if name in around.employment:
            marks.add(f"employment:{around.employment[name]}")
    return sorted(marks)


def _point(step: str | None) -> str:
    return step if step in ("questions", "recap") else "opening"


def _class(planned: datetime, begun: datetime) -> str:
    minutes = (planned - begun).total_seconds() / 60
    return next((f"{bound:04d}" for bound in MINUTES if minutes <= bound), "more")


def _questions(answers: Sequence[tuple[str, bool]], open_now: str | None, *, planned: bool) -> set[str]:
    """What became of each question put: answered, unknown (« je ne sais pas »), or left there."""
    states = {asked: "unknown" if unknown else "answered" for asked, unknown in answers}
    if not planned:
        last = open_now or (answers[-1][0] if answers else None)
        if last is not None:
            states[last] = "left"
    marks = {f"question:{asked}/{state}" for asked, state in states.items() if asked not in _NOT_FACTS}
    if planned:
        marks.add(f"length:{len(marks):02d}")
    return marks


def _plan(plan: Mapping[str, Any]) -> set[str]:
    marks = {f"step:{step['id']}/{step['when']}" for step in plan.get("steps") or []}
    marks |= {
        f"device:{device['id']}/{device['status']}"
        for device in plan.get("devices") or []
        if device["status"] in _OPEN
    }
    if plan.get("first_step"):
        marks.add(f"first:{plan['first_step']}")
    return marks
