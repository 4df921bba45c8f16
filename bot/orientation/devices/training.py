"""Changing jobs, training, and the interviews and visits of a career."""

from bot.orientation.calendar import long_absence
from bot.orientation.law import Law, add_months
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import (
    health_at_stake,
    is_employer,
    is_public,
    mid_career,
    no_employee,
    title_in_play,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import device


@device("cep")
def cep(s: Facts, law: Law) -> DeviceOutcome:
    """Free, confidential advice for anyone, at any time (C. trav. L6111-6; CGFP L421-3)."""
    if is_employer(s):
        return closed("worker_only")
    return open_("public" if is_public(s) else "open")


@device("bilan_competences")
def bilan_competences(s: Facts, law: Law) -> DeviceOutcome:
    """Skills review, 24 hours at most, possible during a leave (L6313-4, D6323-6; CSS L323-3-1)."""
    if is_employer(s):
        return closed("worker_only")
    return open_("leave" if s.on_leave else "open")


@device("cpf")
def cpf(s: Facts, law: Law) -> DeviceOutcome:
    """Personal training account of all workers and jobseekers (L6323-4, L6323-6). Shares are not given."""
    return closed("worker_only") if is_employer(s) else open_()


@device("ptp")
def ptp(s: Facts, law: Law) -> DeviceOutcome:
    """Transition project; no seniority after 6 months away, an occupational disease, or recognised (D6323-9)."""
    if is_employer(s):
        return closed("worker_only")
    if is_public(s):
        return closed("public")
    if no_employee(s):
        return closed("no_employer")
    if s.status == "apprenti":
        return closed("apprentice")
    if not health_at_stake(s):
        return open_("with_seniority")
    if s.told.cause == "occupational_disease" or title_in_play(s, law) == "yes":
        return open_("no_seniority")
    if s.on_leave and not long_absence(s, law):
        return later("six_months", add_months(s.leave_start, law.number("ptp_absence_months")))
    return open_("no_seniority" if s.on_leave else "with_seniority")


@device("entretien_parcours")
def entretien_parcours(s: Facts, law: Law) -> DeviceOutcome:
    """Career interview: first year, every four years, after a long illness, after the mid-career visit (L6315-1)."""
    if is_public(s):
        return closed("public")
    if no_employee(s):
        return closed("no_employer")
    return open_()


@device("visite_mi_carriere")
def visite_mi_carriere(s: Facts, law: Law) -> DeviceOutcome:
    """In the calendar year of the age set by law, or by the branch (L4624-2-2, changed in July 2026: no figure)."""
    if is_public(s):
        return closed("public")
    if no_employee(s):
        return closed("no_employer")
    if wants_policy(s) or s.told.age is None:
        return later("age")
    if mid_career(s, law):
        return open_()
    return later("age") if s.told.age < law.number("mid_career_age") else closed("passed")


@device("c2p")
def c2p(s: Facts, law: Law) -> DeviceOutcome:
    """Points for exposure to six factors, usable for training or part-time (L4163-1, L4163-7, R4163-11)."""
    if is_employer(s):
        return closed("worker_only")
    if is_public(s):
        return closed("public")
    if s.status in ("independant", "exploitant_agricole", "particulier_employeur"):
        return closed("employees_only")
    return later("former_points" if without_employer(s) else "if_exposed")
