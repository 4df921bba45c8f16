"""Corrections: what an adviser says of a turn, what a reviewer accepts, what leaves in a patch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update

from bot.console.improve.models import Correction, Example
from bot.console.improve.nlu_files import Addition
from bot.console.improve.patch import Gold
from bot.conversation.models import Conversation, Turn
from bot.language.facts import extract
from bot.language.masking import mask

INTENT = "intent"
STATES = ("new", "accepted", "rejected", "exported")
_COMMENT = 500
_CORRECTION = cast(Table, Correction.__table__)
_EXAMPLE = cast(Table, Example.__table__)
_K, _T, _C = _CORRECTION.c, cast(Table, Turn.__table__).c, cast(Table, Conversation.__table__).c


@dataclass(frozen=True)
class Said:
    """A turn of a person, as it was understood."""

    id: int
    conversation_id: str
    seq: int
    text: str
    intent: str | None
    confidence: float | None
    asked: str | None
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Proposed:
    """A correction with the turn that it is about."""

    id: int
    conversation_id: str
    seq: int
    subject: str
    before: Any
    after: Any
    topic: str | None
    comment: str
    author: int
    at: datetime
    state: str
    sentence: str | None
    text: str
    asked: str | None

    @property
    def changes(self) -> bool:
        """False when the adviser only said that it was right."""
        return bool(self.before != self.after)


def turn(connection: Connection, conversation_id: str, turn_id: int) -> Said | None:
    """A message that the person wrote and that was kept; None for choices, alarms and other conversations."""
    query = select(_T.id, _T.seq, _T.text, _T.intent, _T.confidence, _T.asked, _T.facts).where(
        _T.id == turn_id,
        _T.conversation_id == conversation_id,
        _T.direction == "user",
        _T.text.is_not(None),
        _T.choice.is_(None),
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    facts = {fact["name"]: fact.get("value") for fact in row.facts or [] if "name" in fact}
    return Said(row.id, conversation_id, row.seq, row.text, row.intent, row.confidence, row.asked, facts)


def correct(
    connection: Connection,
    said: Said,
    changes: Mapping[str, tuple[Any, Any]],
    *,
    topic: str | None,
    comment: str,
    author: int,
    at: datetime,
) -> int:
    """Keep what this turn should have been understood as: subject → before, after. In place of what was said before.

    What has already left in a patch is not touched. Returns how many were written.
    """
    mine = (_K.conversation_id == said.conversation_id, _K.seq == said.seq)
    gone = set(connection.execute(select(_K.subject).where(*mine, _K.state == "exported")).scalars())
    kept = {subject: pair for subject, pair in changes.items() if subject not in gone}
    connection.execute(delete(_CORRECTION).where(*mine, _K.subject.in_(list(kept))))
    rows = [
        {
            "conversation_id": said.conversation_id, "seq": said.seq, "subject": subject, "before": before,
            "after": after, "topic": topic if subject == INTENT else None, "comment": mask(comment[:_COMMENT]).text,
            "author": author, "at": at, "state": "new", "sentence": None,
        }
        for subject, (before, after) in kept.items()
    ]  # fmt: skip
    if rows:
        connection.execute(insert(_CORRECTION), rows)
    return len(rows)


def of_conversation(connection: Connection, conversation_id: str) -> list[Proposed]:
    """The corrections of a conversation, in the order of its turns."""
    return _read(connection, _K.conversation_id == conversation_id)


def proposed(
    connection: Connection, within: ColumnElement[bool], states: Sequence[str] = ("new",)
) -> list[Proposed]:
    """The corrections of the conversations `within` a territory, in these states."""
    return _read(connection, within, _K.state.in_(states))


def _read(connection: Connection, *where: ColumnElement[bool]) -> list[Proposed]:
    same = (_T.conversation_id == _K.conversation_id, _T.seq == _K.seq)
    query = (
        select(*_CORRECTION.c, _T.text, _T.asked)
        .join(Turn, (same[0]) & (same[1]))
        .join(Conversation, _C.id == _K.conversation_id)
        .where(_C.erased_at.is_(None), *where)
        .order_by(_K.conversation_id, _K.seq, _K.id)
    )
    return [Proposed(**row) for row in connection.execute(query).mappings()]


def decide(connection: Connection, ids: Sequence[int], state: str, sentence: str) -> None:
    """Accept or reject the corrections of one turn, with the sentence as the reviewer left it."""
    assert state in ("accepted", "rejected")
    values = {"state": state, "sentence": mask(" ".join(sentence.split())).text or None}
    connection.execute(update(_CORRECTION).where(_K.id.in_(ids), _K.state != "exported").values(values))


def propose_sentence(connection: Connection, ids: Sequence[int], sentence: str) -> None:
    """Keep the sentence that the machine proposes, so that it is not looked for again."""
    connection.execute(
        update(_CORRECTION).where(_K.id.in_(ids), _K.sentence.is_(None)).values(sentence=sentence)
    )


def by_turn(found: Sequence[Proposed]) -> dict[tuple[str, int], list[Proposed]]:
    """Corrections grouped by turn, in order."""
    groups: dict[tuple[str, int], list[Proposed]] = {}
    for each in found:
        groups.setdefault((each.conversation_id, each.seq), []).append(each)
    return groups


def additions(found: Sequence[Proposed]) -> list[Addition]:
    """The training sentences that accepted corrections make."""
    return [
        Addition(each.sentence, each.after, each.topic)
        for each in found
        if each.subject == INTENT and each.changes and each.after and each.sentence
    ]


def golds(found: Sequence[Proposed], today: date) -> list[Gold]:
    """The sentences whose facts must be read from now on: what is read today, with the corrections on top."""
    made = []
    for group in by_turn(found).values():
        facts = [each for each in group if each.subject != INTENT and each.changes]
        sentence = group[0].sentence
        if facts and sentence:
            read = {fact.name: fact.value for fact in extract(sentence, today=today, asked=group[0].asked)}
            read |= {each.subject: each.after for each in facts}
            made.append(
                Gold(
                    sentence,
                    {name: value for name, value in read.items() if value is not None},
                    group[0].asked,
                )
            )
    return made


def exported(
    connection: Connection,
    found: Sequence[Proposed],
    sentences: Sequence[tuple[str, str | None, Any]],
    *,
    by: int,
    on: date,
) -> None:
    """Mark what left, and keep the pseudonymised sentences apart: nothing ties them to a conversation."""
    connection.execute(
        update(_CORRECTION).where(_K.id.in_([each.id for each in found])).values(state="exported")
    )
    rows = [
        {"sentence": sentence, "intent": intent, "facts": facts, "exported_on": on, "exported_by": by}
        for sentence, intent, facts in sentences
    ]
    if rows:
        connection.execute(insert(_EXAMPLE), rows)


def reviewed(connection: Connection, within: ColumnElement[bool]) -> list[Proposed]:
    """The turns whose intent an adviser corrected or confirmed, rejected corrections left out."""
    return [
        each
        for each in _read(connection, within, _K.subject == INTENT, _K.state != "rejected")
        if each.after is not None
    ]
