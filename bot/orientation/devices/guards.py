"""Reasons to close a device that many devices share, read in one order."""

from bot.orientation.outcomes import DeviceOutcome, closed
from bot.orientation.profiles import (
    health_at_stake,
    is_employer,
    is_public,
    wants_policy,
    without_employer,
)
from bot.orientation.reading import Facts


def needs_one_person(s: Facts, *, by_person: bool = False) -> DeviceOutcome | None:
    """The device is about one person whose health is at stake; `by_person`: only that person may ask for it."""
    if is_employer(s) and by_person:
        return closed("worker_only")
    if wants_policy(s):
        return closed("one_person")
    return None if health_at_stake(s) else closed("no_health_problem")


def needs_employee(s: Facts, *, by_person: bool = False) -> DeviceOutcome | None:
    """About one person, who has an employer of the private or farm sector."""
    return needs_one_person(s, by_person=by_person) or _needs_private_contract(s)


def _needs_private_contract(s: Facts) -> DeviceOutcome | None:
    if without_employer(s):
        return closed("no_employer")
    if s.status in ("independant", "exploitant_agricole"):
        return closed("self_employed")
    return closed("public") if is_public(s) else None


def needs_agent(s: Facts, *, by_person: bool = False) -> DeviceOutcome | None:
    """About one public agent."""
    found = needs_one_person(s, by_person=by_person)
    if found:
        return found
    return None if is_public(s) and not without_employer(s) else closed("not_public")
