"""Step 2: the occupational physician and the PDP cell of the occupational-health service."""

from bot.orientation.calendar import back_deadlines, just_back, leave_deadlines
from bot.orientation.law import Law
from bot.orientation.outcomes import Advice, Deadline, Informed, NotConcerned, StepOutcome
from bot.orientation.profiles import (
    declared_unfit,
    fears_unfitness,
    has_occupational_physician,
    health_at_stake,
    is_employer,
    is_farm,
    is_public,
    long_leave,
    mid_career,
    notice_given,
    notice_received,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import deadlines, reasons, step


def occupational_health_service(s: Facts) -> tuple[str, ...]:
    """The type of service that follows the person: inter-company, BTP, home employees, public."""
    if s.status == "particulier_employeur":
        return ("spstn",)
    if is_public(s):
        return ("cdg",)
    if s.status in ("salarie_prive", "apprenti"):
        sector = s.told.sector if is_employer(s) else s.sector
        if sector == "btp":
            return ("spst_btp", "spsti_annuaire")
    return ("spsti", "spsti_annuaire")


@step("pdp_cell")
def pdp_cell(s: Facts, law: Law) -> StepOutcome:
    """Any employee followed by a service, on leave or not, recognised or not (C. trav. L4622-8-1, R4624-34)."""
    if is_employer(s):
        return _for_employer(s)
    if not health_at_stake(s):
        return _without_health_problem(s, law)
    if without_employer(s):
        return NotConcerned("no_employer")
    if is_farm(s):
        return NotConcerned("msa")
    if s.status == "independant":
        return Advice("if_needed", 40, ("self_employed",), "self_employed", occupational_health_service(s))
    return _for_employee(s, law)


def _for_employee(s: Facts, law: Law) -> StepOutcome:
    """At work: visit on request; over 30 days: pre-return visit; then the cell (R4624-34, R4624-29)."""
    service = occupational_health_service(s)
    kind = "public_" if is_public(s) else ""
    if declared_unfit(s):
        why = (f"{kind}unfit",)
        return Advice("next", 40, why, "unfit", service, "unfit", f"{kind}default", "yes")
    fear = fears_unfitness(s)
    if not s.on_leave:
        say = "fear" if fear else f"{kind}at_work"
        return Advice("now", 10, (f"{kind}at_work",), say, service, bring="at_work", title=f"{kind}default")
    long = long_leave(s, law)
    reason = f"{kind}long_leave" if long else f"{kind}short_leave"
    informed: Informed = "with_consent" if long and not kind else "no"
    say = "fear" if fear else reason
    return Advice(
        "now", 20, (reason,), say, service, bring="leave", title=f"{kind}default", informed=informed
    )


@reasons("pdp_cell")
def pdp_cell_reasons(s: Facts, law: Law) -> tuple[str, ...]:
    """What the physician should know: the fear of a notice, leaves that come back, the return; who runs the service."""
    if not health_at_stake(s) or s.status in ("independant", "demandeur_emploi") or is_farm(s):
        return ()
    if is_employer(s):
        return ("employer_repeated_leaves",) if s.told.repeated_leaves and not notice_received(s) else ()
    if declared_unfit(s):
        return ("public_service",) if is_public(s) else ()
    back = s.told.return_date if s.on_leave else None
    kind = "public_" if is_public(s) else ""
    apprentice = s.status == "apprenti"
    found = {
        "public_service": is_public(s),
        f"{kind}fear": fears_unfitness(s),
        f"{kind}repeated_leaves": s.told.repeated_leaves,
        "part_time": not kind and not s.on_leave and s.told.therapeutic_part_time,
        "return_date" if long_leave(s, law) else "return_soon": not kind
        and back is not None
        and back >= s.on,
        "just_back": not kind and not s.on_leave and just_back(s, law),
        _opposition(s, law): not kind and long_leave(s, law),
        "cell": not kind,
        "btp": s.status in ("salarie_prive", "apprenti") and s.sector == "btp",
        s.status: s.status in ("interimaire", "apprenti", "particulier_employeur"),
        "apprentice_visit": apprentice and not s.on_leave,
        "minor_visit": not kind and _minor(s, law),
        "overseas_farm": s.status == "salarie_agricole",
        "mid_career": not kind and mid_career(s, law),
    }
    return tuple(key for key, holds in found.items() if holds)


def _minor(s: Facts, law: Law) -> bool:
    return s.told.age is not None and s.told.age < law.number("minor_visit_before_assignment_age")


def _opposition(s: Facts, law: Law) -> str:
    """What the employer is told unless the person objects: the visit itself too, since 15/06/2026 (R4624-30)."""
    return (
        "opposition"
        if s.on >= law.day("prereprise_employer_informed_from_leave_issued")
        else "opposition_before"
    )


@deadlines("pdp_cell")
def pdp_cell_deadlines(s: Facts, law: Law) -> tuple[Deadline, ...]:
    """Pre-return and return visits (C. trav. R4624-29, R4624-31)."""
    if is_employer(s) or not health_at_stake(s) or is_farm(s) or notice_given(s):
        return ()
    if s.on_leave:
        return leave_deadlines(s, law)
    return back_deadlines(s, law) if has_occupational_physician(s) else ()


def _without_health_problem(s: Facts, law: Law) -> StepOutcome:
    """A visit on request needs no reason at all (R4624-34): mentioned, not pushed; mid-career visit (L4624-2-2)."""
    if s.status in ("demandeur_emploi", "independant", "exploitant_agricole") or s.told.contract_ended:
        return NotConcerned("no_health_problem")
    if is_farm(s):
        service: tuple[str, ...] = ("msa",)
    elif is_public(s):
        key = "public_no_health_problem"
        return Advice("if_needed", 50, (key,), "no_health_problem", ("cdg",), "none", "public_default")
    else:
        service = ("spstn",) if s.status == "particulier_employeur" else ("spsti", "spsti_annuaire")
    if mid_career(s, law):
        return Advice("now", 5, ("mid_career",), "mid_career", service, bring="none", informed="yes")
    return Advice("if_needed", 50, ("no_health_problem",), "no_health_problem", service, bring="none")


def _for_employer(s: Facts) -> StepOutcome:
    """The employer may ask for a visit and refer to the cell directly (R4624-34; instruction of 26/04/2022)."""
    if is_farm(s):
        return NotConcerned("employer_msa")
    if s.status in ("independant", "demandeur_emploi"):
        return NotConcerned("no_employer")
    if wants_policy(s):
        return _to_employer(s, "policy", 10, "none")
    if notice_received(s):
        return _to_employer(s, "unfit", 20, "employer_unfit")
    if s.on_leave:
        return _to_employer(s, "leave", 20, "employer_leave")
    return _to_employer(s, "at_work", 10, "employer")


def _to_employer(s: Facts, moment: str, rank: int, bring: str) -> Advice:
    """The same step in the words of a private or of a public employer."""
    key = f"employer_public_{moment}" if is_public(s) else f"employer_{moment}"
    title = "employer_public" if is_public(s) else "default"
    return Advice("now", rank, (key,), key, occupational_health_service(s), bring, title, "yes")
