"""Tout ce que les règles peuvent répondre, en suivant chaque branche de leurs diagrammes."""

from datetime import date

import pytest

import bot.orientation.findings  # noqa: F401 - declares the rules
from bot.orientation.diagram import diagram
from bot.orientation.forest import Leaf
from bot.orientation.law import epoch
from bot.orientation.registry import RULES

BEFORE_REFORM = date(2026, 3, 2)
TODAY = date(2026, 11, 22)


def outcomes_of(rule, on):
    """Every outcome of a rule on a day: all values of all facts that it can read."""
    found = set()
    waiting = [diagram(rule, epoch(on)).root]
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, Leaf):
            found.add(tree.outcome)
        else:
            waiting.extend(tree.branches[value] for value in tree.values)
            if tree.optional:
                waiting.append(tree.branches[None])
    return found


@pytest.fixture(scope="session")
def outcomes():
    """Outcomes of each rule, under the law of today and of before the decree of June 2026."""
    return {rule: outcomes_of(rule, TODAY) | outcomes_of(rule, BEFORE_REFORM) for rule in RULES}
