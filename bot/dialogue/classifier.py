"""Intent classifier: linear models on n-grams, on the meaning of the sentence and on the facts it states.

A linear SVM sees everything (`bot.dialogue.features`). A second model, which sees the meaning alone, is asked how sure it
is of the same intents: two views that disagree make the confidence low. Chosen by measurement on this project's data
(docs/decisions/0003). Training is deterministic. Within a question's intent it also names the topic of the FAQ that the
sentence is nearest to (`metadata: {faq: …}` in the training data), as the entity `topic`.
"""

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
from scipy.sparse import csr_matrix
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.svm import LinearSVC

from bot.dialogue.features import FACT_READER, SentenceFeatures, facts_of, normalise, read_facts
from bot.dialogue.linear import Row, Scores, confidences_of
from bot.dialogue.typos import slipped
from bot.language.asked import question_in

RANKING_LENGTH = 5
CALIBRATION_FOLDS = 3
ONE_SLIPPED_IN = 2
"""Copies of all sentences would make training twice as long for half a point more on misspelt messages."""


def _estimator(config: dict[str, Any], matrix: csr_matrix, intents: np.ndarray, sources: np.ndarray) -> Any:
    """The model to fit. It is calibrated on sentences of which it has seen no copy, or it would be too sure."""
    if config["estimator"] == "logistic":
        return LogisticRegression(C=config["C"], max_iter=1000, class_weight="balanced", random_state=0)
    svm = LinearSVC(C=config["C"], class_weight="balanced", random_state=0, tol=1e-2)
    folds = list(StratifiedGroupKFold(CALIBRATION_FOLDS).split(matrix, intents, sources))
    return CalibratedClassifierCV(svm, method="sigmoid", cv=folds, ensemble=False)


def _slipped(examples: list[Message]) -> list[tuple[Message, int]]:
    """Copies with typing slips of every other example, each with the place of its source."""
    copies = []
    for place in range(0, len(examples), ONE_SLIPPED_IN):
        text = slipped(examples[place].get(TEXT))
        if text:
            copies.append((Message({**examples[place].data, TEXT: text}), place))
    return copies


def _says_something(message: Message) -> bool:
    """False for a choice, which says its intent by itself: Rasa reads it after us, 5 ms of processor for nothing."""
    text = message.get(TEXT)
    return bool(text) and not text.startswith(INTENT_MESSAGE_PREFIX)


def _alone(question: str) -> Message:
    """A question as a message of its own, with the facts it states."""
    return Message(
        {TEXT: question, ENTITIES: [{**fact, "extractor": FACT_READER} for fact in read_facts(question)]}
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, IntentClassifier):
    """Learns intents, and FAQ topics inside them. `FactExtractor` comes before it in the pipeline."""

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._features = SentenceFeatures(config)
        self._estimator: Any = None
        self._second: Any = None
        self._topics: dict[str, LinearSVC] = {}

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`estimator`: svm or logistic; `C`: inverse regularisation; `meaning`, `vectors` and `facts`: weights of the
        sentence vector, of spaCy's mean word vector (which needs SpacyNLP before it) and of the stated facts, 0 for
        none; `second_opinion`: part of the confidence given by the model that sees the sentence vector alone."""
        return {
            "estimator": "svm",
            "C": 0.5,
            "meaning": 1.0,
            "vectors": 0.0,
            "facts": 0.5,
            "second_opinion": 0.3,
        }

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

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples of `data/nlu` that have an intent and a text, and keep what was learned."""
        self.learn([e for e in training_data.intent_examples if e.get(TEXT)])
        with self._model_storage.write_to(self._resource) as directory:
            learned = (self._features.learned, self._estimator, self._second, self._topics)
            joblib.dump(learned, directory / "classifier.joblib")
        return self._resource

    def learn(self, examples: list[Message]) -> None:
        """Learn from these sentences and from copies of them with typing slips."""
        slips = _slipped(examples)
        everything = [*examples, *(copy for copy, _ in slips)]
        sources = np.array([*range(len(examples)), *(source for _, source in slips)])
        self._features.fit(everything)
        meaning = self._features.meaning(everything)
        facts = [read_facts(e.get(TEXT)) if self._config["facts"] else [] for e in examples]
        matrix = self._features.matrix(everything, meaning, [facts[source] for source in sources])
        intents = np.array([example.get(INTENT) for example in everything])
        self._estimator = _estimator(self._config, matrix, intents, sources).fit(matrix, intents)
        own = len(examples)
        if meaning is not None and self._config["second_opinion"]:
            second = LogisticRegression(C=3.0, max_iter=200, class_weight="balanced", random_state=0)
            self._second = second.fit(meaning[:own], intents[:own])
        self._topics = self._topics_of(examples, matrix[:own], intents[:own])
        self._get_ready()

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
        classifier._features.learned, classifier._estimator, classifier._second, classifier._topics = trained
        classifier._get_ready()
        return classifier

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and topic of each message."""
        for message in messages:
            # not one letter or digit: noise
            if _says_something(message) and not normalise(message.get(TEXT)):
                self._set_intent(message, [("out_of_scope", 1.0)])
        readable = [m for m in messages if _says_something(m) and normalise(m.get(TEXT))]
        # What is asked in a message that also states something: the whole is often read as a statement.
        asked = [(m, _alone(question)) for m in readable if (question := question_in(m.get(TEXT)))]
        seen = self._read([*readable, *(question for _, question in asked)])
        for message, (row, ranking) in zip(readable, seen):  # noqa: B905 (the questions come after)
            self._set_intent(message, ranking)
            self._set_topic(message, row, ranking[0][0])
        for (message, _), (row, ranking) in zip(asked, seen[len(readable) :], strict=True):
            self._set_question(message, row, ranking[0])
        return messages

    def _read(self, messages: list[Message]) -> list[tuple[Row, list[tuple[str, float]]]]:
        """What is seen of each message, and its best intents. The sentence encoder reads them together."""
        meaning = self._features.meaning(messages) if messages else None
        seen = []
        for place, message in enumerate(messages):
            own = meaning[place : place + 1] if meaning is not None else None
            row = self._features.row(message, own, facts_of(message))
            confidences = self._confidences(row, own)
            order = np.argsort(-confidences)[:RANKING_LENGTH]
            seen.append((row, [(str(self._first.classes[i]), float(confidences[i])) for i in order]))
        return seen

    def _get_ready(self) -> None:
        """What predicts fast, from what was learned."""
        self._first = confidences_of(self._estimator)
        self._other = confidences_of(self._second) if self._second is not None else None
        self._topic_scores = {intent: Scores(model) for intent, model in self._topics.items()}

    def _confidences(self, row: Row, meaning: np.ndarray | None) -> np.ndarray:
        """Of each intent: the mean of both models, the first weighing most."""
        first = self._first.of(row)
        if self._other is None or meaning is None:
            return first
        part = self._config["second_opinion"]
        nothing = np.zeros(0, dtype=np.intp)
        return (1 - part) * first + part * self._other.of(Row(nothing, np.zeros(0), meaning[0]))

    @staticmethod
    def _set_intent(message: Message, ranking: list[tuple[str, float]]) -> None:
        as_dicts = [{"name": name, "confidence": confidence} for name, confidence in ranking]
        message.set(INTENT, as_dicts[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, as_dicts, add_to_output=True)

    def _set_topic(self, message: Message, row: Row, intent: str) -> None:
        name = self._topic_of(row, intent)
        if name:
            self._add(message, {"entity": "topic", "value": name})

    def _topic_of(self, row: Row, intent: str) -> str | None:
        return self._topic_scores[intent].best(row) if intent in self._topic_scores else None

    def _set_question(self, message: Message, row: Row, best: tuple[str, float]) -> None:
        intent, confidence = best
        value = {"intent": intent, "confidence": confidence, "topic": self._topic_of(row, intent)}
        self._add(message, {"entity": "question", "value": value})

    @staticmethod
    def _add(message: Message, entity: dict[str, Any]) -> None:
        added = {**entity, "start": 0, "end": 0, "extractor": "NgramIntentClassifier"}
        message.set(ENTITIES, [*message.get(ENTITIES, []), added], add_to_output=True)
