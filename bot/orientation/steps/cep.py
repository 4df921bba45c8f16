"""The conseil en évolution professionnelle, open to all, free, with or without a health problem."""

from bot.orientation.law import Law
from bot.orientation.outcomes import Absent, Advice, StepOutcome, When
from bot.orientation.profiles import (
    declared_unfit,
    health_at_stake,
    is_employer,
    is_public,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import reasons, step

CEP = ("cep", "apec")


@step("cep")
def cep(s: Facts, law: Law) -> StepOutcome:
    """Free advice for any person, at any time; the employer is not told (C. trav. L6111-6; CGFP L421-3)."""
    if is_employer(s):
        if wants_policy(s):
            when: When = "now" if s.status in ("independant", "demandeur_emploi") else "if_needed"
            return Advice(when, 50, ("employer",), "employer", CEP, bring="none")
        if s.status in ("independant", "demandeur_emploi"):
            return Advice("now", 50, ("employer_person",), "employer_person", CEP, bring="none")
        return Absent()
    reason = "public" if is_public(s) else "everyone"
    if not health_at_stake(s):
        return Advice(
            "now", 10, (reason, "no_health_problem"), "no_health_problem", CEP, bring="no_health_problem"
        )
    if without_employer(s):
        return Advice("next", 30, (reason,), "jobseeker", CEP)
    if s.status not in ("independant", "exploitant_agricole") and declared_unfit(s):
        return Advice("next", 50, (reason, "unfit"), "change", CEP)
    if s.told.repeated_leaves:
        return Advice("next", 50, (reason, "repeated_leaves"), "change", CEP)
    return Advice("if_needed", 60, (reason,), "change", CEP)


@reasons("cep")
def cep_reasons(s: Facts, law: Law) -> tuple[str, ...]:
    """Under 26, the mission locale is one of the operators of the advice (C. trav. L6111-6)."""
    if is_employer(s) or s.told.age is None or s.told.age >= law.number("mission_locale_age"):
        return ()
    return ("young",)
