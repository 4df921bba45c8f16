"""Finds names of people, places and organisations: JSON lines `{"text"}` in, `{"entities": [[start, end, label]]}` out.

`python -m bot.dialogue.pseudonyms`. The whole French pipeline of spaCy lives in Rasa's environment alone, where the
dialogue loads its vectors only; here its entity recogniser is loaded too. Run for a few sentences that a reviewer is
about to read, never during a conversation.
"""

import json
import sys
import warnings
from typing import Any

import spacy

MODEL = "fr_core_news_md"
LABELS = frozenset({"PER", "LOC", "ORG"})
_NOT_NEEDED = ("morphologizer", "parser", "attribute_ruler", "lemmatizer")


def load() -> Any:
    """The recogniser and what it reads from. Raises OSError when the model is not installed."""
    return spacy.load(MODEL, exclude=_NOT_NEEDED)


def entities(language: Any, text: str) -> list[tuple[int, int, str]]:
    """Where each name is: start, end, PER, LOC or ORG."""
    return [
        (found.start_char, found.end_char, found.label_)
        for found in language(text).ents
        if found.label_ in LABELS
    ]


def main() -> int:
    """One JSON line in, one out, until the input ends."""
    warnings.simplefilter("ignore")
    language = load()
    for line in sys.stdin:
        found = entities(language, json.loads(line)["text"])
        print(json.dumps({"entities": found}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
