"""Steps 1 and 2 for the farm sector: the MSA is the health fund and the occupational-health service."""

from bot.orientation.calendar import leave_deadlines
from bot.orientation.law import Law
from bot.orientation.outcomes import Absent, Advice, Deadline, StepOutcome
from bot.orientation.profiles import (
    declared_unfit,
    health_at_stake,
    is_employer,
    is_farm,
    long_leave,
    notice_given,
    wants_policy,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import deadlines, step

MSA = ("msa",)


@step("msa")
def msa(s: Facts, law: Law) -> StepOutcome:
    """One counter: social service, occupational physician, job-retention cell (C. rural L717-3, L723-3)."""
    if is_employer(s):
        return _for_employer(s)
    if not health_at_stake(s) or not is_farm(s):
        return Absent()
    if s.status == "exploitant_agricole":
        reason = "farmer_leave" if s.on_leave else "farmer"
        return Advice("now", 10, (reason, "cell"), reason, MSA, bring="farmer")
    if declared_unfit(s):
        return Advice("now", 30, ("unfit", "cell"), "unfit", MSA, bring="unfit")
    if not s.on_leave:
        return Advice("now", 10, ("at_work", "cell"), "at_work", MSA, bring="at_work")
    reason = "long_leave" if long_leave(s, law) else "short_leave"
    return Advice("now", 10, (reason, "cell"), reason, MSA, bring="leave", informed="with_consent")


@deadlines("msa")
def msa_deadlines(s: Facts, law: Law) -> tuple[Deadline, ...]:
    """Pre-return and return visits of farm employees (C. rural R717-17, R717-17-1)."""
    if not health_at_stake(s) or not is_farm(s) or not s.on_leave or notice_given(s):
        return ()
    return leave_deadlines(s, law)


def _for_employer(s: Facts) -> StepOutcome:
    """The employer's written, reasoned request for a visit; help to adapt (C. rural R717-18)."""
    if not is_farm(s):
        return Absent()
    if wants_policy(s):
        return Advice("now", 10, ("employer_policy",), "employer_policy", MSA, bring="none", informed="yes")
    if s.on_leave:
        return Advice("now", 10, ("employer_leave",), "employer_leave", MSA, bring="none", informed="yes")
    return Advice("now", 10, ("employer_at_work",), "employer_at_work", MSA, bring="none", informed="yes")
