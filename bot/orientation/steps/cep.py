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
    operators = (*CEP, "mission_locale") if _young(s, law) else CEP
    if not health_at_stake(s):
        key = "no_health_problem"
        return Advice("now", 10, (reason, key), key, operators, bring=key)
    if without_employer(s):
        return Advice("next", 30, (reason,), "jobseeker", operators)
    if s.status not in ("independant", "exploitant_agricole") and declared_unfit(s):
        return Advice("next", 50, (reason, "unfit"), "change", operators)
    if s.told.repeated_leaves:
        return Advice("next", 50, (reason, "repeated_leaves"), "change", operators)
    return Advice("if_needed", 60, (reason,), "change", operators)


def _young(s: Facts, law: Law) -> bool:
    return s.told.age is not None and s.told.age < law.number("mission_locale_age")


@reasons("cep")
def cep_reasons(s: Facts, law: Law) -> tuple[str, ...]:
    """Under 26, the mission locale is one of the operators of the advice (C. trav. L6111-6)."""
    return ("young",) if not is_employer(s) and _young(s, law) else ()
