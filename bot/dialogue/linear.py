"""Predicts with linear models faster than scikit-learn does one sentence at a time.

A sentence has a few hundred n-grams out of tens of thousands: only their weights are read. scikit-learn builds and
checks a sparse matrix for each part of it and calls each intent's calibrator apart, which takes longer than the sums.
Same numbers: `tests/dialogue/test_linear.py` compares them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC


@dataclass(frozen=True)
class Row:
    """What is seen of one sentence: where its n-grams are, how much they weigh, then the numbers that are never zero."""

    places: np.ndarray
    weights: np.ndarray
    dense: np.ndarray


class Ngrams:
    """The weights that a fitted `TfidfVectorizer` (sublinear, normalised) gives to the n-grams of one text."""

    def __init__(self, vectorizer: TfidfVectorizer) -> None:
        self._cut = vectorizer.build_analyzer()
        self._places: dict[str, int] = vectorizer.vocabulary_
        self._rarity = vectorizer.idf_.astype(np.float32)
        self.width = len(self._places)
        """Number of n-grams that were learned."""

    def of(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Places of the n-grams of `text` that were learned, and their weights."""
        seen: dict[int, int] = {}
        for ngram in self._cut(text):
            place = self._places.get(ngram)
            if place is not None:
                seen[place] = seen.get(place, 0) + 1
        places = np.fromiter(seen, np.intp, len(seen))
        weights = (np.log(np.fromiter(seen.values(), np.float32, len(seen))) + 1) * self._rarity[places]
        return places, weights / (np.sqrt(weights @ weights) or 1)


class Scores:
    """The decision function of a fitted `LinearSVC` or `LogisticRegression`."""

    def __init__(self, model: LinearSVC | LogisticRegression) -> None:
        self._coefficients = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
        self._intercept = model.intercept_
        self.classes = model.classes_

    def of(self, row: Row) -> np.ndarray:
        """Score of each class; a single one when there are two classes, as in scikit-learn."""
        first_dense = len(self._coefficients) - len(row.dense)
        ngrams = row.weights @ self._coefficients[row.places]
        return ngrams + row.dense @ self._coefficients[first_dense:] + self._intercept

    def best(self, row: Row) -> str:
        """The class with the highest score."""
        scores = self.of(row)
        if len(self.classes) == 2:
            return str(self.classes[int(scores[0] > 0)])
        return str(self.classes[int(np.argmax(scores))])


class Softmax:
    """`predict_proba` of a `LogisticRegression`."""

    def __init__(self, model: LogisticRegression) -> None:
        self._scores = Scores(model)
        self.classes = model.classes_

    def of(self, row: Row) -> np.ndarray:
        """Confidence of each class."""
        scores = self._scores.of(row)
        powers = np.exp(scores - scores.max())
        return powers / powers.sum()


class Calibrated:
    """`predict_proba` of a `CalibratedClassifierCV` (sigmoid, one estimator) around a `LinearSVC`."""

    def __init__(self, model: Any) -> None:
        fitted = model.calibrated_classifiers_[0]
        self._scores = Scores(fitted.base_estimator)
        self._slope = np.array([calibrator.a_ for calibrator in fitted.calibrators])
        self._offset = np.array([calibrator.b_ for calibrator in fitted.calibrators])
        self.classes = model.classes_

    def of(self, row: Row) -> np.ndarray:
        """Confidence of each class."""
        confidences = 1.0 / (1.0 + np.exp(self._slope * self._scores.of(row) + self._offset))
        total = confidences.sum()
        return confidences / total if total else np.full(len(confidences), 1.0 / len(confidences))


def confidences_of(model: Any) -> "Calibrated | Softmax":
    """What gives the confidences of a fitted model."""
    return Softmax(model) if isinstance(model, LogisticRegression) else Calibrated(model)
