"""`relais understand`: one message a line on standard input, what is understood of it on standard output."""

import argparse
import json
import sys
from typing import Any

from bot.lines import waiting
from bot.runtime.model import ModelError, ensure_model
from bot.settings import Settings
from bot.understanding import Understanding, UnderstandingError

TOGETHER = 64
"""Lines answered at once when so many wait; a line typed by hand is answered at once."""


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
            for texts in waiting(sys.stdin.fileno(), TOGETHER):
                for understood in understanding.of_all(texts):
                    print(json.dumps(understood, ensure_ascii=False))
                sys.stdout.flush()
            return understanding.end()
    except UnderstandingError:
        print("La compréhension s'est arrêtée ; voir le message au-dessus.", file=sys.stderr)
        return 1
