"""A sentence without what tells who said it: identifiers masked, names, places and organisations replaced.

Places become the prefecture of their département (the path depends on it, and it names nobody); people and firms get
invented names, the same for the same name. A machine misses some: a person reads each sentence before it leaves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.console.improve.recogniser import Entity, recognise
from bot.console.pages import words
from bot.console.review.words import fold
from bot.directory.gazetteer import gazetteer
from bot.directory.places import resolve, spot
from bot.language.masking import mask
from bot.language.masking.pattern import PLACEHOLDER
from bot.language.masking.pattern import words as masking_words


@dataclass
class Names:
    """The invented names given so far, so that one person keeps one name through a conversation."""

    given: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, label: str, name: str) -> str:
        """The invented name of a person (PER), a firm (ORG) or a place (LOC) that nobody knows."""
        known = [key for key in self.given if key[0] == label]
        invented = words("improve")["invented"][label]
        return self.given.setdefault((label, fold(name)), invented[len(known) % len(invented)])


def pseudonymise(text: str, entities: Sequence[Entity], names: Names) -> str:
    """`text`, already masked, with what `entities` and the gazetteer find in it replaced."""
    spans = _spans(text, entities, names)
    done, start = [], 0
    for begin, end, replacement in sorted(spans):
        done += [text[start:begin], replacement]
        start = end
    return mask("".join([*done, text[start:]])).text


def _spans(text: str, entities: Sequence[Entity], names: Names) -> list[tuple[int, int, str]]:
    """What to replace, never overlapping: people first, then places, then the rest."""
    taken = [(found.start(), found.end()) for found in PLACEHOLDER.finditer(text)]
    spans: list[tuple[int, int, str]] = []

    def take(start: int, end: int, replacement: str) -> None:
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            taken.append((start, end))
            if replacement != text[start:end]:
                spans.append((start, end, replacement))

    people = [(start, end, label) for start, end, label in entities if label == "PER"]
    for start, end, label in people:
        if not is_public(text[start:end]):
            take(start, end, names.of(label, text[start:end]))
    for mention in spot(text):
        places = [mention.match.place] if mention.match.place else list(mention.match.candidates)
        if places:
            take(
                mention.start,
                mention.end,
                _prefecture(places[0].department) if places[0].commune else mention.words,
            )
    for start, end, label in entities:
        if label != "PER" and not is_public(text[start:end]):
            take(start, end, _elsewhere(label, text[start:end], names))
    return spans


def _elsewhere(label: str, name: str, names: Names) -> str:
    place = resolve(name).place if label == "LOC" else None
    if place is None:
        return names.of(label, name)
    return _prefecture(place.department) if place.commune else name


def _prefecture(department: str) -> str:
    return max(gazetteer().of(department), key=lambda commune: commune.rank).name


def is_public(name: str) -> bool:
    """Whether a name is that of a public actor of the path (« CPAM », « Cap emploi »): it designates nobody."""
    known = {fold(word) for word in str(masking_words()["not_names"]).split()}
    known |= {fold(word) for word in words("improve")["public_actors"]}
    return all(word in known for word in fold(name).split())


async def pseudonymised(texts: Sequence[str], names: Names | None = None) -> list[str]:
    """These texts, of one conversation or not, with what tells who said them replaced. Raises
    StartingError, RecogniserError."""
    names = names or Names()
    masked = [" ".join(mask(text).text.split()) for text in texts]
    found = await recognise(masked)
    return [pseudonymise(text, entities, names) for text, entities in zip(masked, found, strict=True)]
