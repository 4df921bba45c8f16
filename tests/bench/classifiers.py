"""Compares intent classifiers on this project's sentences: `.venv-rasa/bin/python -m tests.bench.classifiers`.

Each one learns from four fifths of `data/nlu` (one fold, always the same) and is measured on the last fifth and on the
messages of `tests/evaluation`, which other hands wrote. DIET is slow: it is bounded to `--diet-epochs` epochs over
`--diet-sentences` sentences an intent, and so is a linear SVM beside it, for comparison. Prints a Markdown table; results
are kept in `var/classifiers.json`, so that `--only` may measure a few rows at a time.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ["LOG_LEVEL"] = "ERROR"

import argparse
import json
import random
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

warnings.simplefilter("ignore")

import rasa.model_training  # noqa: E402
import tensorflow  # noqa: E402, F401 (before our modules, which leave it out where nothing computes with it: DIET does)
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT  # noqa: E402
from rasa.shared.nlu.training_data.loading import load_data  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402
from rasa.shared.nlu.training_data.training_data import TrainingData  # noqa: E402
from rasa.shared.utils.io import write_yaml  # noqa: E402

from bot.dialogue.classifier import NgramIntentClassifier  # noqa: E402
from bot.dialogue.features import FACT_READER, SPACY_DOC, read_facts  # noqa: E402
from bot.dialogue.intents import public  # noqa: E402
from bot.dialogue.spacy_vectors import SpacyNLP  # noqa: E402
from bot.dialogue.understand import Understanding  # noqa: E402
from tests.evaluation import measures  # noqa: E402
from tests.evaluation.dataset import OUT_OF_SCOPE, read  # noqa: E402
from tests.evaluation.measures import Pair, Understood  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "var" / "classifiers.json"
SPACY_MODEL = "fr_core_news_md"
ONE_FOLD_IN = 5

PLAIN: dict[str, Any] = {"meaning": 0.0, "vectors": 0.0, "facts": 0.0, "second_opinion": 0.0}
LINEAR: dict[str, dict[str, Any]] = {
    "n-grams, linear SVM": {"estimator": "svm"},
    "n-grams, logistic regression": {"estimator": "logistic", "C": 5.0},
    "n-grams + fr-core-news-md, linear SVM": {"estimator": "svm", "vectors": 1.0},
    "n-grams + fr-core-news-md, logistic regression": {"estimator": "logistic", "C": 5.0, "vectors": 1.0},
    "n-grams + sentence vector, linear SVM": {"estimator": "svm", "meaning": 1.0},
    "n-grams + sentence vector, logistic regression": {"estimator": "logistic", "C": 5.0, "meaning": 1.0},
    "n-grams + sentence vector + facts, linear SVM": {"estimator": "svm", "meaning": 1.0, "facts": 0.5},
    "the same + second opinion (chosen)": {
        **{"estimator": "svm", "meaning": 1.0, "facts": 0.5, "second_opinion": 0.3}
    },
}
SMALL = {"few sentences: n-grams, linear SVM": LINEAR["n-grams, linear SVM"]}
DIET = {"few sentences: DIET": False, "few sentences: DIET + fr-core-news-md": True}


@dataclass(frozen=True)
class Row:
    """One classifier measured."""

    name: str
    sentences: int
    training_s: float
    message_ms: float
    fold_right: float
    right: float
    refused: float
    wrong_and_sure: float
    calibration_error: float


def sentences() -> tuple[list[Message], list[Message]]:
    """The sentences to learn from and those of the fold left out, with facts and spaCy's vectors."""
    examples = [e for e in load_data(str(ROOT / "data" / "nlu")).intent_examples if e.get(TEXT)]
    random.Random(0).shuffle(examples)
    return examples[len(examples) // ONE_FOLD_IN :], examples[: len(examples) // ONE_FOLD_IN]


def few(examples: list[Message], most: int) -> list[Message]:
    """The first `most` sentences of each intent."""
    seen: Counter[str] = Counter()
    kept = []
    for example in examples:
        seen[example.get(INTENT)] += 1
        if seen[example.get(INTENT)] <= most:
            kept.append(example)
    return kept


def described(texts: list[str], language: Any) -> list[Message]:
    """Messages as the classifier meets them: facts read before it, spaCy's vectors if there is a model."""
    messages = []
    for text in texts:
        facts = [{**fact, "extractor": FACT_READER} for fact in read_facts(text)]
        message = Message({TEXT: text, ENTITIES: facts})
        if language is not None:
            message.set(SPACY_DOC, language(text))
        messages.append(message)
    return messages


def linear(config: dict[str, Any], examples: list[Message]) -> Callable[[list[str]], list[dict[str, Any]]]:
    """Train `NgramIntentClassifier` so configured; returns what reads messages."""
    settings = {**NgramIntentClassifier.get_default_config(), **PLAIN, **config}
    language = SpacyNLP.load_model(SPACY_MODEL).model if settings["vectors"] else None
    if language is not None:
        for example in examples:
            example.set(SPACY_DOC, language(example.get(TEXT)))
    classifier = NgramIntentClassifier(settings, None, None)  # type: ignore[arg-type] # nothing is stored
    classifier.learn(examples)

    def understand(texts: list[str]) -> list[dict[str, Any]]:
        return [message.get(INTENT) for message in classifier.process(described(texts, language))]

    return understand


def diet(
    vectors: bool, epochs: int, examples: list[Message], directory: Path
) -> Callable[[list[str]], list[dict[str, Any]]]:
    """Train Rasa's DIET on counts of words and characters, with spaCy's vectors or not."""
    spacy = [{"name": "bot.dialogue.spacy_vectors.SpacyNLP", "model": SPACY_MODEL}]
    pipeline: list[dict[str, Any]] = [
        *(spacy if vectors else []),
        {"name": "SpacyTokenizer" if vectors else "WhitespaceTokenizer"},
        *([{"name": "SpacyFeaturizer"}] if vectors else []),
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": epochs, "entity_recognition": False, "random_seed": 0},
    ]
    pipeline[-1]["constrain_similarities"] = True
    write_yaml(
        {"recipe": "default.v1", "language": "fr", "assistant_id": "bench", "pipeline": pipeline},
        directory / "config.yml",
    )
    data = TrainingData(
        training_examples=[Message({TEXT: e.get(TEXT), INTENT: e.get(INTENT)}) for e in examples]
    )
    data.persist_nlu(str(directory / "nlu.yml"))
    model = rasa.model_training.train_nlu(
        str(directory / "config.yml"), str(directory / "nlu.yml"), str(directory), fixed_model_name="diet"
    )
    assert model, "DIET was not trained"
    understanding = Understanding(Path(model))

    def understand(texts: list[str]) -> list[dict[str, Any]]:
        seen = [understanding.of(text) for text in texts]
        return [{"name": one["intent"], "confidence": one["confidence"]} for one in seen]

    return understand


def measured(
    name: str,
    learn: Callable[[list[Message]], Callable[[list[str]], list[dict[str, Any]]]],
    examples: list[Message],
    left_out: list[Message],
) -> Row:
    """Train, then read the fold left out and the evaluation messages."""
    started = time.monotonic()
    understand = learn(examples)
    trained = time.monotonic()
    of_fold = understand([message.get(TEXT) for message in left_out])
    messages = read()
    reading = time.monotonic()
    of_messages = understand([message.text for message in messages])
    read_in = time.monotonic() - reading
    pairs = [
        Pair(message, Understood(public(seen["name"] or OUT_OF_SCOPE), float(seen["confidence"]), {}, None))
        for message, seen in zip(messages, of_messages)  # noqa: B905 (Python 3.10)
    ]
    right = [
        public(seen["name"]) == public(m.get(INTENT))
        for seen, m in zip(of_fold, left_out)  # noqa: B905
    ]
    return Row(
        name=name,
        sentences=len(examples),
        training_s=round(trained - started, 1),
        message_ms=round(1000 * read_in / len(messages), 1),
        fold_right=sum(right) / len(right),
        right=measures.intents_right(pairs).rate,
        refused=measures.refused(pairs, measures.threshold_accepting(pairs)).rate,
        wrong_and_sure=measures.wrong_and_sure(pairs).rate,
        calibration_error=measures.calibration_error(measures.calibration(pairs)),
    )


def table(rows: list[Row]) -> str:
    """The rows in Markdown."""
    lines = [
        "| classifier | sentences | training | a message | left-out fifth | right | refused | wrong and sure | ECE |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        shares = (row.fold_right, row.right, row.refused, row.wrong_and_sure)
        figures = " | ".join(f"{100 * share:.1f} %" for share in shares)
        lines.append(
            f"| {row.name} | {row.sentences} | {row.training_s:.0f} s | {row.message_ms:.1f} ms | {figures} "
            f"| {row.calibration_error:.3f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure the rows asked for and print the table of all that are known."""
    names = [*LINEAR, *SMALL, *DIET]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", type=int, choices=range(len(names)), help="numbers of the rows")
    parser.add_argument("--diet-epochs", type=int, default=30)
    parser.add_argument("--diet-sentences", type=int, default=30, help="an intent, for the small rows")
    options = parser.parse_args()
    done = {row["name"]: Row(**row) for row in (json.loads(RESULTS.read_text()) if RESULTS.exists() else [])}
    examples, left_out = sentences()
    small = few(examples, options.diet_sentences)
    for number, name in enumerate(names):
        if options.only is not None and number not in options.only:
            continue
        print(f"{number}. {name}", flush=True)
        with TemporaryDirectory() as directory:
            if name in DIET:
                place = Path(directory)
                learn = lambda e, v=DIET[name], p=place: diet(v, options.diet_epochs, e, p)  # noqa: E731
            else:
                learn = lambda e, c={**LINEAR, **SMALL}[name]: linear(c, e)  # noqa: E731
            chosen = examples if name in LINEAR else small
            done[name] = measured(name, learn, chosen, left_out)
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps([asdict(row) for row in done.values()], indent=1))
    print(
        f"\nDIET: {options.diet_epochs} epochs, {options.diet_sentences} sentences an intent at the most.\n"
    )
    print(table([done[name] for name in names if name in done]))


if __name__ == "__main__":
    main()
