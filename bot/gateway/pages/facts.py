"""What was understood of a situation, in words, for its person to check on the plan page."""

from collections.abc import Mapping
from typing import Any

from bot.directory.places import Place
from bot.gateway.pages.rendering import french_date, page_words
from bot.orientation import FACTS, FactType

_SAID_WITH_ANOTHER = frozenset({"commune", "leave_days", "danger"})


def understood(situation: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each known fact, in the order of the Situation."""
    known = {name: value for name, value in situation.items() if name in FACTS and value is not None}
    hidden = _SAID_WITH_ANOTHER
    if "leave_start" not in known:
        hidden -= {"leave_days"}
    if "department" not in known:
        hidden -= {"commune"}
    return [
        (fact.label, _value(fact, known))
        for name, fact in FACTS.items()
        if name in known and name not in hidden
    ]


def _value(fact: FactType, known: Mapping[str, Any]) -> str:
    given = known[fact.name]
    if fact.name == "department":
        return Place(given, known.get("commune")).label
    if fact.name == "leave_start":
        return page_words()["since"].format(date=french_date(given))
    if fact.kind == "date":
        return french_date(given)
    return str(fact.values.get(given, given)) if fact.kind == "choice" else fact.value_label(given)
