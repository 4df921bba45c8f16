"""Step 5 as an employer reads it: what may be done, what must be done, what may not."""

from bot.orientation.calendar import just_back
from bot.orientation.law import Law, add_months
from bot.orientation.outcomes import Advice, NotConcerned, StepOutcome
from bot.orientation.profiles import (
    from_work,
    is_public,
    long_leave,
    notice_received,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts

NOBODY: tuple[str, ...] = ()
"""No organism to call: this step is between the person and the employer."""


def for_employer(s: Facts, law: Law) -> StepOutcome:
    """Inform, never ask about the illness, refer to the physician; after a notice, look for a post (L1226-2)."""
    if s.status in ("independant", "demandeur_emploi", "exploitant_agricole"):
        return NotConcerned("employer_no_contract")
    kind = "public_" if is_public(s) else ""
    if wants_policy(s):
        why, say = (f"employer_{kind}policy",), "employer_policy"
        return Advice("next", 40, why, say, NOBODY, bring="none", informed="yes")
    if notice_received(s):
        return _after_notice(s, law)
    if s.on_leave:
        reason = "employer_long_leave" if long_leave(s, law) else "employer_short_leave"
        reasons = (f"employer_{kind}leave", *(() if kind else (reason,)), "employer_secret")
        return Advice("now", 10, reasons, "employer_leave", NOBODY, bring="none", informed="yes")
    reasons = (f"employer_{kind}adjust", "employer_secret")
    return Advice("now", 20, reasons, "employer_adjust", NOBODY, bring="none", informed="yes")


def _after_notice(s: Facts, law: Law) -> StepOutcome:
    """Look for a post, write why there is none, pay again after a month; 15 days to contest (L1226-2 to L1226-4)."""
    if is_public(s):
        reasons, say = ("employer_public_unfit", "employer_public_unfit_board"), "employer_unfit"
        return Advice("now", 10, reasons, say, NOBODY, bring="none", informed="yes")
    if s.status == "apprenti":
        found = ["employer_apprentice_unfit"]
    elif s.status == "particulier_employeur":
        found = ["employer_home_employee_unfit"]
    else:
        found = ["employer_unfit", _salary(s, law), "employer_unfit_written", "employer_protected"]
    found.append("employer_unfit_appeal")
    if from_work(s.told.cause):
        found.append("employer_unfit_work_related")
    say = "employer_unfit_not_due" if s.status in ("apprenti", "particulier_employeur") else "employer_unfit"
    return Advice("now", 10, tuple(found), say, NOBODY, bring="employer_unfit", informed="yes")


def _salary(s: Facts, law: Law) -> str:
    """One month after the examination, the salary is due again (L1226-4, L1226-11)."""
    months = law.number("unfitness_salary_resumption_months")
    over = s.told.unfit_date is not None and s.on >= add_months(s.told.unfit_date, months)
    return "employer_unfit_after_month" if over else "employer_unfit_month"


def duty_reasons(s: Facts, law: Law) -> tuple[str, ...]:
    """An accident (R441-3, R412-2), leaves that come back (L1132-1), the return; a policy: what the size asks for."""
    if is_public(s) or s.status in ("independant", "demandeur_emploi", "exploitant_agricole"):
        return ()
    if wants_policy(s):
        return _policy_duties(s, law)
    if without_employer(s):
        return ()
    temp, accident = s.status == "interimaire", s.told.cause == "work_accident" and not notice_received(s)
    found = {
        "employer_accident": accident and not temp,
        "employer_temp_accident": accident and temp,
        "employer_short_accident": accident and s.on_leave and _short(s, law),
        "employer_repeated_leaves": s.told.repeated_leaves and not notice_received(s),
        "employer_just_back": not s.on_leave and just_back(s, law),
        "employer_disability_officer": _at_least(s, law, "disability_officer_headcount"),
    }
    return tuple(key for key, holds in found.items() if holds)


def _policy_duties(s: Facts, law: Law) -> tuple[str, ...]:
    """The risk assessment and what follows from it, by headcount (L4121-3-1, L2311-2, L5213-6-1)."""
    if s.status == "particulier_employeur":
        return ()
    large = _at_least(s, law, "prevention_programme_headcount")
    found = {
        "employer_policy_actions": not large,
        "employer_policy_programme": large,
        "employer_policy_council": _at_least(s, law, "works_council_headcount"),
        "employer_disability_officer": _at_least(s, law, "disability_officer_headcount"),
    }
    return tuple(key for key, holds in found.items() if holds)


def _at_least(s: Facts, law: Law, headcount: str) -> bool:
    size = s.company_size if wants_policy(s) else s.told.company_size
    return size is not None and size >= law.number(headcount)


def _short(s: Facts, law: Law) -> bool:
    return s.leave_days < law.number("work_accident_short_leave_notice_days")
