"""From a situation to its plan: every rule is decided, the undecided ones are merged, the words are put in."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import bot.orientation.devices
import bot.orientation.steps  # noqa: F401 - importing declares the rules
from bot.orientation import wording
from bot.orientation.contradictions import contradictions
from bot.orientation.diagram import Prospect, State, diagram, merged
from bot.orientation.domains import domains, fact_read, question_of
from bot.orientation.facts import FACTS, Value
from bot.orientation.law import epoch, law_on
from bot.orientation.outcomes import Absent, Advice, Deadline, DeviceOutcome, NotConcerned
from bot.orientation.plan import DatedDeadline, Device, NotForYou, Plan, Step
from bot.orientation.questions import ordered
from bot.orientation.reading import IMPLIED_BY, Facts, Unknown, completed
from bot.orientation.registry import RULES, Outcome
from bot.orientation.situation import Situation
from bot.orientation.steps import FIVE, ORDER
from bot.orientation.steps.emergency import EMERGENCY

_WHEN = {"now": 0, "next": 1, "if_needed": 2}
_STATUS = {"open": 0, "later": 1, "closed": 2}
_UNTOLD: Mapping[str, None] = dict.fromkeys(FACTS)


@dataclass(frozen=True)
class Findings:
    """What the rules say of a situation: each one's outcome, and the facts worth asking for."""

    outcomes: Mapping[str, Outcome]
    questions: frozenset[str]
    states: Mapping[str, State]
    """What is known of each fact, in the form that diagrams read."""


def orient(situation: Situation, on: date, *, declined: frozenset[str] = frozenset()) -> Plan:
    """The plan of a situation on a day.

    `declined` names the facts that the person cannot give: they are never in `plan.missing` again, and what
    they would have decided is said with care.
    """
    if situation.get("danger") is True:
        return _emergency(on)
    found = findings(situation, on, declined)
    department = situation.get("department")
    audience = situation.get("audience")
    place = str(department) if department is not None else None
    who = str(audience) if audience is not None else None
    devices = _devices(found, who)
    steps, others = _steps(found, devices, place, who)
    return Plan(
        as_of=on,
        first_step=steps[0].id,
        steps=steps,
        devices=devices,
        not_concerned=others,
        missing=_missing(situation, found, declined),
        contradictions=contradictions(situation, on),
    )


def findings(situation: Situation, on: date, declined: frozenset[str] = frozenset()) -> Findings:
    """Decide every rule. Questions feed on each other: asking one fact may make another one worth asking."""
    known = completed(situation.facts, on)
    refused = {fact_read(name) for name in declined} - known.keys()
    here, there = domains(on), domains(epoch(on))
    stand_ins: dict[str, State] = {
        name: (there[name].values[here[name].position(value)],)
        for name, value in known.items()
        if name in here
    }
    states: dict[str, State] = {**dict.fromkeys(refused, "declined"), **stand_ins}
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


def _missing(situation: Situation, found: Findings, declined: frozenset[str]) -> tuple[str, ...]:
    questions = {question_of(name) for name in found.questions}
    if situation.get("department") is None:
        questions.add("department")  # contacts always depend on the place
    return ordered(questions - declined, situation)


def _devices(found: Findings, audience: str | None) -> tuple[Device, ...]:
    devices = []
    for rule, outcome in found.outcomes.items():
        if isinstance(outcome, DeviceOutcome):
            devices.append(_device(RULES[rule].id, outcome, audience))
    return tuple(sorted(devices, key=lambda device: (_STATUS[device.status], wording.device_rank(device.id))))


@lru_cache(maxsize=4096)
def _device(name: str, outcome: DeviceOutcome, audience: str | None) -> Device:
    words = wording.device_words()[name]
    said = wording.device_reason(name, outcome.reason, audience)
    return Device(
        id=name,
        name=words["name"],
        status=outcome.status,
        opens_on=outcome.opens_on,
        summary=said.text,
        source=said.source,
        details=wording.device_details(name, audience) if outcome.status != "closed" else {},
    )


def _steps(
    found: Findings, devices: tuple[Device, ...], department: str | None, audience: str | None
) -> tuple[tuple[Step, ...], tuple[NotForYou, ...]]:
    advices: dict[str, Advice] = {}
    others: list[NotForYou] = []
    for name in ORDER:
        outcome = found.outcomes.get(f"step:{name}")
        if isinstance(outcome, Advice):
            advices[name] = outcome
        elif isinstance(outcome, NotConcerned):
            others.append(NotForYou(name, wording.not_concerned(name, outcome.why)))
        elif isinstance(outcome, Absent) and name in FIVE:
            others.append(NotForYou(name, wording.not_concerned(name, "undecided")))
    where = _devices_by_step(devices, found, frozenset(advices))
    steps = [
        _step(
            name,
            _complete(name, advice, found),
            _deadlines(name, found),
            where.get(name, ()),
            department,
            audience,
        )
        for name, advice in advices.items()
    ]
    steps.sort(key=lambda step: (_WHEN[step.when], advices[step.id].rank, ORDER.index(step.id)))
    return tuple(steps), tuple(others)


def _devices_by_step(
    devices: tuple[Device, ...], found: Findings, steps: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """Each device that is open, or later, goes with the first of its steps that is in the plan."""
    where: dict[str, tuple[str, ...]] = {}
    for device in devices:
        outcome = found.outcomes[f"device:{device.id}"]
        if device.status == "closed" or (
            isinstance(outcome, DeviceOutcome) and outcome.reason == "undecided"
        ):
            continue
        home = next((name for name in wording.device_words()[device.id]["steps"] if name in steps), None)
        if home:
            where[home] = (*where.get(home, ()), device.id)
    return where


def _complete(name: str, advice: Advice, found: Findings) -> Advice:
    """The advice with the further reasons of its step."""
    more = found.outcomes.get(f"reasons:{name}", ())
    assert isinstance(more, tuple)
    return replace(advice, why=(*advice.why, *(key for key in more if isinstance(key, str))))


def _deadlines(name: str, found: Findings) -> tuple[Deadline, ...]:
    lines = found.outcomes.get(f"deadlines:{name}", ())
    assert isinstance(lines, tuple)
    return tuple(line for line in lines if isinstance(line, Deadline))


def _step(
    name: str,
    advice: Advice,
    deadlines: tuple[Deadline, ...],
    devices: tuple[str, ...],
    department: str | None,
    audience: str | None,
) -> Step:
    reasons = tuple(wording.why(name, key) for key in advice.why)
    return Step(
        id=name,
        when=advice.when,
        title=wording.title(name, advice.title, department),
        why=reasons + wording.territory_additions(department, name, audience),
        say=wording.say(name, advice.say),
        bring=wording.bring(name, advice.bring),
        employer_informed=advice.informed,
        deadlines=tuple(
            DatedDeadline(said.text, deadline.day, said.source)
            for deadline in deadlines
            for said in [wording.deadline(deadline.label)]
        ),
        devices=devices,
        contact_types=advice.contacts,
    )


def _emergency(on: date) -> Plan:
    return Plan(
        as_of=on,
        first_step="emergency",
        steps=(_step("emergency", EMERGENCY, (), (), None, None),),
        devices=(),
        not_concerned=(),
        missing=(),
        contradictions=(),
    )
