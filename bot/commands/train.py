"""`relais train`: the model of this data."""

import argparse
import sys
from typing import Any

from bot.runtime.model import ModelError, ensure_model
from bot.settings import Settings


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("train", help="entraîner le modèle si les données ont changé")
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Train if needed."""
    try:
        path = ensure_model(Settings.from_environment())
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Modèle : {path}")
    return 0


if __name__ == "__main__":  # in Rasa's environment alone: `python -m bot.commands.train`
    sys.exit(run(argparse.Namespace()))
