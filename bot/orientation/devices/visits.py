"""Medical visits and meetings around a leave."""

from datetime import date, timedelta

from bot.orientation.calendar import (
    just_back,
    known_return,
    liaison_opens,
    prereprise_opens,
    reprise_due,
    reprise_duty_days,
)
from bot.orientation.devices.guards import needs_employee
from bot.orientation.law import Law
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import (
    is_employer,
    is_farm,
    is_public,
    notice_given,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import device


def leave_version(s: Facts, law: Law) -> str:
    """Which wording of R4624-30 and R4624-31 applies: before or since the leaves issued from 15/06/2026.

    A leave that began before that day and still runs has been renewed since then in all likelihood: « maybe ».
    """
    reform: date = law.day("reprise_waiver_leave_issued_from")
    if s.on < reform:
        return "before"
    return "since" if s.leave_start >= reform else "maybe"


@device("visite_prereprise")
def visite_prereprise(s: Facts, law: Law) -> DeviceOutcome:
    """Open once the leave is longer than 30 days and a return is in view (C. trav. L4624-2-4, R4624-29, R4624-30)."""
    shut = needs_employee(s)
    if shut:
        return closed("public_usage") if shut.reason == "public" else shut
    if not s.on_leave:
        return closed("not_on_leave")
    if notice_given(s):
        return closed("after_unfit")
    if s.leave_days <= law.number("prereprise_leave_days"):
        return _if_still_away(s, prereprise_opens(s, law), "not_yet")
    if is_farm(s):
        return open_("farm")
    return open_(leave_version(s, law))


def _if_still_away(s: Facts, opens: date, reason: str) -> DeviceOutcome:
    """To come on that day, unless the person is back before."""
    back = known_return(s)
    return later(reason, opens) if back is None or back >= opens else closed("back_before")


@device("visite_reprise")
def visite_reprise(s: Facts, law: Law) -> DeviceOutcome:
    """Due at the return after 60 days of illness, 30 of a work accident, any occupational disease (R4624-31)."""
    shut = needs_employee(s)
    if shut:
        return closed("public_usage") if shut.reason == "public" else shut
    if not s.on_leave:
        return open_("just_back") if just_back(s, law) else closed("not_on_leave")
    if notice_given(s):
        return closed("after_unfit")
    absence = (known_return(s) or s.on) - s.leave_start
    if absence < timedelta(days=reprise_duty_days(_deciding_cause(s, law, absence), law)):
        return closed("too_short") if known_return(s) else later("not_yet", reprise_due(s, law))
    return open_("farm" if is_farm(s) else leave_version(s, law))


def _deciding_cause(s: Facts, law: Law, absence: timedelta) -> str | None:
    """The cause, asked for only between the two thresholds, where it decides; an employer is never asked."""
    accident = timedelta(days=law.number("reprise_work_accident_absence_days"))
    illness = timedelta(days=law.number("reprise_illness_absence_days"))
    return s.cause if not is_employer(s) and accident <= absence < illness else s.told.cause


@device("visite_demande")
def visite_demande(s: Facts, law: Law) -> DeviceOutcome:
    """At any time, with no reason to give, leave or not (C. trav. L4624-1, R4624-34; farm: C. rural R717-18)."""
    if wants_policy(s):
        return closed("one_person")
    if without_employer(s):
        return closed("no_employer")
    if s.status == "independant":
        return closed("self_employed")
    if is_farm(s):
        return open_("farm")
    return open_("public" if is_public(s) else "open")


@device("rdv_liaison")
def rdv_liaison(s: Facts, law: Law) -> DeviceOutcome:
    """Once the absence is longer than 30 days, at either's request; refusing costs nothing (L1226-1-3, D1226-8-1)."""
    shut = needs_employee(s)
    if shut:
        return shut
    if s.status == "particulier_employeur":
        return closed("home_employee")
    if not s.on_leave:
        return closed("not_on_leave")
    if notice_given(s):
        return closed("after_unfit")
    if s.leave_days > law.number("liaison_leave_days"):
        return open_("open")
    return _if_still_away(s, liaison_opens(s, law), "repeated" if s.told.repeated_leaves else "not_yet")
