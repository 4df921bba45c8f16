"""Reduced decision diagrams: equal ones are one object, and a choice that changes nothing is not there."""

from dataclasses import dataclass
from typing import Any

from bot.orientation.facts import Value


@dataclass(frozen=True, eq=False, slots=True)
class Leaf:
    """An answer of the rule."""

    outcome: Any


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A choice of the reduced diagram: a fact that matters there, and what follows for each value."""

    fact: str
    branches: tuple[tuple[Value | None, "Tree"], ...]


Tree = Leaf | Node


class Forest:
    """Makes reduced diagrams so that equal ones are one object, and a choice that changes nothing is not there."""

    def __init__(self) -> None:
        self._leaves: dict[Any, Leaf] = {}
        self._nodes: dict[tuple[Any, ...], Node] = {}

    def leaf(self, outcome: Any) -> Leaf:
        """The diagram that answers this, always."""
        return self._leaves.setdefault(outcome, Leaf(outcome))

    def node(self, fact: str, branches: tuple[tuple[Value | None, Tree], ...]) -> Tree:
        """The diagram that reads this fact; simply the branch, where all branches are the same."""
        if all(tree is branches[0][1] for _, tree in branches):
            return branches[0][1]
        key = (fact, tuple((value, id(tree)) for value, tree in branches))
        return self._nodes.setdefault(key, Node(fact, branches))


def facts_left(tree: Tree) -> frozenset[str]:
    """The facts that a diagram still reads."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [tree]
    while waiting:
        tree = waiting.pop()
        if isinstance(tree, Node) and id(tree) not in seen:
            seen.add(id(tree))
            found.add(tree.fact)
            waiting.extend(branch for _, branch in tree.branches)
    return frozenset(found)
