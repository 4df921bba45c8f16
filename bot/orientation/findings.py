"""What the rules say of a situation: outcomes, questions, refinements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import bot.orientation.devices
import bot.orientation.steps  # noqa: F401 - importing declares the rules
from bot.orientation.diagram import Diagram, Outset, Prospect, Reading, State, diagrams, merged
from bot.orientation.domains import absence, absences, domains, fact_read
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
    readers = diagrams(epoch(on))
    outsets = {rule: reader.outset(states) for rule, reader in readers.items()}
    questions = _questions(readers, outsets, states, refused)
    prospects = {rule: reader.prospect(outsets[rule], states) for rule, reader in readers.items()}
    person = Facts(known, {**_UNTOLD, **known}, on)
    outcomes = {
        rule: _decided(rule, found, person, on) if found.outcome is None else found.outcome
        for rule, found in prospects.items()
    }
    return Findings(outcomes, questions, states)


def _questions(
    readers: Mapping[str, Diagram], outsets: Mapping[str, Outset], states: dict[str, State], refused: set[str]
) -> frozenset[str]:
    """The facts worth asking for, each then marked as asked: what it opens is asked too."""
    undecided = {rule: start for rule, (start, _) in outsets.items() if isinstance(start, Reading)}
    asked = {rule: readers[rule].questions(start, states) for rule, start in undecided.items()}
    while new := frozenset().union(*asked.values()) - refused - states.keys():
        states.update(dict.fromkeys(new, "asked"))
        for rule, start in undecided.items():
            if not new.isdisjoint(start.wished):
                asked[rule] = readers[rule].questions(start, states)
    return frozenset().union(*asked.values()) - refused


def _stand_ins(known: Mapping[str, Value], on: date) -> dict[str, State]:
    """What stands for each known fact in the diagrams of the epoch: its class.

    With both known, the start of the leave and the return also say how long the absence is.
    """
    here, there = domains(on), domains(epoch(on))
    classes = {name: here[name].position(value) for name, value in known.items() if name in here}
    found: dict[str, State] = {name: (there[name].values[index],) for name, index in classes.items()}
    start, back = known.get("leave_start"), known.get("return_date")
    if isinstance(start, date) and isinstance(back, date):
        length = absences(on).position((back - start).days)
        days = absence(epoch(on), classes["leave_start"], classes["return_date"], length)
        found["leave_start"], found["return_date"] = (days[0],), (days[1],)
    return found


def refinements(situation: Situation, on: date, *, declined: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Facts that nobody asks for, but that would change the plan if the person told them.

    With `plan.missing`, they are all the facts that can change a plan: any other one changes nothing.
    """
    found = findings(situation, on, declined)
    known = completed(situation.facts, on)
    told = frozenset().union(*(reader.refinements(found.states) for reader in diagrams(epoch(on)).values()))
    wanted = {"danger", *told, *found.questions}
    wanted |= overruling(situation.facts, known)
    waiting = list(wanted)
    while waiting:  # a fact that implies one that matters, matters too
        for name in IMPLIED_BY[waiting.pop()] - wanted - known.keys():
            wanted.add(name)
            waiting.append(name)
    return tuple(name for name in FACTS if name in wanted - found.questions - known.keys())


def _decided(rule: str, found: Prospect, person: Facts, on: date) -> Outcome:
    """The rule's outcome on the exact facts; where several are possible, what they share."""
    shift = on - epoch(on)
    outcomes = []
    for witness in found.witnesses:
        assumed = {
            name: value + shift if isinstance(value, date) else value for name, value in witness.items()
        }
        outcomes.append(_run(rule, person.assuming(assumed), on))
    return merged(rule, outcomes)


def _run(rule: str, person: Facts, on: date) -> Outcome:
    """Run a rule; a fact that it reads without its mattering (the diagram has checked) gets any value."""
    while True:
        try:
            return RULES[rule].decide(person, law_on(on))
        except Unknown as unknown:
            person = person.assuming({unknown.fact: domains(on)[unknown.fact].values[0]})
