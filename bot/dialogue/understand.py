"""Understands lines of JSON `{"text": …}` with the trained model, without the dialogue. Used by `relais understand`."""

import argparse
import json
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.simplefilter("ignore")

from bot.dialogue import without_tensorflow  # noqa: E402

without_tensorflow.install()

from rasa.core.channels.channel import UserMessage  # noqa: E402
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER  # noqa: E402
from rasa.engine.loader import load_predict_graph_runner  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from bot.dialogue.graph import SequentialGraphRunner  # noqa: E402
from bot.dialogue.intents import public  # noqa: E402
from bot.dialogue.server import configure_logging  # noqa: E402
from bot.lines import waiting  # noqa: E402

TOGETHER = 64
"""Messages read at once when so many wait: measured (docs/mesures/comprendre.md), more gain nothing."""


class Understanding:
    """The part of the trained model that reads messages."""

    def __init__(self, model: Path) -> None:
        with TemporaryDirectory() as directory:
            metadata, self._runner = load_predict_graph_runner(
                Path(directory), model, LocalModelStorage, SequentialGraphRunner
            )
        self._target = metadata.nlu_target
        self._tracker = DialogueStateTracker.from_events("understand", [])

    def of(self, text: str) -> dict[str, Any]:
        """Intent, confidence, facts and ranking of one message."""
        return self.of_all([text])[0]

    def of_all(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """The same of several messages, which share the cost of the sentence encoder."""
        said = [
            UserMessage(text.lstrip("/")) for text in texts
        ]  # a slash commands nothing, as in the gateway
        inputs = {PLACEHOLDER_MESSAGE: said, PLACEHOLDER_TRACKER: self._tracker}
        return [self._seen(message) for message in self._runner.run(inputs, [self._target])[self._target]]

    @staticmethod
    def _seen(message: Message) -> dict[str, Any]:
        intent = message.get("intent") or {"name": "out_of_scope", "confidence": 1.0}
        facts = {
            entity["entity"]: entity["value"]
            for entity in message.get("entities") or []
            if entity.get("extractor") == "FactExtractor"
        }
        return {
            "intent": public(intent["name"]),
            "confidence": round(float(intent["confidence"]), 4),
            "facts": facts,
            "ranking": [
                {**seen, "name": public(seen["name"])} for seen in message.get("intent_ranking") or []
            ],
        }


def main() -> int:
    """One JSON line in, one out, until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True, type=Path)
    options = parser.parse_args()
    configure_logging()
    understanding = Understanding(options.model)
    for lines in waiting(sys.stdin.fileno(), TOGETHER):
        for seen in understanding.of_all([json.loads(line)["text"] for line in lines]):
            print(json.dumps(seen, ensure_ascii=False))
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
