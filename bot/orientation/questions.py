"""In which order to ask: what settles the most comes first; and about how many questions are left."""

from bot.orientation.facts import FACTS, load_yaml
from bot.orientation.situation import Situation


def ordered(questions: set[str], situation: Situation) -> tuple[str, ...]:
    """The facts to ask for, most decisive first.

    The order is in `data/orientation/questions.yml`, one for workers and one for employers. It was found by
    measuring the expected number of questions over the mix of profiles there (`tests/orientation/test_questions.py`
    measures it again).
    """
    orders = load_yaml("questions.yml")["orders"]
    audience = situation.get("audience")
    order = orders["employer" if audience == "employer" else "worker"]
    ranks = {name: rank for rank, name in enumerate(order)}
    names = list(FACTS)
    return tuple(sorted(questions, key=lambda name: (ranks.get(name, len(ranks)), names.index(name))))


def about_left(missing: tuple[str, ...]) -> int:
    """About how many questions will be asked for these missing facts (`plan.missing`), the first one included.

    Most facts that could matter never come to be asked, since the answers before them settle it: each counts for how
    often it was asked, over the mix of profiles that also gave the order. Within one of the truth eight times in ten.
    """
    if not missing:
        return 0
    likelihood: dict[str, float] = load_yaml("questions.yml")["likelihood"]
    return 1 + round(sum(likelihood.get(name, 1) for name in missing[1:]))
