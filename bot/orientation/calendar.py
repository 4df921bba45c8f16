"""The days that count in a leave and after a notice, computed from the facts and the law."""

from datetime import date, timedelta

from bot.orientation.law import Law, add_months
from bot.orientation.outcomes import Deadline, coming
from bot.orientation.profiles import PUBLIC, is_employer, is_farm
from bot.orientation.reading import Facts


def prereprise_opens(s: Facts, law: Law) -> date:
    """First day on which the leave is longer than the duration that opens the pre-return visit (R4624-29)."""
    return s.leave_start + timedelta(days=law.number("prereprise_leave_days") + 1)


def liaison_opens(s: Facts, law: Law) -> date:
    """First day on which the absence is longer than the duration that opens the liaison meeting (D1226-8-1)."""
    return s.leave_start + timedelta(days=law.number("liaison_leave_days") + 1)


def reprise_duty_days(cause: str | None, law: Law) -> int:
    """Days of absence from which the return visit is due, by cause (R4624-31; hospital: R4626-29)."""
    if cause == "occupational_disease":
        return law.number("reprise_occupational_disease_absence_days")
    if cause == "work_accident":
        return law.number("reprise_work_accident_absence_days")
    return law.number("reprise_illness_absence_days")


def reprise_due(s: Facts, law: Law) -> date:
    """First day on which the absence is long enough for the return visit to be due at the return."""
    return s.leave_start + timedelta(days=reprise_duty_days(s.told.cause, law))


def leave_deadlines(s: Facts, law: Law) -> tuple[Deadline, ...]:
    """The days to come of a leave: pre-return visit, return visit due, return and its last day for the visit."""
    if s.status in PUBLIC or s.status in ("independant", "exploitant_agricole"):
        return ()
    whose = "employer_" if is_employer(s) else ""
    farm = "farm_" if is_farm(s) else ""
    back = known_return(s)
    due = reprise_due(s, law)
    found = [Deadline(f"{whose}{farm}prereprise", prereprise_opens(s, law))]
    if reprise_duty_days(s.told.cause, law):
        found.append(Deadline(f"{whose}{farm}reprise_due", due))
    if back is None:
        return coming(s.on, *found)
    found = [deadline for deadline in found if deadline.day <= back]
    found.append(Deadline(f"{whose}return", back))
    if back >= due:
        last = back + timedelta(days=law.number("reprise_deadline_days"))
        found.append(Deadline(f"{whose}{farm}reprise_last_day", last))
    return coming(s.on, *found)


def just_back(s: Facts, law: Law) -> bool:
    """Back at work, and the last day for the return visit is not over (C. trav. R4624-31)."""
    back = s.told.return_date
    return back is not None and timedelta(0) <= s.on - back <= timedelta(
        days=law.number("reprise_deadline_days")
    )


def back_deadlines(s: Facts, law: Law) -> tuple[Deadline, ...]:
    """Just back at work: the last day for the return visit, if one is due."""
    back = s.told.return_date
    if back is None or not just_back(s, law):
        return ()
    last = back + timedelta(days=law.number("reprise_deadline_days"))
    whose = "employer_" if is_employer(s) else ""
    farm = "farm_" if is_farm(s) else ""
    return coming(s.on, Deadline(f"{whose}{farm}reprise_if_due", last))


def long_absence(s: Facts, law: Law) -> bool:
    """On leave for six months: PTP without seniority (D6323-9), and the end of the benefits to be watched (R323-1)."""
    return s.on_leave and s.leave_start <= add_months(s.on, -law.number("ptp_absence_months"))


def known_return(s: Facts) -> date | None:
    """The return date, when it is known and still to come."""
    back = s.told.return_date
    return back if back is not None and back >= s.on else None


def salary_due_again(s: Facts, law: Law) -> date:
    """Day from which the salary is due again, one month after the examination (C. trav. L1226-4, L1226-11)."""
    return add_months(s.unfit_date, law.number("unfitness_salary_resumption_months"))


def unfit_deadlines(s: Facts, law: Law) -> tuple[Deadline, ...]:
    """After a notice: last day to contest it (R4624-45), day from which the salary is due again (L1226-4).

    The second is not said for home employees (L7221-2 does not list it) nor for apprentices (L6222-18).
    """
    whose = "employer_" if is_employer(s) else ""
    last = s.unfit_date + timedelta(days=law.number("medical_opinion_appeal_days"))
    found = [Deadline(f"{whose}unfit_appeal", last)]
    if s.status not in ("particulier_employeur", "apprenti"):
        found.append(Deadline(f"{whose}unfit_salary", salary_due_again(s, law)))
    return coming(s.on, *found)
