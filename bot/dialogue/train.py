"""Trains the model: `python -m bot.dialogue.train --output DIR --name NAME`. Says where it is every few seconds."""

import argparse
import os
import sys
import threading
import time
import warnings

from bot.dialogue import without_tensorflow

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ["LOG_LEVEL"] = "WARNING"  # what hides Rasa's progress bars, thousands of lines without a terminal
warnings.simplefilter("ignore")

HEARTBEAT_SECONDS = 5


def _beat(stop: threading.Event, started: float) -> None:
    while not stop.wait(HEARTBEAT_SECONDS):
        print(f"  entraînement en cours, {time.monotonic() - started:.0f} s", flush=True)


def main() -> int:
    """Train from config.yml, domain.yml, data/nlu and data/stories of the current directory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True)
    parser.add_argument("--name", required=True)
    options = parser.parse_args()
    started = time.monotonic()
    stop = threading.Event()
    threading.Thread(target=_beat, args=(stop, started), daemon=True).start()
    print("Entraînement du modèle (la première fois ou quand les données ont changé)", flush=True)
    without_tensorflow.install()
    import rasa.model_training

    from bot.dialogue.server import configure_logging

    configure_logging()
    result = rasa.model_training.train(
        domain="domain.yml",
        config="config.yml",
        training_files=["data/nlu", "data/stories"],
        output=options.output,
        fixed_model_name=options.name,
        force_training=True,
    )
    stop.set()
    if result.code != 0 or not result.model:
        print("L'entraînement a échoué.", file=sys.stderr)
        return 1
    print(f"Modèle prêt en {time.monotonic() - started:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
