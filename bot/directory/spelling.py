"""Misspelt place names: edit distance, corrected by what the name sounds like in French.

Python 3.10, standard library and rapidfuzz.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.directory.gazetteer import gazetteer

SHORTEST = 4
"""Letters below which a misspelling is not guessed."""
FAR = 0.7
"""Similarity below which two names have nothing to do with each other (1 = equal)…"""
FAR_IF_ALIKE = 0.6
"""… unless they sound alike."""
CLOSE = 0.84
"""Similarity from which a well-known name, with no rival, is taken without a question. A village never is,
unless its département is known: on random typos, one village in a hundred was taken for its neighbour."""
MARGIN = 0.07
"""How far behind the next name must be."""
SOUNDS_ALIKE = 0.12
"""What an equal sound adds to the similarity."""

# Applied in order; the result is a code, not a phonetic alphabet.
_SOUNDS = [
    (re.compile(pattern), code)
    for pattern, code in (
        (r"ph", "f"),
        (r"ç|ss|sc(?=[ei])|c(?=[eiy])|z|x\b|tion", "s"),
        (r"qu|q|ck|c(?!h)|k", "k"),
        (r"gu(?=[ei])|gh", "g"),
        (r"ge(?=[ao])|g(?=[eiy])|j", "j"),
        (r"y", "i"),
        (r"(?:ain|aim|ein|eim|in|im|un|um)(?![aeiounm])", "1"),
        (r"(?:an|am|en|em)(?![aeiounm])", "2"),
        (r"(?:on|om)(?![aeiounm])", "3"),
        (r"eaux?|aux?|ault|ots?\b|os\b|o", "o"),
        (r"ai|ei|er\b|ez\b|ers\b|et\b|ets\b|ay|ey", "9"),
        (r"(?<!c)h", ""),
        (r"w", "v"),
        (r"([a-z0-9])\1+", r"\1"),
        (r"(?<=[a-z0-9])(?:es?|[tdxps]s?)\b", ""),
        (r" ", ""),
    )
]


@dataclass(frozen=True)
class Guess:
    """A known name close to what was typed. `sure`: near enough, alone enough, to be taken without a
    question."""

    key: str
    score: float
    sure: bool


@lru_cache(maxsize=65536)
def sound(name: str) -> str:
    """Rough code of how a normalised name is said in French: equal codes sound alike."""
    for pattern, code in _SOUNDS:
        name = pattern.sub(code, name)
    return name


@lru_cache(maxsize=1)
def _well_known() -> tuple[list[str], dict[str, list[str]]]:
    """Names of the well-known towns, and the same by sound."""
    names = [name for name, rank in gazetteer().ranked_names if rank and gazetteer().named(name)]
    by_sound: dict[str, list[str]] = {}
    for name in names:
        by_sound.setdefault(sound(name), []).append(name)
    return names, by_sound


@lru_cache(maxsize=4096)
def well_known_like(key: str) -> list[str]:
    """Well-known towns that this name of a village is likely to be a misspelling of (« rene » → « rennes
    »)."""
    names, by_sound = _well_known()
    heard = {sound(key), sound(key + "r") if key.endswith("e") else ""}  # a final « e » may be an « é »
    alike = {
        name
        for code in heard
        for name in by_sound.get(code, ())
        if OSA.normalized_similarity(key, name) >= FAR_IF_ALIKE
    }
    if len(key) >= SHORTEST + 1:
        found = process.extract(key, names, scorer=OSA.distance, score_cutoff=1, limit=3)
        alike.update(name for name, _, _ in found)
    return sorted(alike - {key})


@lru_cache(maxsize=16)
def _names(within: frozenset[str]) -> tuple[list[tuple[str, int]], list[str]]:
    """(name, rank) of the communes of these départements (empty: of all, and the areas), and the same without
    spaces."""
    book = gazetteer()
    names = (
        [(book.key_of(c), c.rank) for code in sorted(within) for c in book.of(code)]
        if within
        else book.ranked_names
    )
    return names, [name.replace(" ", "") for name, _ in names]


def closest(key: str, within: frozenset[str]) -> list[Guess]:
    """Known names like this one, best first, at most six. `within`: départements to stay in, empty for
    all."""
    typed = key.replace(" ", "")
    if len(typed) < SHORTEST:
        return []
    names, choices = _names(within)
    found = process.extract(
        typed, choices, scorer=OSA.normalized_similarity, score_cutoff=FAR_IF_ALIKE, limit=40
    )
    heard = sound(key)
    scored: dict[str, tuple[float, float, int]] = {}
    for _, raw, position in found:
        name, rank = names[position]
        alike = SOUNDS_ALIKE if sound(name) == heard else 0.0
        if raw < FAR and not alike:
            continue
        scored[name] = max(scored.get(name, (0.0, 0.0, 0)), (raw + alike + 0.015 * rank, raw + alike, rank))
    order = sorted(scored, key=lambda name: -scored[name][0])[:6]
    return [
        Guess(name, scored[name][0], index == 0 and _sure(key, order, scored, bool(within)))
        for index, name in enumerate(order)
    ]


def _sure(key: str, order: list[str], scored: dict[str, tuple[float, float, int]], narrowed: bool) -> bool:
    total, likeness, rank = scored[order[0]]
    if likeness >= 1.0 and total > 1.0 and all(scored[name][1] - SOUNDS_ALIKE < 1.0 for name in order[1:]):
        return True  # the same letters, spaces apart, that no other name has
    own, other = _after_saint(key), _after_saint(order[0])
    saints = own != key and OSA.normalized_similarity(own, other) < FAR
    if saints or not (rank or narrowed) or (len(own) <= SHORTEST and rank < 2):
        return False
    needed = CLOSE + 0.06 if len(other) <= 5 else CLOSE  # one letter of a short name is often another name
    rival = scored[order[1]][0] if len(order) > 1 else 0.0
    return likeness >= needed and total - rival >= (MARGIN / 2 if narrowed else MARGIN)


def _after_saint(key: str) -> str:
    """The part of a name that tells it from the four thousand others that begin with « saint »."""
    first, _, rest = key.partition(" ")
    return rest if rest and first in ("saint", "sainte") else key
