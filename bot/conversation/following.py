"""Follow-up: what a person ticks in their plan, their job some time after, the plan as last seen. Only with consent."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Connection, Table, delete, insert, select, update

from bot.conversation.changes import Outline
from bot.conversation.models import Counted, EmploymentAnswer, PlanSeen, StepProgress
from bot.conversation.store import Store

_PROGRESS = cast(Table, StepProgress.__table__)
_SEEN = cast(Table, PlanSeen.__table__)
_JOB = cast(Table, EmploymentAnswer.__table__)
_COUNTED = cast(Table, Counted.__table__)
_P = _PROGRESS.c
_S = _SEEN.c

EMPLOYMENT = ("same_job", "same_employer", "other_employer", "not_employed")
"""Answers to « Êtes-vous toujours en emploi ? »: the agreements measure jobs kept."""


@dataclass(frozen=True)
class Progress:
    """Where a person stands with one step."""

    done: bool = False
    appointment: date | None = None
    ready: tuple[str, ...] = ()
    """Documents of the step that the person has."""

    def to_json(self) -> dict[str, Any]:
        """{"done", "appointment"}, and "ready" when there are some."""
        shown: dict[str, Any] = {
            "done": self.done,
            "appointment": self.appointment.isoformat() if self.appointment else None,
        }
        return shown | ({"ready": list(self.ready)} if self.ready else {})


@dataclass(frozen=True)
class Seen:
    """The plan as last seen."""

    on: date
    outline: Outline


class FollowUp:
    """Reads and writes the follow-up of conversations."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def progress(self, conversation_id: str) -> dict[str, Progress]:
        """What is known of each step; a step never touched is absent."""
        query = select(_P.step, _P.done, _P.appointment, _P.ready).where(
            _P.conversation_id == conversation_id
        )
        rows = await self._store.read(lambda connection: connection.execute(query).all())
        return {step: Progress(done, day, tuple(ready or ())) for step, done, day, ready in rows}

    async def note(self, conversation_id: str, step: str, progress: Progress) -> None:
        """Write where a person stands with a step; nothing to say is nothing kept. Raises ConversationGoneError."""
        row = {
            "done": progress.done,
            "appointment": progress.appointment,
            "ready": list(progress.ready) or None,
        }

        def writing(connection: Connection) -> None:
            where = (_P.conversation_id == conversation_id, _P.step == step)
            connection.execute(delete(_PROGRESS).where(*where))
            if progress != Progress():
                values = {"conversation_id": conversation_id, "step": step, **row}
                connection.execute(insert(_PROGRESS), values)
            _count_again(connection, conversation_id)

        await self._store.write_kept(conversation_id, writing)

    async def employment(self, conversation_id: str) -> str | None:
        """What the person said of their job since their plan; None when they said nothing."""
        query = select(_JOB.c.answer).where(_JOB.c.conversation_id == conversation_id)
        return await self._store.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def note_employment(self, conversation_id: str, answer: str | None, on: date) -> None:
        """Write it, or take it back (None). Raises ValueError for no answer of EMPLOYMENT, ConversationGoneError."""
        if answer is not None and answer not in EMPLOYMENT:
            raise ValueError(answer)

        def writing(connection: Connection) -> None:
            connection.execute(delete(_JOB).where(_JOB.c.conversation_id == conversation_id))
            if answer is not None:
                values = {"conversation_id": conversation_id, "answer": answer, "answered_on": on}
                connection.execute(insert(_JOB), values)
            _count_again(connection, conversation_id)

        await self._store.write_kept(conversation_id, writing)

    async def seen(self, conversation_id: str) -> Seen | None:
        """The plan as this person last saw it; None when they have not yet."""
        query = select(_S.seen_on, _S.outline).where(_S.conversation_id == conversation_id)
        row = await self._store.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else Seen(row.seen_on, row.outline)

    async def remember(self, conversation_id: str, seen: Seen) -> None:
        """This is what the person has now seen. Raises ConversationGoneError."""
        row = {"conversation_id": conversation_id, "seen_on": seen.on, "outline": seen.outline}

        def writing(connection: Connection) -> None:
            connection.execute(delete(_SEEN).where(_S.conversation_id == conversation_id))
            connection.execute(insert(_SEEN), row)

        await self._store.write_kept(conversation_id, writing)


def _count_again(connection: Connection, conversation_id: str) -> None:
    """Follow-up is no activity of the conversation: say to the next pass that its figures changed."""
    connection.execute(
        update(_COUNTED).where(_COUNTED.c.conversation_id == conversation_id).values(active_at=None)
    )
