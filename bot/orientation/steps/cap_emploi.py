"""Step 3: Cap emploi, the public network for keeping disabled workers in employment."""

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

CAP_EMPLOI = ("cap_emploi",)
MDPH_FIRST = ("mdph", "cap_emploi")


@step("cap_emploi")
def cap_emploi(s: Facts, law: Law) -> StepOutcome:
    """For a person recognised or asking to be, whose health no longer fits the job (C. trav. L5214-3-1)."""
    if is_employer(s):
        return _for_employer(s)
    if not health_at_stake(s):
        return NotConcerned("no_health_problem")
    if without_employer(s):
        if recognised(s):
            return Advice("next", 20, ("jobseeker",), "jobseeker", CAP_EMPLOI, "jobseeker", "jobseeker")
        why = ("jobseeker_unrecognised",)
        return Advice("if_needed", 30, why, "rqth_jobseeker", MDPH_FIRST, bring="rqth", title="rqth")
    if s.status == "independant" and not s.on_leave:
        return _by_title(s, "self_employed", when="now", otherwise="now")
    if s.status in ("independant", "exploitant_agricole"):
        return _by_title(s, "self_employed")
    if declared_unfit(s):
        return _by_title(s, "unfit", when="now", otherwise="next")
    if fears_unfitness(s):
        return _by_title(s, "fear", otherwise="next")
    if s.on_leave and not long_leave(s, law):
        return Advice(
            "if_needed", 40, ("short_leave",), "work", CAP_EMPLOI, bring="work", informed="with_consent"
        )
    return _by_title(s, "public_work" if is_public(s) else "work")


def _by_title(s: Facts, reason: str, when: When = "next", otherwise: When = "if_needed") -> StepOutcome:
    """Recognised or asking: Cap emploi. Not yet: the request to the MDPH first, it can start on the receipt."""
    informed: Informed = "no" if s.status in ("independant", "exploitant_agricole") else "with_consent"
    found = title(s)
    if found in ("yes", "pending"):
        return Advice(when, 20, (reason, found), reason, CAP_EMPLOI, bring="work", informed=informed)
    say = "rqth_self_employed" if reason == "self_employed" else "rqth"
    return Advice(otherwise, 20, (reason, "ask_title"), say, MDPH_FIRST, bring="rqth", title="rqth")


def _for_employer(s: Facts) -> StepOutcome:
    """Free help for the employer too; any size of company (C. trav. L5214-3-1)."""
    if s.status in ("independant", "demandeur_emploi", "exploitant_agricole"):
        return NotConcerned("employer_no_contract")
    if wants_policy(s):
        return Advice("if_needed", 30, ("employer_policy",), "employer_policy", CAP_EMPLOI, bring="none")
    employer = "employer_public" if is_public(s) else "employer"
    if notice_received(s):
        return Advice("now", 30, ("employer_unfit",), employer, CAP_EMPLOI, bring="employer", informed="yes")
    when: When = "if_needed" if s.on_leave and not recognised(s) else "next"
    return Advice(when, 20, (employer,), employer, CAP_EMPLOI, bring="employer", informed="yes")
