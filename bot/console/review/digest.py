"""From a conversation and its turns to its row of the inbox: pure, so that it can be computed again at any time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.console.review.queues import Queue, Understood, queues_of
from bot.console.review.words import words_of
from bot.conversation.state import FLAG_OF_INTENT
from bot.orientation import FACTS, InvalidSituation, Situation
from bot.orientation.contradictions import contradictions
from bot.orientation.profiles import FARM, PUBLIC

_NAME = 64
"""Longest name of an event, that of its column."""
_LISTED = ("choice", "boolean")
"""Kinds of facts whose values are few enough to be filtered by."""


@dataclass(frozen=True, slots=True)
class TurnRead:
    """What is read of a turn."""

    seq: int
    direction: str
    choice: str | None
    text: str | None
    intent: str | None
    confidence: float | None
    margin: float | None
    facts: list[dict[str, Any]] | None
    asked: str | None
    flag: str | None
    asks: str | None
    """What the bot's message asks for."""
    first_step: str | None
    """Of the plan that the bot's message gives; None without a plan."""


@dataclass(slots=True)
class Digest:
    """What `review`, `review_event` and `review_word` hold of a conversation."""

    queues: Queue = field(default_factory=lambda: Queue(0))
    confidence: float | None = None
    events: dict[str, tuple[int, int]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def happened(self, name: str, seq: int) -> None:
        """Note an event at a turn."""
        first, last = self.events.get(name[:_NAME], (seq, seq))
        self.events[name[:_NAME]] = (min(first, seq), max(last, seq))


def digest(conversation: Mapping[str, Any], turns: Sequence[TurnRead], on: date) -> Digest:
    """The digest of a conversation's row (id, flags, situation, plan, turns) and all its turns, in order."""
    made = Digest()
    written: list[Understood] = []
    for turn in turns:
        if turn.direction == "bot":
            _bot_turn(made, turn, conversation["plan"])
        elif turn.direction == "adviser":
            made.happened("adviser", turn.seq)
        else:
            _person_turn(made, turn)
            if turn.choice is None and turn.flag != "safety" and turn.intent is not None:
                written.append(Understood(turn.confidence, turn.margin, bool(turn.facts)))
        if turn.direction != "bot" and turn.choice is None and turn.text:
            made.words.update(words_of(turn.text))
    _answers(made, turns, conversation["situation"] or {})
    for flag in conversation["flags"]:
        if f"flag:{flag}" not in made.events:
            made.happened(f"flag:{flag}", conversation["turns"])
    made.confidence = min((turn.confidence for turn in written if turn.confidence is not None), default=None)
    contradictory = contradicts(conversation["situation"] or {}, on)
    made.queues = queues_of(conversation["id"], conversation["flags"], written, contradictory=contradictory)
    return made


def _answers(made: Digest, turns: Sequence[TurnRead], situation: Mapping[str, Any]) -> None:
    """For the facts that no turn states (a place that was looked up): where their question was answered."""
    unsaid = {name for name in situation if f"fact:{name}" not in made.events}
    for turn in turns:
        if turn.direction == "user" and turn.asked in unsaid:
            made.happened(f"answer:{turn.asked}", turn.seq)


def _bot_turn(made: Digest, turn: TurnRead, plan: Mapping[str, Any] | None) -> None:
    if turn.asks:
        made.happened(f"asks:{turn.asks}", turn.seq)
    if turn.first_step is not None:
        made.happened("plan", turn.seq)
        for step in (plan or {}).get("steps", ()):
            made.happened(f"plan:{step['id']}", turn.seq)


def _person_turn(made: Digest, turn: TurnRead) -> None:
    if turn.intent:
        made.happened(f"intent:{turn.intent}", turn.seq)
    if turn.flag:
        made.happened(f"flag:{turn.flag}", turn.seq)
    if turn.intent in FLAG_OF_INTENT:
        made.happened(f"flag:{FLAG_OF_INTENT[turn.intent]}", turn.seq)
    for fact in turn.facts or ():
        _fact(made, turn.seq, fact.get("name"), fact.get("value"))


def _fact(made: Digest, seq: int, name: object, value: object) -> None:
    if not isinstance(name, str) or name not in FACTS:
        return
    made.happened(f"fact:{name}", seq)
    if FACTS[name].kind in _LISTED:
        made.happened(f"fact:{name}={value_name(value)}", seq)


def value_name(value: object) -> str:
    """How a value of a fact is written in the name of an event: true and false as in JSON."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def contradicts(situation: Mapping[str, Any], on: date) -> bool:
    """Whether the answers cannot hold together on a day."""
    try:
        return bool(contradictions(Situation.from_json(situation), on))
    except InvalidSituation:
        return False


def profile(situation: Mapping[str, Any]) -> str | None:
    """Family of status for the law: employer, public, farm, self_employed, jobseeker, employee; None unknown."""
    status, sector = situation.get("status"), situation.get("sector")
    if situation.get("audience") == "employer":
        return "employer"
    if status is None:
        return None
    if status in PUBLIC:
        return "public"
    if status in FARM or (sector == "agricole" and status in ("salarie_prive", "apprenti")):
        return "farm"
    return {"independant": "self_employed", "demandeur_emploi": "jobseeker"}.get(status, "employee")
