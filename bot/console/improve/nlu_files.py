"""The training sentences as files that people read: where a sentence stands, and where a new one goes.

Files are edited as text, a line at a time: comments, order, topics and quoting stay as their authors left them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.console.review.words import fold
from bot.dialogue.intents import PUBLIC
from bot.settings import ROOT

FOLDER = "data/nlu"
_INTENT = re.compile(r"- intent: (\S+)\s*$")
_TOPIC = re.compile(r"\s+metadata: \{faq: (\w+)\}\s*$")
_EXAMPLES = re.compile(r"\s+examples: \|\s*$")
_EXAMPLE = re.compile(r"    - (.+)$")
_ENTITY = re.compile(r"\[([^\]]*)\](?=\s*[({\[])")
_LONGEST = 300
_OWN = {public: own for own, public in PUBLIC.items()}


@dataclass(frozen=True)
class Block:
    """The sentences of one intent that stand together."""

    path: str
    intent: str
    topic: str | None
    end: int
    """Line after the last sentence, counted from 0."""
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Addition:
    """A sentence to add. `topic` names the answer of the FAQ, where its intent has several."""

    sentence: str
    intent: str
    """As in the contract."""
    topic: str | None = None


@dataclass(frozen=True)
class Refused:
    """A sentence that was not added, and why: a key of `data/console/improve.yml`, with the intent that has it."""

    addition: Addition
    why: str
    intent: str = ""


def read_files(root: Path = ROOT) -> dict[str, str]:
    """The training files: path from the root → text."""
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted((root / FOLDER).glob("*.yml"))
    }


def blocks(files: Mapping[str, str]) -> list[Block]:
    """Every block, file by file, in order."""
    return [block for path, text in files.items() for block in _blocks_of(path, text.splitlines())]


def _blocks_of(path: str, lines: list[str]) -> Iterable[Block]:
    intent, topic, end, inside = "", None, 0, False
    sentences: list[str] = []
    for number, line in enumerate([*lines, "- intent: ."]):
        if found := _INTENT.match(line):
            if sentences:
                yield Block(path, intent, topic, end, tuple(sentences))
            intent, topic, sentences, inside = found[1], None, [], False
        elif found := _TOPIC.match(line):
            topic = found[1]
        elif _EXAMPLES.match(line):
            inside = True
        elif inside and (found := _EXAMPLE.match(line)):
            sentences.append(found[1])
            end = number + 1
        elif line.strip():
            inside = False


def clean(sentence: str) -> str:
    """The sentence as one line of a training file; nothing of it can be read as Rasa's own marks."""
    one = " ".join(sentence.split()).lstrip("/-– ")
    return _ENTITY.sub(r"(\1)", one)[:_LONGEST].strip()


def add(
    files: Mapping[str, str], additions: Iterable[Addition], *, never: Iterable[str] = ()
) -> tuple[dict[str, str], list[Addition], list[Refused]]:
    """The files with the new sentences, those that were added and those that were not.

    A sentence goes at the end of the last block of its intent and topic; without one, in a new block right after
    the last of its intent. One that a file holds already is refused, whatever its capitals and accents; so are
    those of `never` (the messages that measure the model).
    """
    known = {fold(each): block.intent for block in blocks(files) for each in block.sentences}
    measured = {fold(each) for each in never}
    changed, added, refused = dict(files), [], []
    for wanted in additions:
        addition = Addition(clean(wanted.sentence), _OWN.get(wanted.intent, wanted.intent), wanted.topic)
        key = fold(addition.sentence)
        own = [block for block in blocks(changed) if block.intent == addition.intent]
        if not key:
            refused.append(Refused(wanted, "empty"))
        elif key in known:
            refused.append(
                Refused(wanted, "known" if known[key] == addition.intent else "elsewhere", known[key])
            )
        elif key in measured:
            refused.append(Refused(wanted, "measured"))
        elif not own:
            refused.append(Refused(wanted, "no_intent"))
        else:
            known[key] = addition.intent
            _insert(changed, own, addition)
            added.append(addition)
    return changed, added, refused


def _insert(files: dict[str, str], own: list[Block], addition: Addition) -> None:
    same = [block for block in own if block.topic == addition.topic]
    place = (same or own)[-1]
    lines = files[place.path].splitlines(keepends=True)
    new = [f"    - {addition.sentence}\n"]
    if not same:
        topic = [f"  metadata: {{faq: {addition.topic}}}\n"] if addition.topic else []
        new = [f"- intent: {addition.intent}\n", *topic, "  examples: |\n", *new]
        if lines[place.end : place.end + 1] == ["\n"]:
            new = ["\n", *new]
    if place.end and not lines[place.end - 1].endswith("\n"):
        lines[place.end - 1] += "\n"
    files[place.path] = "".join([*lines[: place.end], *new, *lines[place.end :]])


def topics(files: Mapping[str, str]) -> dict[str, list[str]]:
    """Topics of each intent that has some."""
    found: dict[str, dict[str, None]] = {}
    for block in blocks(files):
        if block.topic:
            found.setdefault(PUBLIC.get(block.intent, block.intent), {})[block.topic] = None
    return {intent: sorted(names) for intent, names in sorted(found.items())}


def intents(files: Mapping[str, str]) -> list[str]:
    """Intents that have sentences, by the contract's names."""
    return sorted({PUBLIC.get(block.intent, block.intent) for block in blocks(files)})
