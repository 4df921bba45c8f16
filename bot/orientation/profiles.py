"""Who the person is for the law: the few questions that many rules share.

Each reads the facts in the same order (audience, leave, health, status, sector…), so that rules ask the same
things first.
"""

from bot.orientation.law import Law
from bot.orientation.reading import Facts

PUBLIC = frozenset({"fonctionnaire", "contractuel_public"})
"""Public servants: their employer's own preventive medicine, the FIPHFP (CGFP L812-3, L351-7)."""

FARM = frozenset({"salarie_agricole", "exploitant_agricole"})
"""People insured by the MSA, which is their health fund and their occupational-health service (C. rural L717-3)."""

OVERSEAS = frozenset({"971", "972", "973", "974", "976"})
"""Departments where farm employees are in the general scheme and farmers at the CGSS (C. rural L781-2, L781-43)."""

PRIVATE_EMPLOYEES = frozenset({"salarie_prive", "interimaire", "apprenti", "particulier_employeur"})
"""Employees of the general scheme."""


def is_employer(s: Facts) -> bool:
    """An employer is asking; the other facts are about the employee concerned."""
    return s.audience == "employer"


def wants_policy(s: Facts) -> bool:
    """An employer who wants to organise prevention in the company, with no one person concerned."""
    return is_employer(s) and s.concern == "prevention_policy"


def health_at_stake(s: Facts) -> bool:
    """Health makes work difficult, or the person is on leave. An employer asks about one person: it is."""
    if is_employer(s):
        return s.concern == "one_person"
    return s.on_leave or s.health_problem


def is_farm(s: Facts) -> bool:
    """Insured by the MSA: by status, or an employee or apprentice who said the farm sector (C. rural L717-1).

    Not the farm employees of overseas departments: general scheme, ordinary occupational-health services
    (C. rural L717-1 IV, L781-43). Farmers there stay a regime of their own, run by the CGSS (L781-2).
    """
    if s.status == "exploitant_agricole":
        return True
    farm = s.status == "salarie_agricole" or (
        s.status in ("salarie_prive", "apprenti") and s.told.sector == "agricole"
    )
    return farm and not overseas(s)


def overseas(s: Facts) -> bool:
    """In an overseas department, as far as the person has told; the place itself is always asked, last of all."""
    return s.told.department in OVERSEAS


def is_public(s: Facts) -> bool:
    """Civil servant or public contract staff, while the contract runs."""
    return s.status in PUBLIC and not s.told.contract_ended


def without_employer(s: Facts) -> bool:
    """Nobody employs the person any more: jobseeker, or contract ended."""
    return s.status == "demandeur_emploi" or s.told.contract_ended is True


def has_occupational_physician(s: Facts) -> bool:
    """An employee followed by an occupational-health service of the Labour Code, farm sector included."""
    return (
        not without_employer(s)
        and s.status not in PUBLIC
        and s.status not in ("independant", "exploitant_agricole")
    )


def declared_unfit(s: Facts) -> bool:
    """The occupational physician has issued an unfitness notice (C. trav. L4624-4)."""
    return s.unfit == "declared"


def notice_received(s: Facts) -> bool:
    """An employer has received an unfitness notice; asked only about someone who is not on leave."""
    return (s.told.unfit if s.on_leave else s.unfit) == "declared"


def notice_given(s: Facts) -> bool:
    """An unfitness notice was issued, whoever is asking; nobody issues one for people without an employer."""
    if s.status in ("independant", "exploitant_agricole", "demandeur_emploi"):
        return False
    return notice_received(s) if is_employer(s) else declared_unfit(s)


def fears_unfitness(s: Facts) -> bool:
    """The person fears a notice, or says that the same job is no longer possible."""
    return s.unfit == "feared" or (s.unfit == "none" and s.told.same_job_possible == "no")


def title(s: Facts) -> str:
    """Recognised as a beneficiary of the employment obligation: yes, pending, no or unknown.

    An invalidity pension that reduces the capacity by two thirds is such a title (C. trav. L5212-13, 3°).
    """
    if s.told.disability_pension:
        return "yes"
    return (s.told.boeth or "unknown") if is_employer(s) else s.boeth


def recognised(s: Facts) -> bool:
    """Recognised, or with a request under way: what Cap emploi, Agefiph and FIPHFP ask for."""
    return title(s) in ("yes", "pending")


def no_employee(s: Facts) -> bool:
    """Self-employed, farmer or jobseeker: no employment contract to speak of."""
    return s.status in ("independant", "exploitant_agricole") or without_employer(s)


def fear_or_notice(s: Facts) -> bool:
    """Unfitness is feared or declared; only employees and agents are asked, an employer only after the leave."""
    if no_employee(s):
        return False
    if is_employer(s):
        return s.told.unfit == "feared" or notice_received(s)
    return declared_unfit(s) or fears_unfitness(s)


def title_in_play(s: Facts, law: Law) -> str:
    """The title, asked only where it decides a step: not early in a leave with no fear of unfitness."""
    if s.told.disability_pension:
        return "yes"
    early = s.on_leave and not no_employee(s) and not fear_or_notice(s) and not long_leave(s, law)
    return (s.told.boeth or "unknown") if is_employer(s) or early else s.boeth


def long_leave(s: Facts, law: Law) -> bool:
    """On leave for longer than the duration that opens the pre-return visit (C. trav. R4624-29)."""
    return s.on_leave and s.leave_days > law.number("prereprise_leave_days")


def mid_career(s: Facts, law: Law) -> bool:
    """In the calendar year of the mid-career visit: that birthday is this year, past or still ahead (L4624-2-2)."""
    age = law.number("mid_career_age")
    return s.told.age in (age - 1, age)


def from_work(cause: str | None) -> bool:
    """Work accident or occupational disease."""
    return cause in ("work_accident", "occupational_disease")
