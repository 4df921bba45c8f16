"""The plan with its contacts: the rules say which kind of organism each step needs, the directory says who it is."""

import datetime
from functools import lru_cache
from typing import Any

from bot.directory.lookup import Directory
from bot.orientation import Situation, orient
from bot.settings import Settings


@lru_cache(maxsize=1)
def directory() -> Directory:
    """The directory of this process, loaded once; without a database yet, from the project's files alone."""
    settings = Settings.from_environment()
    return Directory.load(settings.database_url if settings.has_database else None)


def plan_for(
    situation: Situation, on: datetime.date, declined: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Plan of the contract as a JSON-ready dict, each step with the contacts of the person's own territory."""
    plan = orient(situation, on=on, declined=declined)
    result = plan.to_json()
    for step, shown in zip(plan.steps, result["steps"], strict=True):
        shown["contacts"] = contacts_for(situation, step.contact_types)
    return result


def contacts_for(situation: Situation, types: tuple[str, ...]) -> list[dict[str, Any]]:
    """Organisms of these types that serve this person, as JSON-ready dicts, in the order of `types`."""
    if not types:
        return []
    if not situation.department:
        lines = directory().lines(types, audience=situation.audience)
        return [contact.to_json() for contact in lines]
    found = directory().contacts(
        situation.department,
        types=types,
        status=situation.status,
        sector=situation.sector,
        commune=situation.commune,
        audience=situation.audience,
    )
    return [contact.to_json() for contact in found]


TYPICAL: tuple[dict[str, Any], ...] = (
    {},
    {"audience": "worker"},
    {"audience": "employer"},
    {
        "audience": "worker",
        "department": "52",
        "status": "salarie_prive",
        "on_leave": True,
        "health_problem": True,
    },
    {
        "audience": "worker",
        "department": "14",
        "status": "fonctionnaire",
        "on_leave": False,
        "health_problem": True,
    },
    {
        "audience": "employer",
        "department": "76",
        "status": "salarie_prive",
        "on_leave": True,
        "leave_days": 90,
    },
)


def warm(on: datetime.date) -> None:
    """Prepare the rules and the directory: the first plan of a process takes half a second, the next ones 5 ms."""
    for facts in TYPICAL:
        plan_for(Situation.from_json(facts), on)
