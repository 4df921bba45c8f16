"""Adjusting the post, and who helps inside the company and the occupational-health service."""

from bot.orientation.devices.guards import needs_employee, needs_one_person
from bot.orientation.law import Law
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import (
    FARM,
    is_employer,
    is_farm,
    is_public,
    no_employee,
    notice_given,
    overseas,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import device


@device("amenagement_poste")
def amenagement_poste(s: Facts, law: Law) -> DeviceOutcome:
    """The physician proposes in writing, the employer follows or writes why not (L4624-3, L4624-6, L4624-7)."""
    shut = needs_employee(s)
    if shut:
        return shut
    if notice_given(s):
        return closed("after_unfit")
    if s.told.medical_recommendations:
        return open_("recommendations")
    return later("after_return") if s.on_leave else open_()


@device("cellule_pdp_spst")
def cellule_pdp_spst(s: Facts, law: Law) -> DeviceOutcome:
    """The PDP cell of every inter-company service: leave or not, RQTH or not (L4622-8-1; instruction 26/04/2022)."""
    if not wants_policy(s):
        shut = needs_one_person(s)
        if shut:
            return shut
    if is_farm(s):
        return closed("farm")
    if without_employer(s):
        return closed("no_employer")
    if is_public(s):
        return later("public_by_agreement")
    if s.status == "independant":
        return later("self_employed_member")
    return later("spstn") if s.status == "particulier_employeur" else open_()


@device("spstn")
def spstn(s: Facts, law: Law) -> DeviceOutcome:
    """The national service of home employees and childminders (L4625-2, L4625-3, L7221-2 5°)."""
    if s.status != "particulier_employeur":
        return closed("not_home_employee")
    return closed("no_employer") if without_employer(s) else open_()


@device("msa_cpme")
def msa_cpme(s: Facts, law: Law) -> DeviceOutcome:
    """The MSA's job-retention cell, for employees and farmers, with their consent (C. rural L723-3)."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if s.status in FARM and overseas(s):
        return closed("overseas")
    return open_() if is_farm(s) else closed("not_farm")


@device("spsti_independant")
def spsti_independant(s: Facts, law: Law) -> DeviceOutcome:
    """Voluntary membership of an inter-company service for the self-employed (L4621-3, D4622-27-1 to -3)."""
    if is_employer(s):
        company = not is_public(s) and not is_farm(s) and s.status != "particulier_employeur"
        return open_("employer_member") if company else closed("not_self_employed")
    return open_() if s.status == "independant" else closed("not_self_employed")


@device("referent_handicap_prive")
def referent_handicap_prive(s: Facts, law: Law) -> DeviceOutcome:
    """The disability officer of companies of 250 employees or more (L5213-6-1)."""
    if not wants_policy(s):
        shut = needs_one_person(s)
        if shut:
            return shut
    if no_employee(s):
        return closed("no_employer")
    if is_public(s):
        return closed("public")
    if s.status == "particulier_employeur":
        return closed("home_employee")
    size = s.company_size if wants_policy(s) else s.told.company_size
    if size is None:
        return later("if_large")
    return open_() if size >= law.number("disability_officer_headcount") else closed("too_small")
