"""Slips of the fingers, made on training sentences so that the classifier has seen some; the same at each training."""

import random

NEAR = {
    **{"a": "zq", "z": "ae", "e": "zr", "r": "et", "t": "ry", "y": "tu", "u": "yi", "i": "uo", "o": "ip"},
    **{"q": "sa", "s": "qd", "d": "sf", "f": "dg", "g": "fh", "h": "gj", "j": "hk", "k": "jl", "l": "km"},
    **{"w": "x", "x": "wc", "c": "xv", "v": "cb", "b": "vn", "n": "b", "m": "l", "p": "o"},
}
"""Neighbours on a French keyboard."""
SHORTEST = 4
"""Letters of a word that may be slipped on: in a shorter one, a slip makes another word."""
ONE_WORD_IN = 4


def slipped(sentence: str) -> str | None:
    """The sentence with a slip in one long word of four, at least one; None when it has no long word.

    A letter is dropped, doubled, swapped with the next or replaced by its neighbour. The same sentence always gets
    the same slips.
    """
    chance = random.Random(sentence)  # noqa: S311 (no secret)
    words = sentence.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= SHORTEST and word.isalpha()]
    if not long:
        return None
    for place in chance.sample(long, max(1, len(long) // ONE_WORD_IN)):
        words[place] = _slip(words[place], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    letter, following = word[place], word[place + 1]
    made = chance.choice(
        (  # what takes the place of the letter and of the one that follows
            following,
            letter + letter + following,
            following + letter,
            chance.choice(NEAR.get(letter.lower(), letter)) + following,
        )
    )
    return word[:place] + made + word[place + 2 :]
