"""Where a person lives, from what they answer to « où ? » (`resolve`) or say inside a sentence (`spot`).

Never silently wrong: when several places fit, or a spelling is too far, `sure` is False and `candidates`
holds what
to ask. No network. Runs in both environments: Python 3.10, standard library and rapidfuzz.
"""

from bot.directory.gazetteer import Place, gazetteer, normalise
from bot.directory.matching import NOTHING, REFUSALS, PlaceMatch, PlaceMention, elsewhere, read
from bot.directory.spotting import mentions

__all__ = ["Place", "PlaceMatch", "PlaceMention", "resolve", "spot"]


def resolve(text: str, department: str | None = None) -> PlaceMatch:
    """Read an answer to « où habitez-vous ? ».

    `department` is the code already known, if any: it settles homonyms. A name found only elsewhere is then a
    candidate, not a certainty. Raises nothing; an empty or unknown text gives no candidate.
    """
    words = normalise(text)
    if not words or len(words) > 200 or REFUSALS.issuperset(words.split()):
        return NOTHING
    known = frozenset({department} if department and department in gazetteer().departments else ())
    match = read(words, known) or (elsewhere(read(words, frozenset())) if known else None)
    if match:
        return match
    found = {mention.match for mention in mentions(text)}
    return found.pop() if len(found) == 1 else NOTHING


def spot(text: str) -> tuple[PlaceMention, ...]:
    """Places named inside a sentence, in order, never overlapping. Precise rather than greedy.

    A commune whose name is an ordinary word (« Vire », « Sens », « Lourdes ») needs a cue: a preposition and
    a
    capital, a postcode or a département next to it. Numbers are départements only with a cue (« dans le 52
    »).
    """
    return mentions(text)
