"""The little language in which cues are written, and how they are searched quickly.

A cue is a row of words, without accents or apostrophes: `j ai avale *2 cachets|medicaments`.

    a|b          one word or the other
    (a b|c)      inside parentheses, one phrase or the other; (a b / c) is the same
    {name}       any phrase of the class `name` (words.yml)
    x?           x may be missing
    *2           up to two words of any kind, within the sentence
    !(a / b)     not followed by
    <!(a / b)    not preceded by
    ^  $         beginning, end of the message

Each cue knows a set of words one of which it cannot do without (its rarest element): a message is only
searched for the cues of which it holds such a word.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.language.safety.reading import ANY_SHORT_WORD, plain

_LEXEME = re.compile(r"\s*(\{[a-z_]+\}|<!\(|!\(|[()/|?^$]|\*\d+|\w+)")
_WORDS = re.compile(r"\w+(?:\|\w+)+")
SEPARATORS = ("/", "|")
_GAP = r"(?:[^\s._]+ ){{0,{}}}"


class InvalidCueError(ValueError):
    """A cue that cannot be read: the message gives the cue and where it goes wrong."""


@dataclass(frozen=True)
class Node:
    """A piece of a cue: its expression, the words it may hold, and those one of which it must hold.

    `anchors` is None when nothing is certain (optional piece, gap).
    """

    expression: str
    words: frozenset[str]
    anchors: frozenset[str] | None


class Cue:
    """One cue, ready to be searched in the text of a `Reading`."""

    def __init__(self, source: str, node: Node) -> None:
        if not node.anchors:
            raise InvalidCueError(f"{source!r}: at least one word must be required")
        self.source = source
        self.words = node.words
        self.anchors = node.anchors
        self._expression = node.expression

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when first needed: most cues are not, in the life of a short process."""
        return re.compile(r"(?<!\S)(?:" + self._expression + ")")


class Grammar:
    """Reads cues, given the classes that they may name.

    `frequent`: words too frequent to look for first. `slight`: little words that a slip leaves unreadable.
    """

    def __init__(
        self, classes: Mapping[str, Sequence[str]], frequent: Collection[str], slight: Collection[str] = ()
    ) -> None:
        self._sources = classes
        self._frequent = frozenset(frequent)
        self._slight = frozenset(slight)
        self._classes: dict[str, Node] = {}

    def cue(self, source: str) -> Cue:
        """Read one cue. Raises InvalidCueError."""
        return Cue(source, self._node(source))

    def _node(self, source: str) -> Node:
        node, rest = self._phrases(_lexemes(plain(source.strip())), source)
        if rest:
            raise InvalidCueError(f"{source!r}: {' '.join(rest)!r} is left over")
        return node

    def _phrases(self, lexemes: list[str], source: str) -> tuple[Node, list[str]]:
        phrases = []
        while True:
            node, lexemes = self._sequence(lexemes, source)
            phrases.append(node)
            if not lexemes or lexemes[0] not in SEPARATORS:
                return self._either(phrases), lexemes
            lexemes = lexemes[1:]

    def _sequence(self, lexemes: list[str], source: str) -> tuple[Node, list[str]]:
        nodes: list[Node] = []
        while lexemes and lexemes[0] not in (")", *SEPARATORS):
            head, lexemes = lexemes[0], lexemes[1:]
            if head in ("(", "!(", "<!("):
                node, lexemes = self._phrases(lexemes, source)
                if not lexemes or lexemes[0] != ")":
                    raise InvalidCueError(f"{source!r}: a parenthesis is not closed")
                lexemes = lexemes[1:]
                node = _guard(head, node)
            else:
                node = self._atom(head, source)
            if lexemes and lexemes[0] == "?":
                node, lexemes = Node(f"(?:{node.expression})?", node.words, None), lexemes[1:]
            nodes.append(node)
        if not nodes:
            raise InvalidCueError(f"{source!r}: an empty phrase")
        certain = [node.anchors for node in nodes if node.anchors]
        return Node(
            "".join(node.expression for node in nodes),
            frozenset().union(*(node.words for node in nodes)),
            min(certain, key=self._cost) if certain else None,
        ), lexemes

    def _atom(self, lexeme: str, source: str) -> Node:
        if lexeme == "^":
            return Node(r"(?<![^\n])", frozenset(), None)
        if lexeme == "$":
            return Node(r"(?:\. )*\Z", frozenset(), None)
        if lexeme[0] == "*":
            return Node(_GAP.format(lexeme[1:]), frozenset(), None)
        if lexeme[0] == "{":
            return self._class(lexeme[1:-1], source)
        words = frozenset(lexeme.split("|"))
        spellings = words | {ANY_SHORT_WORD} if words & self._slight else words
        return Node(f"(?:{'|'.join(sorted(spellings))}) ", words, words)

    def _class(self, name: str, source: str) -> Node:
        if name not in self._classes:
            if name not in self._sources:
                raise InvalidCueError(f"{source!r}: no class is named {name!r}")
            self._classes[name] = self._either([self._node(phrase) for phrase in self._sources[name]])
        return self._classes[name]

    def _either(self, nodes: Sequence[Node]) -> Node:
        if len(nodes) == 1:
            return nodes[0]
        anchors = [node.anchors for node in nodes]
        return Node(
            f"(?:{'|'.join(node.expression for node in nodes)})",
            frozenset().union(*(node.words for node in nodes)),
            frozenset().union(*(a for a in anchors if a)) if all(anchors) else None,
        )

    def _cost(self, anchors: frozenset[str]) -> int:
        return sum(100 if word in self._frequent else 1 for word in anchors)


def _lexemes(source: str) -> list[str]:
    """The pieces of a cue; outside parentheses, words joined by bars are one piece."""
    lexemes: list[str] = []
    position = depth = 0
    while position < len(source):
        match = (None if depth else _WORDS.match(source, position)) or _LEXEME.match(source, position)
        if not match:
            raise InvalidCueError(f"{source!r}: {source[position:]!r} cannot be read")
        lexeme = match.group().strip()
        depth += lexeme.endswith("(") - (lexeme == ")")
        lexemes.append(lexeme)
        position = match.end()
        while position < len(source) and source[position] == " ":
            position += 1
    return lexemes


def _guard(opening: str, node: Node) -> Node:
    if opening == "(":
        return node
    if opening == "!(":
        return Node(f"(?!{node.expression})", node.words, None)
    behind = "".join(rf"(?<!(?<!\S){part})" for part in _fixed(node.expression))
    return Node(behind, node.words, None)


def _fixed(expression: str) -> list[str]:
    """The alternatives of a look-behind, each of a fixed width: only plain words and phrases may be there."""
    parts = re.sub(rf"\(\?:|\)|\|{ANY_SHORT_WORD}", "", expression).split("|")
    return [part.rstrip() + " " for part in parts]


class Index:
    """A set of cues of which only those that a message may hold are searched."""

    def __init__(self, cues: Iterable[tuple[Cue, int]]) -> None:
        self._by_word: dict[str, list[tuple[int, int, Cue]]] = {}
        for order, (cue, rank) in enumerate(cues):
            for word in cue.anchors:
                self._by_word.setdefault(word, []).append((rank, order, cue))

    def search(
        self, text: str, words: Iterable[str], *, holding: str | None = None
    ) -> Iterator[tuple[int, Cue, re.Match[str]]]:
        """Every match, cues in order of rank. `words` are those of `text`. `holding`: only cues with that word."""
        candidates = {
            entry
            for word in set(words)
            for entry in self._by_word.get(word, ())
            if holding is None or holding in entry[2].words
        }
        for rank, _, cue in sorted(candidates, key=lambda entry: entry[:2]):
            for match in cue.pattern.finditer(text):
                yield rank, cue, match

    def found(self, text: str, words: Iterable[str]) -> bool:
        """Whether any cue matches."""
        return next(self.search(text, words), None) is not None
