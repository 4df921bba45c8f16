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
from functools import cache, lru_cache
from typing import Any, Literal, TypeVar

from bot.orientation.domains import domains
from bot.orientation.facts import FACTS, Value
from bot.orientation.forest import Forest, Leaf, Node, Tree, facts_left
from bot.orientation.law import law_on
from bot.orientation.outcomes import merged_device, merged_lines, merged_step
from bot.orientation.reading import Facts, Unknown
from bot.orientation.registry import RULES, Outcome

State = Literal["asked", "untold", "declined"] | tuple[Value]
"""What is known of a fact: to be asked, never to be told, declined, or the representative of its value."""


T = TypeVar("T")

_FOREST = Forest()


Answers = dict[str, Value | None]
Unfold = Callable[[Answers, "Reading | None"], "Reading | Leaf"]
"""How a reading goes on: the answers read so far, None for what was not told; and the reading it comes from."""


class Branches(dict[Value | None, "Reading | Leaf"]):
    """What follows a reading for each value of its fact (None: not told), run when it is first needed."""

    __slots__ = ("_reading",)

    def __init__(self, reading: "Reading") -> None:
        super().__init__()
        self._reading = reading

    def __missing__(self, value: Value | None) -> "Reading | Leaf":
        found = self[value] = self._reading.unfolded(value)
        return found


class Reading:
    """A fact that a rule reads at one point of its unfolding; each branch is run when it is first needed."""

    __slots__ = (
        "_above", "_told", "_unfold", "branches", "exact", "fact", "facts", "measured", "optional", "values", "wished",
    )  # fmt: skip

    def __init__(
        self,
        unfold: Unfold,
        told: Answers,
        unknown: Unknown,
        values: tuple[Value, ...],
        above: "Reading | None",
    ) -> None:
        self._unfold, self._told, self._above = unfold, told, above
        self.branches = Branches(self)
        self.fact = unknown.fact
        self.optional = unknown.told
        """Read through `told`: the fact may stay untold."""
        self.values = values
        """The values worth trying."""
        self.measured = FACTS[self.fact].kind in ("integer", "date")
        """A number or a date: the outcome depends on more than its class."""
        self.facts: tuple[str, ...] = ()
        """The facts read here and below, as far as this was unfolded. It only grows: an answer kept under fewer
        facts is never taken for another."""
        self.wished: frozenset[str] = frozenset()
        """Those read through `told` somewhere: for the others, asked or not yet comes to the same."""
        self.exact = False
        """Whether one of these facts is measured."""
        self._seen_above()

    @property
    def for_employer(self) -> bool:
        """Whether an employer is asking."""
        return self._told.get("audience") == "employer"

    def _seen_above(self) -> None:
        """Tell every reading on the way here that this fact is read below it."""
        reading: Reading | None = self
        while reading is not None:
            if self.fact not in reading.facts:
                reading.facts = (*reading.facts, self.fact)
                reading.exact = reading.exact or self.measured
            if self.optional and self.fact not in reading.wished:
                reading.wished |= {self.fact}
            reading = reading._above

    def unfolded(self, value: Value | None) -> "Reading | Leaf":
        """Run the rule one fact further."""
        return self._unfold({**self._told, self.fact: value}, self)


@dataclass(frozen=True, slots=True)
class Prospect:
    """What the known facts leave possible for one rule, what is presumed being so and the rest not told."""

    outcome: Outcome | None
    """What the possible outcomes share; None where an exact number or date still has its say (see witnesses)."""
    witnesses: tuple[Mapping[str, Value], ...]
    """For each outcome still possible, values of the unknown facts that lead to it; dates are those of the epoch's
    day."""


Outset = tuple[Reading | Leaf, bool]
"""Where the known facts lead a rule, and whether a number or a date was read on the way."""

_KEPT = 4_000
"""Answers of each kind that a diagram keeps before it starts afresh. After 30,000 random situations the process holds
140 MB with 2,000, 350 MB with 20,000 and takes 12 % less time."""


class Diagram:
    """One rule under one version of the law, unfolded as far as it was needed."""

    def __init__(self, rule: str, on: date) -> None:
        self._rule, self._on = rule, on
        self._decide, self._law, self._domains = RULES[rule].decide, law_on(on), domains(on)
        self._prospects: dict[tuple[Any, ...], Prospect] = {}
        self._applied: dict[tuple[Any, ...], Tree] = {}
        self.root = self._unfold({}, None)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the rule has been seen to read so far."""
        return self.root.facts if isinstance(self.root, Reading) else ()

    def _unfold(self, told: Answers, above: Reading | None) -> Reading | Leaf:
        """Run the rule on these facts: its answer, or the first fact that it needs next."""
        known = {fact: value for fact, value in told.items() if value is not None}
        try:
            return _FOREST.leaf(self._decide(Facts(known, told, self._on), self._law))
        except Unknown as unknown:
            return Reading(self._unfold, told, unknown, self._domains[unknown.fact].values, above)

    def outset(self, states: Mapping[str, State]) -> Outset:
        """Where what is known leads."""
        tree, measured = self.root, False
        while isinstance(tree, Reading):
            state = states.get(tree.fact)
            if not isinstance(state, tuple):
                break
            measured = measured or tree.measured
            tree = tree.branches[state[0]]
        return tree, measured

    def questions(self, start: Reading, states: Mapping[str, State]) -> frozenset[str]:
        """Facts to ask: some answer to the others makes this one change the rule's outcome."""
        return facts_left(self._reduced(start, states, refining=False))

    def prospect(self, outset: Outset, states: Mapping[str, State]) -> Prospect:
        """The answers that the known facts leave possible."""
        tree, measured = outset
        if isinstance(tree, Leaf):
            return Prospect(None if measured else tree.outcome, ({},))
        found = self._prospects.get((id(tree), measured, *_known(tree, states)))
        if found is None:
            leaves = self._possible(tree, states)
            exact = measured or tree.exact
            found = Prospect(
                outcome=None if exact else _shared(self._rule, tuple(leaves)),
                witnesses=tuple(leaves.values()),
            )
            _keep(self._prospects, (id(tree), measured, *_known(tree, states)), found)
        return found

    def _possible(self, tree: Reading | Leaf, states: Mapping[str, State]) -> dict[Leaf, dict[str, Value]]:
        """One way to reach each answer that the known facts leave possible, as far as anything is presumed."""
        if isinstance(tree, Leaf):
            return {tree: {}}
        state = states.get(tree.fact)
        if isinstance(state, tuple):
            return self._possible(tree.branches[state[0]], states)
        if tree.optional:
            return self._possible(tree.branches[None], states)
        found: dict[Leaf, dict[str, Value]] = {}
        for value in _presumed(tree):
            for leaf, assumed in self._possible(tree.branches[value], states).items():
                found.setdefault(leaf, {tree.fact: value, **assumed})
        return found

    def refinements(self, states: Mapping[str, State]) -> frozenset[str]:
        """Facts that nobody asks for, but that would change the rule's outcome if they were told."""
        left = facts_left(self._reduced(self.root, states, refining=True))
        return frozenset(fact for fact in left if states.get(fact, "untold") == "untold")

    def decisive(self, states: Mapping[str, State]) -> tuple[str, ...]:
        """The known facts that decide: with another value of one of them, all else being so, the answer differs."""
        here = self._reduced(self.root, states, refining=False)
        return tuple(
            fact
            for fact, state in states.items()
            if isinstance(state, tuple)
            and fact in self.facts
            and any(
                self._reduced(self.root, {**states, fact: (value,)}, refining=False) is not here
                for value in self._domains[fact].values
            )
        )

    def _reduced(self, tree: Reading | Leaf, states: Mapping[str, State], *, refining: bool) -> Tree:
        """The diagram once what is known is applied; declined facts leave the merged answer of their branches."""
        while isinstance(tree, Reading):
            state = states.get(tree.fact, "untold")
            if isinstance(state, tuple):
                tree = tree.branches[state[0]]
            elif tree.optional and (state == "declined" or (state == "untold" and not refining)):
                tree = tree.branches[None]
            else:
                break
        if isinstance(tree, Leaf):
            return tree
        found = self._applied.get((id(tree), refining, *_states(tree, states)))
        if found is None:
            found = self._chosen(tree, states, refining)
            _keep(self._applied, (id(tree), refining, *_states(tree, states)), found)
        return found

    def _chosen(self, reading: Reading, states: Mapping[str, State], refining: bool) -> Tree:
        """What is left of a reading of a fact that is not known."""
        state = states.get(reading.fact, "untold")
        if state == "declined":
            trees = [
                self._reduced(reading.branches[value], states, refining=refining)
                for value in _presumed(reading)
            ]
            return _either(trees, self._rule)
        values = (None, *reading.values) if reading.optional and state == "untold" else reading.values
        return _FOREST.node(
            reading.fact,
            tuple(
                [
                    (value, self._reduced(reading.branches[value], states, refining=refining))
                    for value in values
                ]
            ),
        )


def _states(reading: Reading, states: Mapping[str, State]) -> list[State]:
    """What is known of the facts that matter from there."""
    found = [states.get(fact, "untold") for fact in reading.facts]
    if "asked" in found:
        for index, fact in enumerate(reading.facts):
            if found[index] == "asked" and fact not in reading.wished:
                found[index] = "untold"
    return found


def _known(reading: Reading, states: Mapping[str, State]) -> list[Value | None]:
    """The values that are known of the facts that matter from there."""
    found = [states.get(fact) for fact in reading.facts]
    return [state[0] if isinstance(state, tuple) else None for state in found]


def _keep(kept: dict[tuple[Any, ...], T], key: tuple[Any, ...], found: T) -> None:
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = found


@cache
def diagram(rule: str, epoch: date) -> Diagram:
    """The diagram of a rule; `epoch` is the first day of a version of the law (`bot.orientation.law.epoch`)."""
    return Diagram(rule, epoch)


@cache
def diagrams(epoch: date) -> Mapping[str, Diagram]:
    """The diagram of every rule."""
    return {rule: diagram(rule, epoch) for rule in RULES}


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


@lru_cache(maxsize=20_000)
def _shared(rule: str, leaves: tuple[Leaf, ...]) -> Outcome:
    return merged(rule, [leaf.outcome for leaf in leaves])


def _fixed(tree: Tree, fact: str, value: Value | None) -> Tree:
    if isinstance(tree, Leaf):
        return tree
    if tree.fact == fact:
        return next((branch for tried, branch in tree.branches if tried == value), tree.branches[0][1])
    return _FOREST.node(tree.fact, tuple((v, _fixed(b, fact, value)) for v, b in tree.branches))


def _presumed(reading: Reading) -> tuple[Value, ...]:
    """The values that count while a needed fact is not known: what is presumed of it, or all of them."""
    fact = FACTS[reading.fact]
    presumed = fact.employer_presumed if reading.for_employer else fact.presumed
    return reading.values if presumed is None else (presumed,)
