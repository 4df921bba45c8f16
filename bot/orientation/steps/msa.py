"""Steps 1 and 2 for the farm sector: the MSA is the health fund and the occupational-health service."""

from bot.orientation.calendar import back_deadlines, just_back, leave_deadlines
from bot.orientation.law import Law
from bot.orientation.outcomes import Absent, Advice, Deadline, StepOutcome
from bot.orientation.profiles import (
    declared_unfit,
    fears_unfitness,
    from_work,
    has_occupational_physician,
    health_at_stake,
    is_employer,
    is_farm,
    long_leave,
    notice_given,
    notice_received,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import deadlines, reasons, step

MSA = ("msa",)


@step("msa")
def msa(s: Facts, law: Law) -> StepOutcome:
    """One counter: social service, occupational physician, job-retention cell (C. rural L717-3, L723-3)."""
    if is_employer(s):
        return _for_employer(s)
    if not health_at_stake(s) or not is_farm(s):
        return Absent()
    if without_employer(s):
        if s.on_leave:
            return Advice("now", 5, ("rights", "cell"), "rights", MSA, bring="rights")
        return Advice("next", 20, ("rights", "cell"), "rights", MSA, bring="rights")
    if s.status == "exploitant_agricole":
        reason = "farmer_leave" if s.on_leave else "farmer"
        return Advice("now", 10, (reason, "cell"), reason, MSA, bring="farmer")
    if declared_unfit(s):
        return Advice("now", 30, ("unfit", "cell"), "unfit", MSA, bring="unfit")
    if not s.on_leave:
        return Advice("now", 10, ("at_work", "cell"), "at_work", MSA, bring="at_work")
    reason = "long_leave" if long_leave(s, law) else "short_leave"
    return Advice("now", 10, (reason, "cell"), reason, MSA, bring="leave", informed="with_consent")


@reasons("msa")
def msa_reasons(s: Facts, law: Law) -> tuple[str, ...]:
    """What the MSA should know: an accident or a disease to declare, the fear of a notice, leaves that come back."""
    if not health_at_stake(s) or not is_farm(s):
        return ()
    if is_employer(s):
        return ("employer_repeated_leaves",) if s.told.repeated_leaves and not notice_received(s) else ()
    if s.status == "exploitant_agricole":
        return ("farmer_declare",) if from_work(s.told.cause) else ()
    found = {
        "accident": s.told.cause == "work_accident",
        "occupational_disease": s.told.cause == "occupational_disease",
    }
    if not without_employer(s) and not declared_unfit(s):
        found |= {
            "fear": fears_unfitness(s),
            "repeated_leaves": s.told.repeated_leaves is True,
            "part_time": s.told.therapeutic_part_time is True and not s.on_leave,
            "just_back": just_back(s, law),
        }
    return tuple(key for key, holds in found.items() if holds)


@deadlines("msa")
def msa_deadlines(s: Facts, law: Law) -> tuple[Deadline, ...]:
    """Pre-return and return visits of farm employees (C. rural R717-17, R717-17-1)."""
    if is_employer(s) or not health_at_stake(s) or not is_farm(s) or notice_given(s):
        return ()
    if not has_occupational_physician(s):
        return ()
    return leave_deadlines(s, law) if s.on_leave else back_deadlines(s, law)


def _for_employer(s: Facts) -> StepOutcome:
    """The employer's written, reasoned request for a visit; help to adapt (C. rural R717-18)."""
    if not is_farm(s):
        return Absent()
    if wants_policy(s):
        return Advice("now", 10, ("employer_policy",), "employer_policy", MSA, bring="none", informed="yes")
    if s.on_leave:
        return Advice("now", 10, ("employer_leave",), "employer_leave", MSA, bring="none", informed="yes")
    return Advice("now", 10, ("employer_at_work",), "employer_at_work", MSA, bring="none", informed="yes")
