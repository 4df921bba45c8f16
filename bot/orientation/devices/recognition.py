"""Recognition as a disabled worker, and who helps then."""

from bot.orientation.devices.guards import needs_one_person
from bot.orientation.law import Law
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import fear_or_notice, is_employer, is_public, no_employee, title_in_play
from bot.orientation.reading import Facts
from bot.orientation.registry import device

RECOGNISED = ("yes", "pending")


@device("rqth")
def rqth(s: Facts, law: Law) -> DeviceOutcome:
    """Recognition by the CDAPH, asked by the person alone, never an obligation (C. trav. L5213-1, L5213-2)."""
    shut = needs_one_person(s, by_person=True)
    if shut:
        return shut
    found = title_in_play(s, law)
    if found == "yes":
        return open_("already")
    if found == "pending":
        return later("pending")
    return open_("quick" if fear_or_notice(s) else "open")


@device("boeth_equivalence")
def boeth_equivalence(s: Facts, law: Law) -> DeviceOutcome:
    """Annuity, invalidity pension, AAH, CMI: same rights as the RQTH (L5212-13, L5212-13-1; young: L5213-2)."""
    shut = needs_one_person(s, by_person=True)
    if shut:
        return shut
    if s.told.disability_pension:
        return open_("pension")
    young = s.told.age is not None and s.told.age <= law.number("rqth_equivalence_age_max")
    if young and s.told.age is not None and s.told.age >= law.number("rqth_equivalence_age_min"):
        return open_("young")
    return open_("other_titles")


@device("cap_emploi")
def cap_emploi(s: Facts, law: Law) -> DeviceOutcome:
    """Keeping in employment people recognised or asking to be (C. trav. L5214-3-1; convention 2023-2027)."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if is_employer(s):
        return closed("employer_none") if no_employee(s) else open_("employer")
    if title_in_play(s, law) in RECOGNISED:
        return open_("public" if is_public(s) else "open")
    return later("ask_title")


@device("mesures_appropriees")
def mesures_appropriees(s: Facts, law: Law) -> DeviceOutcome:
    """Reasonable adjustment for a recognised person, unless disproportionate (L5213-6; public: CGFP L131-8)."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if no_employee(s):
        return closed("no_employer")
    found = title_in_play(s, law)
    kind = "public" if is_public(s) else "open"
    if found == "yes":
        return open_(kind)
    return later("pending" if found == "pending" else "not_recognised")


@device("emploi_accompagne")
def emploi_accompagne(s: Facts, law: Law) -> DeviceOutcome:
    """Long support of the person and the employer, from 16, for recognised people (L5213-2-1, D5213-89)."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if title_in_play(s, law) not in RECOGNISED:
        return later("not_recognised")
    young = s.told.age is not None and s.told.age < law.number("supported_employment_age")
    return closed("too_young") if young else open_()


@device("esrp_espo")
def esrp_espo(s: Facts, law: Law) -> DeviceOutcome:
    """Vocational rehabilitation and preliminary guidance, on the CDAPH's decision (C. trav. L5213-3, R5213-9)."""
    shut = needs_one_person(s, by_person=True)
    if shut:
        return shut
    return open_() if title_in_play(s, law) in RECOGNISED else later("not_recognised")


@device("ueros")
def ueros(s: Facts, law: Law) -> DeviceOutcome:
    """Evaluation and guidance after a brain injury, on the CDAPH's decision. The injury itself is never asked."""
    shut = needs_one_person(s, by_person=True)
    return shut or later("if_brain_injury")
