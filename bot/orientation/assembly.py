"""From outcomes to the lines that people read: words, order, devices of each step, territory."""

from dataclasses import replace
from datetime import date
from functools import lru_cache

from bot.orientation import wording
from bot.orientation.findings import Findings
from bot.orientation.outcomes import Absent, Advice, Deadline, DeviceOutcome, NotConcerned
from bot.orientation.plan import DatedDeadline, Device, NotForYou, Plan, Step
from bot.orientation.registry import RULES
from bot.orientation.situation import Situation
from bot.orientation.steps import FIVE, ORDER
from bot.orientation.steps.emergency import EMERGENCY
from bot.orientation.territories import localised

_WHEN = {"now": 0, "next": 1, "if_needed": 2}
_STATUS = {"open": 0, "later": 1, "closed": 2}


def device_lines(found: Findings, audience: str | None) -> tuple[Device, ...]:
    """Every device, open ones first, then those to come, then the closed ones with their reason."""
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
        details=wording.device_details(name, outcome.status, audience),
    )


def step_lines(
    found: Findings, devices: tuple[Device, ...], person: Situation
) -> tuple[tuple[Step, ...], tuple[NotForYou, ...]]:
    """The steps to take, in order, and those of the path that are not for this person."""
    department, audience = person.department, person.audience
    advices: dict[str, Advice] = {}
    others: list[NotForYou] = []
    for name in ORDER:
        outcome = found.outcomes.get(f"step:{name}")
        if isinstance(outcome, Advice):
            advices[name] = outcome
        elif isinstance(outcome, NotConcerned):
            others.append(NotForYou(name, wording.not_concerned(name, outcome.why, department)))
        elif isinstance(outcome, Absent) and name in FIVE:
            others.append(NotForYou(name, wording.not_concerned(name, "undecided", department)))
    where = _devices_by_step(devices, found, frozenset(advices))
    steps = [
        localised(
            _step(
                name,
                _complete(name, advice, found),
                _deadlines(name, found),
                where.get(name, ()),
                department,
                audience,
            ),
            department,
            audience,
            person.status,
        )
        for name, advice in advices.items()
    ]
    steps.sort(key=lambda step: (_WHEN[step.when], advices[step.id].rank, ORDER.index(step.id)))
    return _begun(steps, person), tuple(others)


def _begun(steps: list[Step], person: Situation) -> tuple[Step, ...]:
    """A plan begins with a step to take now: where nothing is certain, the first one that names someone to contact.

    An employer who has not told the status reads the path of a private employee, and is told so.
    """
    if all(step.when != "now" for step in steps):
        first = next((step for step in steps if step.contact_types), steps[0])
        steps = [replace(first, when="now"), *(step for step in steps if step is not first)]
    if person.audience == "employer" and person.status is None:
        steps[0] = replace(steps[0], why=(*steps[0].why, wording.presumed_status()))
    return tuple(steps)


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
    return Step(
        id=name,
        when=advice.when,
        title=wording.title(name, advice.title, department, audience),
        why=tuple(wording.why(name, key, department) for key in advice.why),
        say=wording.say(name, advice.say, department),
        bring=wording.bring(name, advice.bring, department),
        employer_informed=advice.informed,
        deadlines=tuple(
            DatedDeadline(said.text, deadline.day, said.source)
            for deadline in deadlines
            for said in [wording.deadline(deadline.label)]
        ),
        devices=devices,
        contact_types=advice.contacts,
    )


def emergency_plan(on: date) -> Plan:
    """The plan of someone in danger: the emergency step alone (see `steps.emergency`)."""
    step = _step("emergency", EMERGENCY, (), (), None, None)
    return Plan(
        as_of=on,
        first_step=step.id,
        steps=(step,),
        devices=(),
        not_concerned=(),
        missing=(),
        contradictions=(),
    )
