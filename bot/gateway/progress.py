"""What a turn changes in a conversation: question, situation, step reached, flags, things to count."""

import re

from bot.conversation.state import FLAG_OF_INTENT, ConversationState, Message, TurnRecord
from bot.conversation.store import Event, feedback_event, safety_event
from bot.gateway.emergencies import INTENTS
from bot.gateway.messages import Shown
from bot.gateway.rasa import RasaReply
from bot.language.safety import Alarm
from bot.version import rules_version

_NOT_FACTS = {"consent": "opening", "confirm": "recap", "feedback": "feedback"}
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


def advance(state: ConversationState, reply: RasaReply, shown: Shown) -> set[str]:
    """Bring the state to where the answer leads; returns the names of the fields that changed."""
    before = {name: getattr(state, name) for name in _COMPARED}
    state.asks, state.choices = reply.asks, shown.choices
    state.question = current_question(shown.messages)
    state.situation = reply.situation or None
    department, audience = reply.situation.get("department"), reply.situation.get("audience")
    state.department = department[:3] if isinstance(department, str) else None
    state.audience = audience[:16] if isinstance(audience, str) else None
    state.model_version = reply.model or state.model_version
    changed = {"asks", "choices", "question"}
    plan = next((each["plan"] for each in reversed(shown.messages) if each["plan"]), None)
    if plan is not None:
        state.plan, state.outcome = plan, "plan"
        state.rules_version = rules_version()
        changed.add("plan")
        state.reach("plan")
    if reply.asks:
        state.reach(_NOT_FACTS.get(reply.asks, "questions"))
    _mark(state, reply.intent or "")
    return changed | {name for name in _COMPARED if getattr(state, name) != before[name]}


def _mark(state: ConversationState, intent: str) -> None:
    if intent in INTENTS:
        state.flag("safety")
    if intent in FLAG_OF_INTENT:
        state.flag(FLAG_OF_INTENT[intent])
    state.outcome = _OUTCOME_OF_INTENT.get(intent, state.outcome)


def current_question(messages: list[Message]) -> Message | None:
    """The message to put again: the one that asks, else the last with choices. Without its plan."""
    for wanted in ("asks", "choices"):
        for shown in reversed(messages):
            if shown[wanted]:
                return shown | {"plan": None}
    return None


def events(
    state: ConversationState, alarm: Alarm | None, said: TurnRecord, shown: Shown | None
) -> list[Event]:
    """What this turn adds to the counters that are tied to nobody."""
    day, counted = state.active_at.date(), []
    danger = alarm.kind if alarm is not None else shown.safety if shown is not None else None
    if danger is None and said.intent in INTENTS:
        danger = said.intent
    if danger is not None:
        counted.append(safety_event(day, danger, state.channel))
    feedback = shown.feedback if shown is not None else None
    if feedback is None and said.asked == "feedback":
        feedback = said.choice
    if feedback is not None and _ANSWER.match(feedback):
        audience, department = (state.audience, state.department) if state.kept else ("", "")
        counted.append(feedback_event(day, feedback, state.channel, audience or "", department or ""))
        state.reach("feedback")
        if feedback == "no":
            state.flag("negative_feedback")
    return counted
