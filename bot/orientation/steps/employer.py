"""Step 5: the adjustment of the post by the employer; and, for an employer, what the law asks of them."""

from bot.orientation.calendar import leave_deadlines, salary_due_again, unfit_deadlines
from bot.orientation.law import Law
from bot.orientation.outcomes import Advice, Deadline, NotConcerned, StepOutcome, When
from bot.orientation.profiles import (
    declared_unfit,
    from_work,
    health_at_stake,
    is_employer,
    is_public,
    long_leave,
    notice_given,
    notice_received,
    recognised,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import deadlines, reasons, step

NOBODY: tuple[str, ...] = ()


@step("employer")
def employer(s: Facts, law: Law) -> StepOutcome:
    """The employer must consider the physician's proposals, or refuse in writing (C. trav. L4624-3, L4624-6)."""
    if is_employer(s):
        return _for_employer(s, law)
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
        return Advice(
            "now",
            10,
            ("public_unfit",),
            "public_unfit",
            NOBODY,
            title="public",
            bring="unfit",
            informed="yes",
        )
    if s.status == "particulier_employeur":
        reasons = ["home_employee_unfit"]
    elif s.status == "apprenti":
        reasons = ["apprentice_unfit"]
    else:
        reasons = ["unfit", "unfit_after_month" if s.on >= salary_due_again(s, law) else "unfit_month"]
    if from_work(s.cause):
        reasons.append("unfit_work_related")
    return Advice("now", 10, tuple(reasons), "unfit", NOBODY, bring="unfit", title="unfit", informed="yes")


@reasons("employer")
def employer_reasons(s: Facts, law: Law) -> tuple[str, ...]:
    """A fixed-term contract keeps its end (L1243-6); an employer's duties after an accident, from 250 employees."""
    if not health_at_stake(s) or without_employer(s) or s.status in ("independant", "exploitant_agricole"):
        return ()
    if is_public(s):
        return ()
    if not is_employer(s):
        return ("cdd",) if s.told.contract == "cdd" else ()
    size, accident = s.told.company_size, s.told.cause == "work_accident"
    found = {
        "employer_accident": accident,
        "employer_short_accident": accident and s.on_leave and _short(s, law),
        "employer_disability_officer": size is not None
        and size >= law.number("disability_officer_headcount"),
    }
    return tuple(key for key, holds in found.items() if holds)


def _short(s: Facts, law: Law) -> bool:
    return s.leave_days < law.number("work_accident_short_leave_notice_days")


@deadlines("employer")
def employer_deadlines(s: Facts, law: Law) -> tuple[Deadline, ...]:
    """After a notice, the appeal and the salary (R4624-45, L1226-4); an employer's, the days of the leave too."""
    if not health_at_stake(s) or without_employer(s) or is_public(s):
        return ()
    if s.status in ("independant", "exploitant_agricole"):
        return ()
    if notice_given(s):
        return unfit_deadlines(s, law) if not is_employer(s) or s.told.unfit_date is not None else ()
    return leave_deadlines(s, law) if is_employer(s) and s.on_leave else ()


def _for_employee(s: Facts, law: Law) -> StepOutcome:
    reasons = []
    if s.told.medical_recommendations:
        reasons.append("recommendations")
    if s.told.therapeutic_part_time:
        reasons.append("part_time")
    back = s.told.return_date
    soon = back is not None and (back - s.on).days <= law.number("reprise_waiver_prereprise_max_days")
    if s.on_leave and soon:
        reasons.append("return_soon")
    if reasons:
        when: When = "now" if not s.on_leave or soon else "next"
        return Advice(
            when, 30, tuple(reasons), "recommendations", NOBODY, bring="recommendations", informed="yes"
        )
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


def _for_employer(s: Facts, law: Law) -> StepOutcome:
    """Inform, never ask about the illness, refer to the physician; after a notice, look for a post (L1226-2)."""
    if s.status in ("independant", "demandeur_emploi", "exploitant_agricole"):
        return NotConcerned("employer_no_contract")
    kind = "public_" if is_public(s) else ""
    if wants_policy(s):
        return Advice(
            "next", 40, (f"employer_{kind}policy",), "employer_policy", NOBODY, bring="none", informed="yes"
        )
    if notice_received(s):
        return _employer_after_notice(s)
    if s.on_leave:
        reason = "employer_long_leave" if long_leave(s, law) else "employer_short_leave"
        reasons = (f"employer_{kind}leave", *(() if kind else (reason,)), "employer_secret")
        return Advice("now", 10, reasons, "employer_leave", NOBODY, bring="none", informed="yes")
    return Advice(
        "now",
        20,
        (f"employer_{kind}adjust", "employer_secret"),
        "employer_adjust",
        NOBODY,
        bring="none",
        informed="yes",
    )


def _employer_after_notice(s: Facts) -> StepOutcome:
    if is_public(s):
        return Advice(
            "now", 10, ("employer_public_unfit",), "employer_unfit", NOBODY, bring="none", informed="yes"
        )
    reasons = ["employer_unfit"]
    if s.status == "apprenti":
        reasons = ["employer_apprentice_unfit"]
    elif s.status == "particulier_employeur":
        reasons = ["employer_home_employee_unfit"]
    if from_work(s.told.cause):
        reasons.append("employer_unfit_work_related")
    return Advice("now", 10, tuple(reasons), "employer_unfit", NOBODY, bring="employer_unfit", informed="yes")
