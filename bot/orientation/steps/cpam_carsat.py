"""Step 1: the health-insurance fund and its social service (Carsat, Cramif, CGSS)."""

from bot.orientation.calendar import long_absence
from bot.orientation.law import Law
from bot.orientation.outcomes import Advice, NotConcerned, StepOutcome
from bot.orientation.profiles import (
    declared_unfit,
    from_work,
    health_at_stake,
    is_employer,
    is_farm,
    is_public,
    long_leave,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import reasons, step

SOCIAL_SERVICE = ("carsat", "cramif", "cgss", "cpam")
FUND = ("cpam", "cgss", "carsat", "cramif")
PREVENTION = ("carsat", "cramif", "cgss")
"""The funds that advise companies: not the CPAM."""


@step("cpam_carsat")
def cpam_carsat(s: Facts, law: Law) -> StepOutcome:
    """Open to the insured on leave or with an invalidity pension (CSS L262-1, L323-3-1; ameli)."""
    if is_employer(s):
        return _for_employer(s)
    if not health_at_stake(s):
        return NotConcerned("no_health_problem")
    if is_farm(s):
        return NotConcerned("msa")
    if without_employer(s):
        return _without_employer(s)
    if s.status == "fonctionnaire":
        return NotConcerned("civil_servant")
    if s.status == "contractuel_public":
        return _for_contract_staff(s)
    if s.status == "independant":
        return _for_self_employed(s)
    return _for_employee(s, law)


@reasons("cpam_carsat")
def cpam_carsat_reasons(s: Facts, law: Law) -> tuple[str, ...]:
    """An accident or a disease is declared (CSS L441-2, L461-5); the benefits of a long illness end (R323-1)."""
    if is_employer(s) or not health_at_stake(s) or is_farm(s) or is_public(s) or s.status == "independant":
        return ()
    if s.told.cause == "work_accident":
        return ("temp_accident" if s.status == "interimaire" else "accident",)
    if s.told.cause == "occupational_disease":
        return ("occupational_disease",)
    return ("allowance_limit",) if not without_employer(s) and long_absence(s, law) else ()


def _for_employee(s: Facts, law: Law) -> StepOutcome:
    """Private employees: during the leave, or with a pension (CSS L323-3-1; ameli)."""
    if s.on_leave and not declared_unfit(s):
        reasons = ["leave"]
        if long_leave(s, law):
            reasons.append("actions_during_leave")
        if from_work(s.told.cause):
            reasons.append("work_related")
        return Advice("now", 10, tuple(reasons), "leave", SOCIAL_SERVICE, bring="leave")
    if declared_unfit(s):
        if from_work(s.cause):
            return Advice("now", 30, ("iti", "unfit"), "iti", FUND, bring="iti", title="fund", informed="yes")
        return Advice("next", 30, ("unfit",), "unfit", SOCIAL_SERVICE, bring="unfit")
    if s.told.disability_pension:
        return Advice("now", 5, ("pension",), "pension", SOCIAL_SERVICE, bring="pension")
    if from_work(s.told.cause):
        return _to_declare(s)
    if s.told.therapeutic_part_time:
        return Advice(
            "next", 20, ("part_time",), "part_time", FUND, bring="part_time", title="fund", informed="yes"
        )
    return NotConcerned("at_work")


def _to_declare(s: Facts) -> Advice:
    """At work after an accident, or with a disease from work: nothing is covered until it is declared (L441-1)."""
    accident = s.told.cause == "work_accident"
    why, say = ("accident_at_work", "accident") if accident else ("disease_at_work", "occupational_disease")
    return Advice("now", 15, (why,), say, FUND, bring="declaration", title="fund", informed="yes")


def _for_self_employed(s: Facts) -> StepOutcome:
    """On leave: the fund's path for the self-employed (ameli, 05/07/2024); in part-time: its limits (CSS D622-10)."""
    if s.on_leave:
        return Advice("now", 10, ("self_employed",), "self_employed", SOCIAL_SERVICE, bring="self_employed")
    if s.told.disability_pension:
        return Advice("now", 15, ("pension",), "pension", SOCIAL_SERVICE, bring="pension")
    if s.told.therapeutic_part_time:
        key = "self_employed_part_time"
        return Advice("now", 15, (key,), key, SOCIAL_SERVICE, bring="part_time", title="default")
    return NotConcerned("at_work_self_employed")


def _for_contract_staff(s: Facts) -> StepOutcome:
    """Public contract staff are insured by the general scheme (CSS L323-3-1): the fund, if on leave."""
    if s.on_leave:
        return Advice(
            "if_needed", 40, ("contract_staff",), "contract_staff", FUND, bring="leave", title="fund"
        )
    return NotConcerned("at_work_public")


def _without_employer(s: Facts) -> StepOutcome:
    """No contract any more: the social service helps with rights, first of all after a contract that ended in a leave."""
    if s.on_leave and s.status != "demandeur_emploi":
        return Advice("now", 5, ("rights",), "rights", SOCIAL_SERVICE, bring="rights")
    if s.on_leave or s.told.disability_pension:
        return Advice("next", 20, ("rights",), "rights", SOCIAL_SERVICE, bring="rights")
    return NotConcerned("no_leave_no_contract")


def _for_employer(s: Facts) -> StepOutcome:
    """What the fund does for the employee, and its prevention aids for the company (CSS L221-1-5)."""
    if is_farm(s):
        return NotConcerned("employer_msa")
    if is_public(s):
        return NotConcerned("employer_public")
    if s.status in ("independant", "demandeur_emploi"):
        return NotConcerned("employer_no_contract")
    if wants_policy(s):
        return Advice("next", 30, ("employer_prevention",), "employer_prevention", PREVENTION, bring="none")
    if s.status == "particulier_employeur" and not s.on_leave:
        return NotConcerned("employer_home")
    if s.on_leave:
        return Advice("if_needed", 30, ("employer_leave",), "employer_leave", PREVENTION, bring="none")
    return Advice("if_needed", 40, ("employer_prevention",), "employer_prevention", PREVENTION, bring="none")
