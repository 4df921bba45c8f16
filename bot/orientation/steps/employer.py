"""Step 5: the adjustment of the post by the employer, as the person reads it (`duties`: as the employer reads it)."""

from bot.orientation.calendar import back_deadlines, leave_deadlines, salary_due_again, unfit_deadlines
from bot.orientation.law import Law
from bot.orientation.outcomes import Advice, Deadline, NotConcerned, StepOutcome, When
from bot.orientation.profiles import (
    declared_unfit,
    fears_unfitness,
    from_work,
    health_at_stake,
    is_employer,
    is_farm,
    is_public,
    long_leave,
    notice_given,
    recognised,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import deadlines, reasons, step
from bot.orientation.steps.duties import NOBODY, duty_reasons, for_employer


@step("employer")
def employer(s: Facts, law: Law) -> StepOutcome:
    """The employer must consider the physician's proposals, or refuse in writing (C. trav. L4624-3, L4624-6)."""
    if is_employer(s):
        return for_employer(s, law)
    if not health_at_stake(s):
        return NotConcerned("no_health_problem")
    if without_employer(s):
        return NotConcerned("no_employer")
    if s.status in ("independant", "exploitant_agricole"):
        return NotConcerned("self_employed")
    if declared_unfit(s):
        return _after_notice(s, law)
    return _for_agent(s, law) if is_public(s) else _for_employee(s, law)


def _after_notice(s: Facts, law: Law) -> StepOutcome:
    """Redeployment, appeal within 15 days, salary due again after one month (L1226-2, R4624-45, L1226-4)."""
    if is_public(s):
        key = "contract_staff_unfit" if s.status == "contractuel_public" else "public_unfit"
        return Advice("now", 10, (key,), key, NOBODY, title="public", bring="unfit", informed="yes")
    due = s.status not in ("particulier_employeur", "apprenti")
    if s.status == "particulier_employeur":
        reasons = ["home_employee_unfit"]
    elif s.status == "apprenti":
        reasons = ["apprentice_unfit"]
    else:
        reasons = ["unfit", "unfit_after_month" if s.on >= salary_due_again(s, law) else "unfit_month"]
    if from_work(s.cause):
        reasons.append("unfit_work_related")
    kind = "unfit" if due else "unfit_not_due"
    return Advice("now", 10, tuple(reasons), kind, NOBODY, bring="unfit", title=kind, informed="yes")


@reasons("employer")
def employer_reasons(s: Facts, law: Law) -> tuple[str, ...]:
    """What a contract changes: fixed term (L1243-6), temp agency (R4625-8), apprenticeship (R6222-46, L6222-18)."""
    if is_employer(s):
        return duty_reasons(s, law)
    if not health_at_stake(s) or without_employer(s) or s.status in ("independant", "exploitant_agricole"):
        return ()
    if is_public(s):
        return ("service_accident",) if s.status == "fonctionnaire" and from_work(s.told.cause) else ()
    apprentice = s.status == "apprenti"
    found = {
        "cdd": s.told.contract == "cdd",
        "temp": s.status == "interimaire",
        "apprentice_fear": apprentice and fears_unfitness(s),
        "apprentice_longer": apprentice and not declared_unfit(s),
    }
    return tuple(key for key, holds in found.items() if holds)


@deadlines("employer")
def employer_deadlines(s: Facts, law: Law) -> tuple[Deadline, ...]:
    """After a notice, the appeal and the salary (R4624-45, L1226-4); an employer's, the days of the leave too."""
    if not health_at_stake(s) or without_employer(s) or is_public(s):
        return ()
    if s.status in ("independant", "exploitant_agricole"):
        return ()
    if notice_given(s):
        return unfit_deadlines(s, law) if not is_employer(s) or s.told.unfit_date is not None else ()
    if not is_employer(s):
        return ()
    return leave_deadlines(s, law) if s.on_leave else back_deadlines(s, law)


def _for_employee(s: Facts, law: Law) -> StepOutcome:
    reasons = []
    if s.told.medical_recommendations:
        reasons.append("recommendations")
    if s.told.therapeutic_part_time:
        reasons.append("part_time")
    back = s.told.return_date
    soon = back is not None and (back - s.on).days <= law.number("reprise_waiver_prereprise_max_days")
    if s.on_leave and soon:
        reasons.append("farm_return_soon" if is_farm(s) else "return_soon")
    if reasons:
        when: When = "now" if not s.on_leave or soon else "next"
        first = reasons[0].removeprefix("farm_")
        return Advice(when, 30, tuple(reasons), first, NOBODY, bring=first, informed="yes")
    if s.on_leave and not long_leave(s, law):
        return Advice("if_needed", 40, ("short_leave",), "default", NOBODY, informed="yes")
    if s.on_leave:
        key = "home_employee_leave" if s.status == "particulier_employeur" else "long_leave"
        return Advice("next", 40, (key, "adjustment"), "leave", NOBODY, informed="yes")
    return Advice(
        "next", 15, ("adjustment", *(("title",) if recognised(s) else ())), "default", NOBODY, informed="yes"
    )


def _for_agent(s: Facts, law: Law) -> StepOutcome:
    """Public agents: adjustment, the disability officer, then preparation of a new post (CGFP L131-8, L826-1)."""
    if s.on_leave and not long_leave(s, law):
        return Advice("if_needed", 40, ("public_leave",), "public", NOBODY, title="public", informed="yes")
    if s.on_leave:
        return Advice(
            "next",
            40,
            ("public_leave", "public_adjustment"),
            "public",
            NOBODY,
            title="public",
            informed="yes",
        )
    when: When = "now" if s.told.medical_recommendations else "next"
    return Advice(
        when,
        15,
        ("public_adjustment",),
        "public",
        NOBODY,
        title="public",
        bring="recommendations",
        informed="yes",
    )
