"""What a turn changes in a conversation: question, situation, step reached, flags, things to count."""

import re
from typing import Any

from bot.conversation.state import Choices, ConversationState, Message
from bot.conversation.store import Event, feedback_event, safety_event
from bot.gateway.emergencies import INTENTS
from bot.gateway.rasa import RasaReply
from bot.language.safety import Alarm

_NOT_FACTS = {"consent": "opening", "confirm": "recap", "feedback": "feedback"}
_FLAG_OF_INTENT = {
    "ask_human": "human",
    "correct_answer": "corrected",
    "out_of_scope": "not_understood",
    "nlu_fallback": "not_understood",
}
_OUTCOME_OF_INTENT = {"ask_human": "human", "stop": "stopped"}
_COMPARED = (
    "situation",
    "department",
    "audience",
    "step",
    "outcome",
    "flags",
    "rules_version",
    "model_version",
)
_ANSWER = re.compile(r"^[a-z_]{1,16}$")


def advance(
    state: ConversationState, reply: RasaReply, messages: list[Message], choices: Choices
) -> set[str]:
    """Bring the state to where the answer leads; returns the names of the fields that changed."""
    before = {name: getattr(state, name) for name in _COMPARED}
    state.asks, state.choices, state.question = reply.asks, choices, current_question(messages)
    state.situation = reply.situation or None
    department, audience = reply.situation.get("department"), reply.situation.get("audience")
    state.department = department[:3] if isinstance(department, str) else None
    state.audience = audience[:16] if isinstance(audience, str) else None
    state.model_version = reply.model or state.model_version
    state.rules_version = reply.rules or state.rules_version
    changed = {"asks", "choices", "question"}
    plan = next((shown["plan"] for shown in reversed(messages) if shown["plan"]), None)
    if plan is not None:
        state.plan, state.outcome = plan, "plan"
        changed.add("plan")
        state.reach("plan")
    if reply.asks:
        state.reach(_NOT_FACTS.get(reply.asks, "questions"))
    _mark(state, reply.intent or "")
    return changed | {name for name in _COMPARED if getattr(state, name) != before[name]}


def _mark(state: ConversationState, intent: str) -> None:
    if intent in INTENTS:
        state.flag("safety")
    if intent in _FLAG_OF_INTENT:
        state.flag(_FLAG_OF_INTENT[intent])
    state.outcome = _OUTCOME_OF_INTENT.get(intent, state.outcome)


def current_question(messages: list[Message]) -> Message | None:
    """The message to put again: the one that asks, else the last with choices. Without its plan."""
    for wanted in ("asks", "choices"):
        for shown in reversed(messages):
            if shown[wanted]:
                return shown | {"plan": None}
    return None


def events(
    state: ConversationState,
    alarm: Alarm | None,
    reply: RasaReply | None,
    asked: str | None,
    choice: str | None,
) -> list[Event]:
    """What this turn adds to the counters that are tied to nobody."""
    day, counted = state.active_at.date(), []
    if alarm is not None:
        counted.append(safety_event(day, alarm.kind, state.channel))
    elif reply is not None and reply.intent in INTENTS:
        counted.append(safety_event(day, reply.intent, state.channel))
    answer = _feedback(reply, choice) if asked == "feedback" else None
    if answer is not None:
        audience, department = (state.audience, state.department) if state.kept else ("", "")
        counted.append(feedback_event(day, answer, state.channel, audience or "", department or ""))
        if answer == "no":
            state.flag("negative_feedback")
    return counted


def _feedback(reply: RasaReply | None, choice: str | None) -> str | None:
    said: Any = choice
    if said is None and reply is not None:
        said = next((fact.get("value") for fact in reply.facts if fact.get("name") == "feedback"), None)
        said = said or {"affirm": "yes", "deny": "no"}.get(reply.intent or "")
    return said if isinstance(said, str) and _ANSWER.match(said) else None
