"""Which unknown facts can change a rule's answer, and which answers are still possible.

A rule is an ordinary function; run on facts that it does not know, it stops at the first one it needs. Trying
each value there, and so on, unfolds the rule into a decision diagram (Bryant 1986, multi-valued), reduced where
all values lead to the same place. A fact that is left in the diagram once the known facts are applied can change
the answer; a fact that is not, cannot. The unfolding is lazy and kept: each path of a rule is run once per
version of the law, then reading a situation is a walk.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

from bot.orientation.domains import domains
from bot.orientation.facts import FACTS, Value
from bot.orientation.law import law_on
from bot.orientation.outcomes import merged_device, merged_lines, merged_step
from bot.orientation.reading import Facts, Unknown
from bot.orientation.registry import RULES, Outcome

State = Literal["asked", "untold", "declined"] | tuple[Value]
"""What is known of a fact: to be asked, never to be told, declined, or the representative of its value."""


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


_FOREST = Forest()


class Reading:
    """A fact that a rule reads at one point of its unfolding; each branch is run when it is first needed."""

    __slots__ = ("_branches", "_known", "_told", "_unfold", "fact", "measured", "optional", "values")

    def __init__(
        self,
        unfold: Callable[[dict[str, Value | None], dict[str, Value | None]], "Reading | Leaf"],
        known: dict[str, Value | None],
        told: dict[str, Value | None],
        unknown: Unknown,
        values: tuple[Value, ...],
    ) -> None:
        self._unfold, self._known, self._told = unfold, known, told
        self._branches: dict[Value | None, Reading | Leaf] = {}
        self.fact = unknown.fact
        self.optional = unknown.told
        """Read through `told`: the fact may stay untold."""
        self.values = values
        """The values worth trying."""
        self.measured = FACTS[self.fact].kind in ("integer", "date")
        """A number or a date: the outcome depends on more than its class."""

    def branch(self, value: Value | None) -> "Reading | Leaf":
        """What follows for that value of the fact, or for a fact that was not told."""
        found = self._branches.get(value)
        if found is None:
            known = self._known if value is None else {**self._known, self.fact: value}
            found = self._unfold(known, {**self._told, self.fact: value})
            if value is None or value in self.values:  # an exact date is not worth keeping
                self._branches[value] = found
        return found


@dataclass(frozen=True)
class Prospect:
    """What a partial situation still leaves open for one rule."""

    questions: frozenset[str]
    """Facts to ask: some answer to the others makes this one change the rule's outcome."""
    outcome: Outcome | None
    """What the possible outcomes share; None where an exact number or date still has its say (see witnesses)."""
    witnesses: tuple[Mapping[str, Value], ...]
    """For each outcome still possible (what is presumed being so), values of the unknown facts that lead to it;
    dates are those of the epoch's day."""


_KEPT = 20_000
"""Answers that a diagram keeps before it starts afresh: bounds its memory, some tens of megabytes in all."""


class Diagram:
    """One rule under one version of the law, unfolded as far as it was needed."""

    def __init__(self, rule: str, on: date) -> None:
        self._rule, self._on = rule, on
        self._decide, self._law, self._domains = RULES[rule].decide, law_on(on), domains(on)
        self._facts: tuple[str, ...] = ()
        self._prospects: dict[tuple[State, ...], Prospect] = {}
        self._settled: dict[tuple[int, bool], Prospect] = {}
        self._refinements: dict[tuple[State, ...], frozenset[str]] = {}
        self.root = self._unfold({}, {})

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the rule has been seen to read so far."""
        return self._facts

    @property
    def _measures(self) -> bool:
        return any(FACTS[fact].kind in ("integer", "date") for fact in self._facts)

    def _unfold(self, known: dict[str, Value | None], told: dict[str, Value | None]) -> Reading | Leaf:
        """Run the rule on these facts: its answer, or the first fact that it needs next."""
        try:
            return _FOREST.leaf(self._decide(Facts(known, told, self._on), self._law))
        except Unknown as unknown:
            fact = unknown.fact
            if fact not in self._facts:  # answers kept under fewer facts would be confused: forget them
                self._facts = (*self._facts, fact)
                self._prospects.clear()
                self._refinements.clear()
            return Reading(self._unfold, known, told, unknown, self._domains[fact].values)

    def prospect(self, states: Mapping[str, State]) -> Prospect:
        """What a partial situation leaves open, given what is known of each fact (absent: never to be told)."""
        tree, measured = self.root, False
        while isinstance(tree, Reading):
            state = states.get(tree.fact, "untold")
            if isinstance(state, tuple):
                measured = measured or tree.measured
                tree = tree.branch(state[0])
            elif tree.optional and state != "asked":
                tree = tree.branch(None)
            else:
                return self._open(states)
        return self._settled.setdefault(
            (id(tree), measured), Prospect(frozenset(), None if measured else tree.outcome, ({},))
        )

    def _open(self, states: Mapping[str, State]) -> Prospect:
        """The prospect where the rule needs a fact that is not known."""
        found = self._prospects.get(self._key(states))
        if found is None:
            leaves = _witnesses(self.root, states)
            found = Prospect(
                questions=_facts_left(_applied(self.root, states, self._rule, refining=False)),
                outcome=None if self._measures else merged(self._rule, [leaf.outcome for leaf, _ in leaves]),
                witnesses=tuple(assumed for _, assumed in leaves),
            )
            if len(self._prospects) >= _KEPT:
                self._prospects.clear()
            self._prospects[self._key(states)] = found
        return found

    def refinements(self, states: Mapping[str, State]) -> frozenset[str]:
        """Facts that nobody asks for, but that would change the rule's outcome if they were told."""
        found = self._refinements.get(self._key(states))
        if found is None:
            left = _facts_left(_applied(self.root, states, self._rule, refining=True))
            found = frozenset(fact for fact in left if states.get(fact, "untold") == "untold")
            self._refinements[self._key(states)] = found
        return found

    def decisive(self, states: Mapping[str, State]) -> tuple[str, ...]:
        """The known facts that decide: with another value of one of them, all else being so, the answer differs."""
        here = _applied(self.root, states, self._rule, refining=False)
        return tuple(
            fact
            for fact, state in states.items()
            if isinstance(state, tuple)
            and fact in self._facts
            and any(
                _applied(self.root, {**states, fact: (value,)}, self._rule, refining=False) is not here
                for value in self._domains[fact].values
            )
        )

    def _key(self, states: Mapping[str, State]) -> tuple[State, ...]:
        return tuple([states.get(fact, "untold") for fact in self._facts])


@cache
def diagram(rule: str, epoch: date) -> Diagram:
    """The diagram of a rule; `epoch` is the first day of a version of the law (`bot.orientation.law.epoch`)."""
    return Diagram(rule, epoch)


def _facts_left(tree: Tree) -> frozenset[str]:
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


def _applied(tree: Reading | Leaf, known: Mapping[str, State], rule: str, refining: bool) -> Tree:
    """The diagram once what is known is applied; declined facts leave the merged answer of their branches."""
    if isinstance(tree, Leaf):
        return tree
    state = known.get(tree.fact, "untold")
    if isinstance(state, tuple):
        return _applied(tree.branch(state[0]), known, rule, refining)
    if tree.optional and (state == "declined" or (state == "untold" and not refining)):
        return _applied(tree.branch(None), known, rule, refining)
    if state == "declined":
        return _either(
            [_applied(tree.branch(value), known, rule, refining) for value in _presumed(tree)], rule
        )
    values = (None, *tree.values) if tree.optional and state == "untold" else tree.values
    branches = tuple((value, _applied(tree.branch(value), known, rule, refining)) for value in values)
    return _FOREST.node(tree.fact, branches)


def _either(trees: list[Tree], rule: str) -> Tree:
    """One diagram for « one of these, and nobody knows which »: its answers are the merged answers."""
    distinct = list({id(tree): tree for tree in trees}.values())
    if len(distinct) == 1:
        return distinct[0]
    chosen = next((tree for tree in distinct if isinstance(tree, Node)), None)
    if chosen is None:
        return _FOREST.leaf(merged(rule, [tree.outcome for tree in distinct if isinstance(tree, Leaf)]))
    return _FOREST.node(
        chosen.fact,
        tuple(
            (value, _either([_fixed(tree, chosen.fact, value) for tree in distinct], rule))
            for value, _ in chosen.branches
        ),
    )


_MERGES: Mapping[str, Callable[[Any], Outcome]] = {
    "step": merged_step,
    "device": merged_device,
    "reasons": merged_lines,
    "deadlines": merged_lines,
}


def merged(rule: str, outcomes: Iterable[Any]) -> Outcome:
    """One outcome for a rule that could still give any of these."""
    return _MERGES[RULES[rule].kind](outcomes)


def _fixed(tree: Tree, fact: str, value: Value | None) -> Tree:
    if isinstance(tree, Leaf):
        return tree
    if tree.fact == fact:
        return next((branch for tried, branch in tree.branches if tried == value), tree.branches[0][1])
    return _FOREST.node(tree.fact, tuple((v, _fixed(b, fact, value)) for v, b in tree.branches))


def _presumed(reading: Reading) -> tuple[Value, ...]:
    """The values that count while a needed fact is not known: what is presumed of it, or all of them."""
    presumed = FACTS[reading.fact].presumed
    return reading.values if presumed is None else (presumed,)


def _witnesses(tree: Reading | Leaf, known: Mapping[str, State]) -> list[tuple[Leaf, dict[str, Value]]]:
    """One way to reach each answer that the known facts leave possible, as far as anything is presumed."""
    found: dict[int, tuple[Leaf, dict[str, Value]]] = {}

    def walk(tree: Reading | Leaf, assumed: dict[str, Value]) -> None:
        if isinstance(tree, Leaf):
            found.setdefault(id(tree), (tree, assumed))
            return
        state = known.get(tree.fact, "untold")
        if isinstance(state, tuple):
            walk(tree.branch(state[0]), assumed)
        elif tree.optional:
            walk(tree.branch(None), assumed)
        else:
            for value in _presumed(tree):
                walk(tree.branch(value), {**assumed, tree.fact: value})

    walk(tree, {})
    return list(found.values())
