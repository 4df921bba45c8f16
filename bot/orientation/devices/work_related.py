"""Accidents at work and occupational diseases."""

from bot.orientation.devices.guards import needs_one_person
from bot.orientation.law import Law
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import is_public
from bot.orientation.reading import Facts
from bot.orientation.registry import device


@device("accident_travail")
def accident_travail(s: Facts, law: Law) -> DeviceOutcome:
    """Employee: 24 hours; employer: 48; alone until the end of the second year (CSS L441-1, L441-2, R441-2, R441-3)."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if s.status == "fonctionnaire":
        return closed("civil_servant")
    if s.status == "independant":
        return closed("self_employed_insurance")
    if s.status == "exploitant_agricole":
        return closed("farmer")
    if s.told.cause == "work_accident":
        return open_("temp" if s.status == "interimaire" else "open")
    if s.told.cause in ("non_professional", "occupational_disease"):
        return closed("other_cause")
    return later("if_accident")


@device("maladie_pro")
def maladie_pro(s: Facts, law: Law) -> DeviceOutcome:
    """The victim declares, with a certificate, two years at most (CSS L461-5, R461-5, L431-2). L461-1 has changed."""
    shut = needs_one_person(s, by_person=True)
    if shut:
        return shut
    if is_public(s):
        return closed("public")
    if s.status in ("independant", "demandeur_emploi"):
        return closed("self_employed") if s.status == "independant" else later("if_linked")
    if s.told.cause == "occupational_disease":
        return open_()
    if s.told.cause in ("non_professional", "work_accident"):
        return closed("other_cause")
    return later("if_linked")
