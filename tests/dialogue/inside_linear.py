"""Run by Rasa's own Python (`test_linear.py`): our predictions beside scikit-learn's. Prints one JSON object."""

import json

import numpy as np
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.dialogue.features import SentenceFeatures, facts_of
from bot.dialogue.linear import Scores, confidences_of

SENTENCES = {
    "greet": ("bonjour", "bonsoir à tous", "salut", "coucou, bonjour bonjour", "hello"),
    "pay": (
        "qui me paie ?",
        "combien de jours payés",
        "mon salaire baisse de 40 euros",
        "je suis payé combien ?",
    ),
    "stop": ("on arrête là", "stop", "je veux arrêter", "arrêtons", "stop, on arrête"),
}
UNSEEN = (
    "",
    "???",
    "bonjour, qui me paie ?",
    "bonjour bonjour bonjour",
    "œuvre sans rapport 1234",
    "ARRÊTEZ",
)


def messages(texts: tuple[str, ...]) -> list[Message]:
    """Messages without facts."""
    return [Message({TEXT: text}) for text in texts]


def compared() -> dict[str, float]:
    """Largest difference of each number that we compute ourselves."""
    features = SentenceFeatures({"meaning": 0.0, "vectors": 0.0, "facts": 0.5})
    known = messages(tuple(text for texts in SENTENCES.values() for text in texts))
    names = np.array([name for name, texts in SENTENCES.items() for _ in texts])
    features.fit(known)
    learned = features.matrix(known, None, [[] for _ in known])
    models = {
        "softmax": LogisticRegression(C=3.0).fit(learned, names),
        "calibrated": CalibratedClassifierCV(LinearSVC(), cv=3, ensemble=False).fit(learned, names),
    }
    two = LinearSVC().fit(learned, names == "pay")
    differences: dict[str, list[float]] = {}
    wrong_best = 0
    for message in messages(UNSEEN):
        row = features.row(message, None, facts_of(message))
        matrix = features.matrix([message], None, [[]])
        ours = np.zeros(matrix.shape[1])
        ours[row.places] = row.weights
        ours[len(ours) - len(row.dense) :] = row.dense
        differences.setdefault("row", []).append(float(np.abs(ours - matrix.toarray()[0]).max()))
        for name, model in models.items():
            off = np.abs(confidences_of(model).of(row) - model.predict_proba(matrix)[0]).max()
            differences.setdefault(name, []).append(float(off))
        wrong_best += Scores(two).best(row) != str(two.predict(matrix)[0])
    return {name: max(found) for name, found in differences.items()} | {"wrong_best": float(wrong_best)}


if __name__ == "__main__":
    print(json.dumps(compared()))
