"""Around an unfitness notice."""

from bot.orientation.devices.guards import needs_employee
from bot.orientation.law import Law, add_months
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import fear_or_notice, from_work, is_employer, notice_given
from bot.orientation.reading import Facts
from bot.orientation.registry import device


@device("inaptitude")
def inaptitude(s: Facts, law: Law) -> DeviceOutcome:
    """Only the occupational physician decides, after an exam and a study of the post (L4624-4, R4624-42)."""
    shut = needs_employee(s)
    if shut:
        return shut
    if notice_given(s):
        return open_("declared")
    return later("feared") if fear_or_notice(s) else closed("not_in_view")


@device("reclassement")
def reclassement(s: Facts, law: Law) -> DeviceOutcome:
    """The employer looks for another post before any dismissal (L1226-2, L1226-10); not for apprentices (L6222-18)."""
    shut = needs_employee(s)
    if shut:
        return shut
    if not notice_given(s):
        return closed("not_unfit")
    if s.status == "apprenti":
        return closed("apprentice")
    if s.status == "particulier_employeur":
        return closed("home_employee")
    cause = s.told.cause if is_employer(s) else s.cause
    if from_work(cause):
        return open_("work_related")
    return open_("cdd" if s.told.contract == "cdd" else "open")


@device("iti")
def iti(s: Facts, law: Law) -> DeviceOutcome:
    """Temporary allowance after a notice linked to a recognised accident or disease (R4624-56; CSS D433-2 to -8)."""
    shut = needs_employee(s)
    if shut:
        return shut
    if not notice_given(s):
        return closed("not_unfit")
    cause = s.told.cause if is_employer(s) else s.cause
    if not from_work(cause):
        return closed("not_from_work")
    if not is_employer(s) and s.on > add_months(s.unfit_date, law.number("iti_max_months")):
        return closed("month_over")
    return open_()
