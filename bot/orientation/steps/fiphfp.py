"""Step 4, public sector: the FIPHFP's aids."""

from bot.orientation.law import Law
from bot.orientation.outcomes import Absent, Advice, StepOutcome, When
from bot.orientation.profiles import (
    declared_unfit,
    fears_unfitness,
    health_at_stake,
    is_employer,
    is_public,
    long_leave,
    recognised,
    title,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts
from bot.orientation.registry import step

FIPHFP = ("fiphfp",)


@step("fiphfp")
def fiphfp(s: Facts, law: Law) -> StepOutcome:
    """Public employers, or their recognised agents themselves (CGFP L351-7, L351-9)."""
    if is_employer(s):
        return _for_employer(s)
    if not health_at_stake(s) or not is_public(s) or without_employer(s):
        return Absent()
    if not (declared_unfit(s) or fears_unfitness(s)) and s.on_leave and not long_leave(s, law):
        return Advice(
            "if_needed", 50, ("short_leave",), "agent", FIPHFP, bring="agent", informed="with_consent"
        )
    found = title(s)
    when: When = "next" if found in ("yes", "pending") else "if_needed"
    condition = found if found in ("yes", "pending") else "ask_title"
    return Advice(when, 30, ("agent", condition), "agent", FIPHFP, bring="agent", informed="with_consent")


def _for_employer(s: Facts) -> StepOutcome:
    if not is_public(s):
        return Absent()
    if wants_policy(s):
        return Advice(
            "next", 20, ("employer_policy",), "employer_policy", FIPHFP, bring="none", informed="yes"
        )
    when: When = "if_needed" if s.on_leave and not recognised(s) else "next"
    return Advice(when, 30, ("employer",), "employer", FIPHFP, bring="employer", informed="yes")
