"""Understands lines of JSON `{"text": …}` with the trained model, without the dialogue. Used by `relais understand`."""

import argparse
import json
import os
import sys
import warnings
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

from bot.dialogue.graph import SequentialGraphRunner  # noqa: E402
from bot.dialogue.intents import public  # noqa: E402
from bot.dialogue.server import configure_logging  # noqa: E402


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
        said = UserMessage(text.lstrip("/"))  # a person's slash commands nothing, here as in the gateway
        inputs = {PLACEHOLDER_MESSAGE: [said], PLACEHOLDER_TRACKER: self._tracker}
        message = self._runner.run(inputs, [self._target])[self._target][0]
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
    for line in sys.stdin:
        print(json.dumps(understanding.of(json.loads(line)["text"]), ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
