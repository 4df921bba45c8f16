"""What the rules say of a situation: outcomes, questions, refinements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import bot.orientation.devices
import bot.orientation.steps  # noqa: F401 - importing declares the rules
from bot.orientation.diagram import Prospect, State, diagram, merged
from bot.orientation.domains import domains, fact_read
from bot.orientation.facts import FACTS, Value
from bot.orientation.law import epoch, law_on
from bot.orientation.reading import IMPLIED_BY, Facts, Unknown, completed, overruling
from bot.orientation.registry import RULES, Outcome
from bot.orientation.situation import Situation

_UNTOLD: Mapping[str, None] = dict.fromkeys(FACTS)


@dataclass(frozen=True)
class Findings:
    """What the rules say of a situation: each one's outcome, and the facts worth asking for."""

    outcomes: Mapping[str, Outcome]
    questions: frozenset[str]
    states: Mapping[str, State]
    """What is known of each fact, in the form that diagrams read."""


def findings(situation: Situation, on: date, declined: frozenset[str] = frozenset()) -> Findings:
    """Decide every rule. Questions feed on each other: asking one fact may make another one worth asking."""
    known = completed(situation.facts, on)
    refused = {fact_read(name) for name in declined} - known.keys()
    states: dict[str, State] = {**dict.fromkeys(refused, "declined"), **_stand_ins(known, on)}
    diagrams = {rule: diagram(rule, epoch(on)) for rule in RULES}
    prospects = {rule: reader.prospect(states) for rule, reader in diagrams.items()}
    questions = _questions(prospects, refused)
    while not questions <= states.keys():
        new = questions - states.keys()
        states.update(dict.fromkeys(new, "asked"))
        for rule, reader in diagrams.items():
            if not new.isdisjoint(reader.facts):
                prospects[rule] = reader.prospect(states)
        questions = _questions(prospects, refused)
    outcomes = {
        rule: _decided(rule, found, known, on) if found.outcome is None else found.outcome
        for rule, found in prospects.items()
    }
    return Findings(outcomes, questions, states)


def _stand_ins(known: Mapping[str, Value], on: date) -> dict[str, State]:
    """What stands for each known fact in the diagrams of the epoch: its class, mostly.

    The length of an absence is the return less the start of the leave: with both known, both stay exact.
    """
    here, there = domains(on), domains(epoch(on))
    found: dict[str, State] = {
        name: (there[name].values[here[name].position(value)],)
        for name, value in known.items()
        if name in here
    }
    start, back = known.get("leave_start"), known.get("return_date")
    if isinstance(start, date) and isinstance(back, date):
        shift = epoch(on) - on
        found["leave_start"], found["return_date"] = (start + shift,), (back + shift,)
    return found


def _questions(prospects: Mapping[str, Prospect], refused: set[str]) -> frozenset[str]:
    return frozenset().union(*(found.questions for found in prospects.values())) - refused


def refinements(situation: Situation, on: date, *, declined: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Facts that nobody asks for, but that would change the plan if the person told them.

    With `plan.missing`, they are all the facts that can change a plan: any other one changes nothing.
    """
    found = findings(situation, on, declined)
    known = completed(situation.facts, on)
    told = frozenset().union(*(diagram(rule, epoch(on)).refinements(found.states) for rule in RULES))
    wanted = {"danger", *told, *found.questions}
    wanted |= overruling(situation.facts, known)
    waiting = list(wanted)
    while waiting:  # a fact that implies one that matters, matters too
        for name in IMPLIED_BY[waiting.pop()] - wanted - known.keys():
            wanted.add(name)
            waiting.append(name)
    return tuple(name for name in FACTS if name in wanted - found.questions - known.keys())


def _decided(rule: str, found: Prospect, known: Mapping[str, Value], on: date) -> Outcome:
    """The rule's outcome on the exact facts; where several are possible, what they share."""
    shift = on - epoch(on)
    outcomes = []
    for witness in found.witnesses:
        assumed = {
            name: value + shift if isinstance(value, date) else value for name, value in witness.items()
        }
        outcomes.append(_run(rule, {**known, **assumed}, on))
    return merged(rule, outcomes)


def _run(rule: str, facts: dict[str, Value | None], on: date) -> Outcome:
    """Run a rule; a fact that it reads without its mattering (the diagram has checked) gets any value."""
    told: dict[str, Value | None] = {**_UNTOLD, **facts}
    while True:
        try:
            return RULES[rule].decide(Facts(facts, told, on), law_on(on))
        except Unknown as unknown:
            value = domains(on)[unknown.fact].values[0]
            facts = {**facts, unknown.fact: value}
            told = {**told, unknown.fact: value}
