"""The Agefiph's aids, private sector. Amounts that could not be read are never given."""

from bot.orientation.devices.guards import needs_one_person
from bot.orientation.law import Law
from bot.orientation.outcomes import DeviceOutcome, closed, later, open_
from bot.orientation.profiles import is_employer, is_public, title_in_play, wants_policy, without_employer
from bot.orientation.reading import Facts
from bot.orientation.registry import device

RECOGNISED = ("yes", "pending")
SELF_EMPLOYED = ("independant", "exploitant_agricole")


def _outside(s: Facts) -> DeviceOutcome | None:
    """Public employers have the FIPHFP; no employment, no adaptation of it; a private home is to be confirmed."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if is_public(s):
        return closed("see_fiphfp")
    if without_employer(s):
        return closed("no_employer")
    if is_employer(s) and s.status in SELF_EMPLOYED:
        return closed("self_employed")
    return closed("home_employee") if s.status == "particulier_employeur" else None


def _by_title(s: Facts, law: Law) -> DeviceOutcome:
    if is_employer(s):
        return open_("employer")
    if title_in_play(s, law) not in RECOGNISED:
        return later("not_recognised")
    return open_("self_employed" if s.status in SELF_EMPLOYED else "open")


@device("agefiph_eligibilite")
def agefiph_eligibilite(s: Facts, law: Law) -> DeviceOutcome:
    """Private-law employers of any size, up to date with their contributions (C. trav. L5214-3; Agefiph)."""
    if wants_policy(s):
        return closed("see_fiphfp") if is_public(s) else open_("employer")
    return _outside(s) or _by_title(s, law)


@device("agefiph_adaptation")
def agefiph_adaptation(s: Facts, law: Law) -> DeviceOutcome:
    """Pays the extra cost of adapting work, on the occupational physician's word (L5213-10; Agefiph)."""
    return _outside(s) or _by_title(s, law)


@device("agefiph_recherche_solutions")
def agefiph_recherche_solutions(s: Facts, law: Law) -> DeviceOutcome:
    """Flat aid to look for a solution, prescribed by Cap emploi (Agefiph)."""
    shut = _outside(s)
    if shut:
        return shut
    if is_employer(s) or s.status in SELF_EMPLOYED:
        return later("prescribed")
    return closed("employer_only")


@device("agefiph_formation")
def agefiph_formation(s: Facts, law: Law) -> DeviceOutcome:
    """Training that keeps a recognised employee in employment (Agefiph)."""
    return _outside(s) or _by_title(s, law)


@device("agefiph_pas")
def agefiph_pas(s: Facts, law: Law) -> DeviceOutcome:
    """Specific support by type of disability, on prescription (Agefiph)."""
    shut = needs_one_person(s)
    if shut:
        return shut
    if is_public(s):
        return closed("see_fiphfp")
    if is_employer(s) or title_in_play(s, law) in RECOGNISED:
        return later("prescribed")
    return later("not_recognised")


@device("inclupro")
def inclupro(s: Facts, law: Law) -> DeviceOutcome:
    """Training path for recognised people with a work project, on prescription (Agefiph)."""
    shut = needs_one_person(s, by_person=True)
    if shut:
        return shut
    if is_public(s):
        return closed("see_fiphfp")
    return later("prescribed" if title_in_play(s, law) in RECOGNISED else "not_recognised")


@device("agefiph_conseil")
def agefiph_conseil(s: Facts, law: Law) -> DeviceOutcome:
    """Advice to companies of any size, study before an adjustment (Agefiph)."""
    if not is_employer(s):
        return closed("employer_only")
    if is_public(s):
        return closed("see_fiphfp")
    return closed("home_employee") if s.status == "particulier_employeur" else open_()


@device("rlh_aeth")
def rlh_aeth(s: Facts, law: Law) -> DeviceOutcome:
    """Aid for lasting extra costs once the post is adapted at best (L5213-11, R5213-39 to R5213-51)."""
    shut = _outside(s)
    if shut:
        return shut
    if not is_employer(s) and s.status not in SELF_EMPLOYED:
        return closed("employer_only")
    return later("after_adaptation")
