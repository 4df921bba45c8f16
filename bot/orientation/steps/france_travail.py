"""France Travail, for people without a contract or about to lose it."""

from bot.orientation.law import Law
from bot.orientation.outcomes import Absent, Advice, StepOutcome
from bot.orientation.profiles import declared_unfit, health_at_stake, is_employer, without_employer
from bot.orientation.reading import Facts
from bot.orientation.registry import step

FRANCE_TRAVAIL = ("france_travail",)


@step("france_travail")
def france_travail(s: Facts, law: Law) -> StepOutcome:
    """Registered jobseekers may have an engagement adapted to their health (C. trav. L5411-6)."""
    if is_employer(s):
        return Absent()
    if not health_at_stake(s):
        if without_employer(s):
            key = "no_health_problem"
            return Advice("next", 20, (key,), key, FRANCE_TRAVAIL, title=key)
        return Absent()
    if without_employer(s):
        return Advice("now", 10, ("jobseeker",), "jobseeker", FRANCE_TRAVAIL)
    if s.status in ("independant", "exploitant_agricole", "fonctionnaire"):
        return Absent()
    if declared_unfit(s):
        return Advice("if_needed", 50, ("unfit",), "unfit", FRANCE_TRAVAIL)
    return Absent()
