"""A reviewed conversation as a test: a YAML scenario that tests/conversations replays through the whole product.

What is expected is what advisers say is right: where they corrected a fact, the corrected situation and its plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import yaml
from sqlalchemy import Connection, Table, select

from bot.console.improve.corrections import INTENT, Proposed, of_conversation
from bot.console.improve.pseudonyms import Names, pseudonymise
from bot.console.improve.recogniser import recognise
from bot.conversation.models import Conversation, Turn
from bot.language.masking import mask
from bot.orientation import InvalidSituation, Situation, orient

_C, _T = cast(Table, Conversation.__table__).c, cast(Table, Turn.__table__).c
_DATED = frozenset({"leave_days", "leave_start", "return_date", "unfit_date"})
"""Facts that depend on the day when the test is run."""
_NOT_ANSWERS = frozenset({"consent", "feedback"})
_KEYS = {"title", "turns", "answers", "expect"}


@dataclass(frozen=True)
class Talk:
    """What a scenario is made from."""

    situation: Mapping[str, Any]
    turns: Sequence[Any]
    """seq, text, choice, asked, flag of what the person said."""
    last_asked: str | None
    corrections: Sequence[Proposed]


class NoScenarioError(ValueError):
    """This conversation cannot be replayed; the message is a key of the wording."""


def read(connection: Connection, conversation_id: str) -> Talk | None:
    """The conversation, if it is kept."""
    row = connection.execute(
        select(_C.situation, _C.asks).where(
            _C.id == conversation_id, _C.consent == "yes", _C.erased_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        return None
    said = select(_T.seq, _T.text, _T.choice, _T.asked, _T.flag).where(
        _T.conversation_id == conversation_id, _T.direction == "user"
    )
    turns = connection.execute(said.order_by(_T.seq)).all()
    return Talk(row.situation or {}, turns, row.asks, of_conversation(connection, conversation_id))


async def scenario(talk: Talk, title: str, today: date) -> str:
    """The scenario as YAML. Raises NoScenarioError, StartingError, RecogniserError."""
    said = [turn for turn in talk.turns if turn.asked not in _NOT_ANSWERS]
    if any(turn.flag == "safety" or (turn.text is None and turn.choice is None) for turn in said):
        raise NoScenarioError("withheld")
    if not said:
        raise NoScenarioError("silent")
    texts = [" ".join(mask(turn.text or "").text.split()) if turn.choice is None else "" for turn in said]
    found = await recognise(texts)
    names = Names()
    lines = [pseudonymise(text, entities, names) for text, entities in zip(texts, found, strict=True)]
    first_corrected = min((each.seq for each in talk.corrections if each.changes), default=None)
    turns = []
    for rank, (turn, line) in enumerate(zip(said, lines, strict=True)):
        step = {"choose": turn.choice} if turn.choice is not None else {"say": line}
        after = said[rank + 1].asked if rank + 1 < len(said) else talk.last_asked
        if after and after not in _NOT_ANSWERS and (first_corrected is None or turn.seq < first_corrected):
            step["asks"] = after
        turns.append(step)
    made = {"title": title, "turns": turns, "expect": _expected(talk, today)}
    return yaml.dump(made, allow_unicode=True, sort_keys=False, width=110)


def _expected(talk: Talk, today: date) -> dict[str, Any]:
    facts = dict(talk.situation)
    for each in talk.corrections:
        if each.subject != INTENT and each.changes:
            facts[each.subject] = each.after
    facts = {name: value for name, value in facts.items() if value is not None and name != "commune"}
    expected: dict[str, Any] = {
        "situation": {name: value for name, value in facts.items() if name not in _DATED}
    }
    try:
        plan = orient(Situation.from_json(facts), on=today).to_json()
    except InvalidSituation:
        return expected
    if talk.last_asked in ("feedback", None) and plan["first_step"]:
        expected["first_step"] = plan["first_step"]
        expected["steps"] = {step["id"]: step["when"] for step in plan["steps"]}
    return expected


def problem_of(text: str) -> str:
    """Why this text is no scenario (a key of the wording); empty when it is one."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError:
        return "not_yaml"
    if not isinstance(found, dict) or not found.keys() <= _KEYS or not found.get("title"):
        return "not_scenario"
    turns = found.get("turns")
    if not isinstance(turns, list) or not turns or not isinstance(found.get("expect"), dict):
        return "not_scenario"
    good = all(isinstance(turn, dict) and len(turn.keys() & {"say", "choose"}) == 1 for turn in turns)
    return "" if good else "not_scenario"
