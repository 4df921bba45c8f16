"""Step 4, private sector: the Agefiph's aids."""

from bot.orientation.law import Law
from bot.orientation.outcomes import Advice, Informed, NotConcerned, StepOutcome, When
from bot.orientation.profiles import (
    declared_unfit,
    fears_unfitness,
    health_at_stake,
    is_employer,
    is_public,
    long_leave,
    notice_received,
    recognised,
    title,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import step

AGEFIPH = ("agefiph",)


@step("agefiph")
def agefiph(s: Facts, law: Law) -> StepOutcome:
    """Private employers of any size, and the self-employed; recognised or asking (C. trav. L5214-3; Agefiph)."""
    if is_employer(s):
        return _for_employer(s)
    if not health_at_stake(s):
        return NotConcerned("no_health_problem")
    if is_public(s):
        return NotConcerned("public")
    if without_employer(s):
        return Advice("if_needed", 40, ("jobseeker",), "jobseeker", AGEFIPH, bring="person")
    if s.status == "particulier_employeur":
        return Advice("if_needed", 50, ("home_employee",), "home_employee", AGEFIPH, bring="person")
    if s.status in ("independant", "exploitant_agricole"):
        return _by_title(s, "self_employed", "no")
    if not (declared_unfit(s) or fears_unfitness(s)) and s.on_leave and not long_leave(s, law):
        return Advice(
            "if_needed", 50, ("short_leave",), "work", AGEFIPH, bring="work", informed="with_consent"
        )
    return _by_title(s, "work", "yes")


def _by_title(s: Facts, reason: str, informed: Informed) -> StepOutcome:
    found = title(s)
    when: When = "next" if found in ("yes", "pending") else "if_needed"
    condition = found if found in ("yes", "pending") else "ask_title"
    bring = "self_employed" if reason == "self_employed" else "work"
    return Advice(when, 30, (reason, condition), reason, AGEFIPH, bring=bring, informed=informed)


def _for_employer(s: Facts) -> StepOutcome:
    """No minimum size; the request comes before the purchase (C. trav. L5214-3; Agefiph)."""
    if is_public(s):
        return NotConcerned("employer_public")
    if s.status in ("independant", "demandeur_emploi", "exploitant_agricole"):
        return NotConcerned("employer_no_contract")
    if wants_policy(s):
        return Advice(
            "next", 20, ("employer_policy",), "employer_policy", AGEFIPH, bring="none", informed="yes"
        )
    if s.status == "particulier_employeur":
        return Advice(
            "if_needed", 50, ("home_employee",), "employer", AGEFIPH, bring="employer", informed="yes"
        )
    when: When = "if_needed" if s.on_leave and not recognised(s) and not notice_received(s) else "next"
    return Advice(when, 30, ("employer",), "employer", AGEFIPH, bring="employer", informed="yes")
