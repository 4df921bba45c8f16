"""`relais understand`: one message a line on standard input, what is understood of it on standard output."""

import argparse
import json
import sys
from typing import Any

from bot.runtime.model import ModelError, ensure_model
from bot.settings import Settings
from bot.understanding import Understanding, UnderstandingError


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("understand", help="comprendre un message par ligne, en JSON")
    parser.set_defaults(run=run)


def run(_options: argparse.Namespace) -> int:
    """Load the model once, then answer each line as it comes."""
    try:
        model = ensure_model(Settings.from_environment())
    except ModelError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        with Understanding(model) as understanding:
            for line in sys.stdin:
                print(json.dumps(understanding.of(line.rstrip("\n")), ensure_ascii=False), flush=True)
            return understanding.end()
    except UnderstandingError:
        print("La compréhension s'est arrêtée ; voir le message au-dessus.", file=sys.stderr)
        return 1
