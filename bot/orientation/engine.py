"""From a situation to its plan: every rule is decided, the undecided ones are merged, the words are put in."""

from datetime import date

from bot.orientation.assembly import device_lines, emergency_plan, step_lines
from bot.orientation.contradictions import contradictions
from bot.orientation.domains import question_of
from bot.orientation.findings import findings
from bot.orientation.plan import Plan
from bot.orientation.questions import ordered
from bot.orientation.situation import Situation


def orient(situation: Situation, on: date, *, declined: frozenset[str] = frozenset()) -> Plan:
    """The plan of a situation on a day.

    `declined` names the facts that the person cannot give: they are never in `plan.missing` again, and what
    they would have decided is said with care.
    """
    if situation.get("danger") is True:
        return emergency_plan(on)
    found = findings(situation, on, declined)
    devices = device_lines(found, situation.audience)
    steps, others = step_lines(found, devices, situation)
    questions = {question_of(name) for name in found.questions}
    if situation.department is None:
        questions.add("department")  # contacts always depend on the place
    return Plan(
        as_of=on,
        first_step=steps[0].id,
        steps=steps,
        devices=devices,
        not_concerned=others,
        missing=ordered(questions - declined, situation),
        contradictions=contradictions(situation, on),
    )
