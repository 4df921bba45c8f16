"""What can be done during a leave, with the health fund: trial, training, part-time return."""

from bot.orientation.devices.guards import needs_employee, needs_one_person
from bot.orientation.law import Law
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import (
    declared_unfit,
    fear_or_notice,
    from_work,
    is_employer,
    is_farm,
    is_public,
    notice_given,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import device


@device("essai_encadre")
def essai_encadre(s: Facts, law: Law) -> DeviceOutcome:
    """Trial at work during the leave, 14 working days renewable (CSS L323-3-1, D323-6 to D323-6-7).

    Farmers too (C. rural D732-2-4, D752-22); the other self-employed are not in the list of D323-6.
    """
    shut = needs_one_person(s)
    if shut:
        return shut
    if s.status == "independant":
        return closed("self_employed_excluded")
    if s.status == "fonctionnaire":
        return closed("public")
    if s.status == "contractuel_public":
        return closed("contract_staff")
    if without_employer(s):
        return closed("no_employer")
    if not s.on_leave and not s.told.therapeutic_part_time:
        return closed("not_on_leave")
    if notice_given(s):
        return closed("after_unfit")
    return open_("farm" if is_farm(s) else "open")


@device("formation_arret")
def formation_arret(s: Facts, law: Law) -> DeviceOutcome:
    """Training or skills review during the leave, benefits kept (CSS L323-3-1; C. trav. L1226-1-2)."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if s.status == "fonctionnaire":
        return closed("public")
    if not s.on_leave:
        return closed("not_on_leave")
    return open_("farm" if is_farm(s) else "open")


@device("moaij")
def moaij(s: Facts, law: Law) -> DeviceOutcome:
    """Guidance module for insured people at the end of a leave who cannot go back to their job (CSS L323-3-1)."""
    shut = needs_employee(s, by_person=True)
    if shut:
        return shut
    if is_farm(s):
        return closed("farm")
    if not s.on_leave:
        return closed("not_on_leave")
    if declared_unfit(s):
        return closed("after_unfit")
    return open_() if fear_or_notice(s) else later("if_job_lost")


@device("crpe")
def crpe(s: Facts, law: Law) -> DeviceOutcome:
    """Retraining in a company, 18 months at most, unfit or at risk of it, no RQTH needed (L1226-1-4, R5213-15)."""
    shut = needs_employee(s)
    if shut:
        return shut
    if notice_given(s):
        return open_("unfit")
    if fear_or_notice(s):
        return later("risk_to_be_seen")
    return later("if_risk") if s.on_leave else closed("no_risk")


@device("tpt_prive")
def tpt_prive(s: Facts, law: Law) -> DeviceOutcome:
    """Therapeutic part-time, kept at or returning to work, no full leave needed before (CSS L323-3, R323-3).

    The self-employed need a full leave just before, except for a long illness (CSS D622-10; farmers: C. rural
    D732-2-4). Their long illness is never asked: at work, the way is told with its condition.
    """
    shut = needs_one_person(s)
    if shut:
        return shut
    if is_public(s):
        return closed("see_public")
    if without_employer(s):
        return closed("no_employer")
    if s.status in ("independant", "exploitant_agricole"):
        return _self_employed_part_time(s)
    if s.told.therapeutic_part_time:
        return open_("already")
    if notice_given(s):
        return closed("after_unfit")
    return open_("return" if s.on_leave else "at_work")


def _self_employed_part_time(s: Facts) -> DeviceOutcome:
    """90 days, 270 with a long illness; after a full leave, which a long illness does without (D622-10, D732-2-4)."""
    kind = "farmer" if s.status == "exploitant_agricole" else "self_employed"
    if s.told.therapeutic_part_time:
        return open_(f"{kind}_already")
    return open_(kind) if s.on_leave else later(f"{kind}_at_work")


@device("travail_leger")
def travail_leger(s: Facts, law: Law) -> DeviceOutcome:
    """Adapted or part-time work after a work accident or an occupational disease (CSS L433-1, R433-15)."""
    shut = needs_employee(s)
    if shut:
        return shut
    if not from_work(s.told.cause):
        return closed("not_from_work")
    if not s.on_leave:
        return closed("not_on_leave")
    return closed("after_unfit") if notice_given(s) else open_()


@device("service_social_am")
def service_social_am(s: Facts, law: Law) -> DeviceOutcome:
    """The Assurance Maladie's social service, on leave or with a pension (CSS L215-1, L221-1, L262-1)."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if is_farm(s):
        return closed("farm")
    if s.status == "fonctionnaire":
        return closed("civil_servant")
    if s.status == "contractuel_public":
        return later("contract_staff") if s.on_leave else closed("not_on_leave")
    if is_employer(s):
        return open_("open") if s.on_leave else closed("not_on_leave")
    if s.on_leave:
        return open_()
    if s.told.disability_pension:
        return open_("pension")
    if s.status not in ("independant", "demandeur_emploi") and declared_unfit(s):
        return open_("unfit")
    return closed("not_on_leave")


@device("medecin_conseil")
def medecin_conseil(s: Facts, law: Law) -> DeviceOutcome:
    """The fund's physician; beyond 30 days of leave may call on the occupational physician (CSS L323-4-1)."""
    shut = needs_one_person(s, by_person=True)
    if shut:
        return shut
    if is_farm(s):
        return closed("farm")
    if s.status == "fonctionnaire":
        return closed("public")
    if not s.on_leave:
        return open_("pension") if s.told.disability_pension else closed("not_on_leave")
    return open_("long" if s.leave_days > law.number("medical_adviser_contact_leave_days") else "short")


@device("pdp_ti")
def pdp_ti(s: Facts, law: Law) -> DeviceOutcome:
    """The fund's path for the self-employed on leave (CSS L262-1, L622-1; ameli, 05/07/2024)."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if s.status != "independant":
        return closed("not_self_employed")
    return open_() if s.on_leave else closed("not_on_leave")


@device("invalidite")
def invalidite(s: Facts, law: Law) -> DeviceOutcome:
    """Invalidity pension: capacity reduced by two thirds; it does not forbid work (CSS L341-1, R341-2)."""
    shut = needs_one_person(s, by_person=True)
    if shut:
        return shut
    if s.status == "fonctionnaire":
        return closed("public")
    if s.told.disability_pension:
        return open_("already")
    if not s.on_leave:
        return closed("not_on_leave_pension")
    return later("if_lasting")


@device("plafond_arret")
def plafond_arret(s: Facts, law: Law) -> DeviceOutcome:
    """A sick note's length is capped by decree since 01/09/2026 (CSS L162-4-1): no figure, the decree is unread."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if s.status == "fonctionnaire":
        return closed("public")
    if s.on < law.day("sick_note_cap_from"):
        return closed("before")
    return open_() if s.on_leave else closed("not_on_leave")


@device("comete")
def comete(s: Facts, law: Law) -> DeviceOutcome:
    """Early return-to-work support in member rehabilitation hospitals (Comète France)."""
    shut = needs_one_person(s, by_person=True)
    if shut:
        return shut
    return later("if_hospital") if s.on_leave else closed("not_on_leave")
