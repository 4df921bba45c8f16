"""What was understood of a situation, in words, for its person to check on the plan page."""

from collections.abc import Mapping
from typing import Any

from bot.directory.gazetteer import gazetteer
from bot.directory.places import Place
from bot.gateway.pages.rendering import page_words
from bot.orientation import FACTS, FactType
from bot.orientation.facts import RefusedValueError
from bot.web.text import french_date

_SAID_WITH_ANOTHER = frozenset({"commune", "leave_days", "danger"})


def understood(situation: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each known fact, in the order of the Situation. What is no fact's value is left out."""
    known = {name: situation[name] for name, fact in FACTS.items() if _is_value(fact, situation.get(name))}
    hidden = _SAID_WITH_ANOTHER
    if "leave_start" not in known:
        hidden -= {"leave_days"}
    if "department" not in known:
        hidden -= {"commune"}
    return [(FACTS[name].label, _value(FACTS[name], known)) for name in known if name not in hidden]


def _is_value(fact: FactType, value: object) -> bool:
    try:
        return value is not None and fact.read(value) is not None
    except RefusedValueError:
        return False


def _value(fact: FactType, known: Mapping[str, Any]) -> str:
    given = known[fact.name]
    if fact.name == "department" and given in gazetteer().departments:
        return Place(given, known.get("commune")).label
    if fact.name == "leave_start":
        return str(page_words()["since"].format(date=french_date(given)))
    return french_date(given) if fact.kind == "date" else fact.value_label(given)
