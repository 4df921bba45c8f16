"""From the spelling people use to the spelling the rules know: SMS forms, phonetic spelling, slips.

A word is changed only towards the closed vocabulary of `data/language/spelling.yml`, and never when it is a
real French word that merely looks like one of ours (`data/language/lookalikes.txt`, made by comparing a
frequency list of French, pyspellchecker's, with that vocabulary).
"""

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.language.facts.lexicon import DATA, ELISIONS, load, plain_words, unaccented

_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in [
        (r"œ", "e"), (r"ph", "f"), (r"[kq]u?(?=[eéèêiy])|qu", "k"), (r"ç|sc(?=[eéèiy])|c(?=[eéèêiy])", "s"),
        (r"ch", "§"), (r"x(?=[aeiouéè])", "ks"), (r"cc(?=[eéiy])", "ks"), (r"[cq]", "k"),
        (r"g(?=[eéèêiy])", "j"), (r"gu(?=[eéèi])", "g"), (r"eaux?|aux?|ô", "o"),
        (r"ai[st]?\b|aie|é[es]{0,2}|è|ê|ei|ai|ë|(?:er|ez)\b|et\b", "e"), (r"oi|oie", "wa"),
        (r"y|ille?|ï|î", "i"), (r"h", ""), (r"em(?=[bp])|en(?![eéèaiou])|am(?=[bp])|an", "â"),
        (r"in|ain|ein|im(?=[bp])", "ê"), (r"ss", "s"), (r"(.)\1+", r"\1"), (r"(?:e[sx]?|[stxdpz]|nt)\b", ""),
    ]
]  # fmt: skip
"""Spellings that are said alike, applied in this order; rough on purpose."""


@lru_cache(maxsize=16384)
def sound(word: str) -> str:
    """A rough key of how a French word is said: « masson » and « maçon » have the same one."""
    key = word.lower()
    for pattern, replacement in _SOUNDS:
        key = pattern.sub(replacement, key)
    return key


_DATA = load("spelling")
# A form written with an accent (« gé ») is looked up as it is: without its accent it may be another word.
FORMS: dict[str, str] = {k: plain_words(v) for v, ks in _DATA["forms"].items() for k in ks.split()}
_LISTED = (
    [
        phrase
        for group in load("employment")["occupations"] + load("employment")["places"]
        for phrase in group["words"]
    ]
    + [phrase for words in load("employment")["said"].values() for phrase in words]
    + load("health")["problem"]
)
_VOCABULARY: dict[str, str] = {
    unaccented(w): w
    for w in [
        *re.findall(r"[^\W\d_]{6,}", " ".join(_LISTED)),
        *" ".join(_DATA["vocabulary"].values()).split(),
    ]
}
"""Words a misspelling may be corrected to: those of `spelling.yml`, occupations, employers and health words."""
_TARGETS = sorted(w for w in _VOCABULARY if len(w) >= 5)
_BY_SOUND: dict[str, str] = {}
# The shorter word first: « masson » is « maçon » rather than « maçonne », which is said the same here.
for _word in sorted(_VOCABULARY, key=lambda word: (len(word), word)):
    for _spelling in (_VOCABULARY[_word], _word):
        if len(_word) >= 4 and len(sound(_spelling)) >= 3:
            _BY_SOUND.setdefault(sound(_spelling), _word)
LOOKALIKES: frozenset[str] = frozenset((DATA / "lookalikes.txt").read_text(encoding="utf-8").split())


def nearest(word: str, lowered: str) -> str | None:
    """The vocabulary word that `word` (unaccented) probably is, by its sound then by its letters, or None."""
    if len(word) < 4:
        return None
    by_sound = _BY_SOUND.get(sound(lowered)) or _BY_SOUND.get(sound(word))
    if by_sound and abs(len(by_sound) - len(word)) <= 3:
        return by_sound
    if len(word) < 5:
        return None
    allowed = 1 if len(word) < 8 else 2
    found = process.extract(word, _TARGETS, scorer=OSA.distance, score_cutoff=allowed, limit=2)
    if not found or (len(found) > 1 and found[0][1] == found[1][1]):
        return None
    # A slip rarely touches the first letter; without this « rester » would become « tester ».
    return str(found[0][0]) if found[0][0][0] == word[0] else None


@lru_cache(maxsize=32768)
def corrected(token: str) -> str:
    """The plain form of one written word: one or several unaccented words (« jsui » → « je suis »)."""
    word = unaccented(token)
    form = FORMS.get(token.lower()) or FORMS.get(word) or ELISIONS.get(word)
    if form is not None:
        return form
    if word in _VOCABULARY or word in LOOKALIKES or len(word) < 4:
        return word
    if word[0] in "jldnmscq" and len(word) > 5:
        head, tail = ("qu", word[2:]) if word.startswith("qu") else (word[0], word[1:])
        if tail in _VOCABULARY and tail[0] in "aeiouh":
            return f"{ELISIONS[head]} {tail}"
    return nearest(word, token.lower()) or word
