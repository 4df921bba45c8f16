"""What concerns the company: duties, subsidies, checks."""

from bot.orientation.law import Law
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import is_employer, is_farm, is_public, wants_policy
from bot.orientation.reading import Facts
from bot.orientation.registry import device


@device("fipu")
def fipu(s: Facts, law: Law) -> DeviceOutcome:
    """Subsidy against strain at work, adjustments included (CSS L221-1-5, R251-6-1). Ceilings are not given."""
    if not is_employer(s):
        return closed("employer_only")
    if is_public(s):
        return closed("public")
    if is_farm(s):
        return closed("farm")
    return closed("home_employee") if s.status == "particulier_employeur" else open_()


@device("doeth")
def doeth(s: Facts, law: Law) -> DeviceOutcome:
    """All declare; from 20 employees, the employment obligation (C. trav. L5212-1, L5212-2; public: CGFP L351-1)."""
    if not is_employer(s):
        return closed("employer_only")
    if s.status == "particulier_employeur":
        return closed("home_employee")
    kind = "public_" if is_public(s) else ""
    size = s.company_size if wants_policy(s) else s.told.company_size
    if size is None:
        return open_(f"{kind}size_unknown")
    return open_(f"{kind}bound" if size >= law.number("oeth_headcount") else f"{kind}declare")


@device("contre_visite")
def contre_visite(s: Facts, law: Law) -> DeviceOutcome:
    """A check of the leave, by a physician, for an employer who tops up the benefits (L1226-1, R1226-10 to -12)."""
    if not is_employer(s):
        return closed("employer_only")
    if wants_policy(s):
        return closed("one_person")
    if is_public(s):
        return closed("public")
    if s.status == "particulier_employeur":
        return closed("home_employee")
    return later("if_top_up") if s.on_leave else closed("not_on_leave")
