"""The public service: leave, part-time, preparation of a new post."""

from bot.orientation.devices.guards import needs_agent
from bot.orientation.law import Law
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import (
    fear_or_notice,
    is_employer,
    is_public,
    notice_given,
    title_in_play,
    wants_policy,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import device


@device("visite_reprise_fph")
def visite_reprise_fph(s: Facts, law: Law) -> DeviceOutcome:
    """Public hospitals: due after 30 days of absence, illness included (C. trav. R4626-29, R4626-29-1)."""
    shut = needs_agent(s)
    if shut:
        return shut
    if not s.on_leave:
        return closed("not_on_leave")
    return open_() if s.leave_days >= law.number("reprise_hospital_absence_days") else later("not_yet")


@device("tpt_public")
def tpt_public(s: Facts, law: Law) -> DeviceOutcome:
    """Therapeutic part-time of civil servants: at least half time, one year, full pay (CGFP L823-1 to L823-6)."""
    shut = needs_agent(s)
    if shut:
        return shut
    if s.status == "contractuel_public":
        return later("contract_staff")
    if notice_given(s):
        return closed("after_unfit")
    return open_("already" if s.told.therapeutic_part_time else "open")


@device("ppr")
def ppr(s: Facts, law: Law) -> DeviceOutcome:
    """Preparation of a new post: unfit, or procedure under way; one year, full pay (CGFP L826-2, L826-3)."""
    shut = needs_agent(s)
    if shut:
        return shut
    if s.status == "contractuel_public":
        return closed("contract_staff")
    if notice_given(s):
        return open_()
    return later("procedure") if fear_or_notice(s) else closed("not_unfit")


@device("conges_public")
def conges_public(s: Facts, law: Law) -> DeviceOutcome:
    """Sick leaves of civil servants: ordinary, long illness, long duration, service (CGFP L822-2 to L822-22)."""
    shut = needs_agent(s)
    if shut:
        return shut
    if s.status == "contractuel_public":
        return closed("contract_staff")
    return open_() if s.on_leave else later("if_leave")


@device("referent_handicap_public")
def referent_handicap_public(s: Facts, law: Law) -> DeviceOutcome:
    """Any public agent may consult the disability officer, recognised or not (CGFP L131-9)."""
    if not wants_policy(s):
        return needs_agent(s) or open_()
    return open_() if is_public(s) else closed("not_public")


@device("fiphfp")
def fiphfp(s: Facts, law: Law) -> DeviceOutcome:
    """The FIPHFP's aids: by the employer, or the recognised agent (CGFP L351-7, L351-9)."""
    if wants_policy(s):
        return open_("employer") if is_public(s) else closed("not_public")
    shut = needs_agent(s)
    if shut:
        return shut
    if is_employer(s):
        return open_("employer")
    return open_() if title_in_play(s, law) in ("yes", "pending") else later("not_recognised")
