"""`relais version`: the software, the rules, the model."""

import argparse
import json
from typing import Any

from bot.runtime.model import fingerprint, model_path
from bot.settings import Settings
from bot.version import VERSION, rules_version


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("version", help="dire les versions du logiciel, des règles et du modèle")
    parser.add_argument("--json", action="store_true", help="en JSON")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the versions; a model that has not been trained yet is said to be missing."""
    ready = model_path(Settings.from_environment()).exists()
    versions = {"relais": VERSION, "rules": rules_version(), "model": fingerprint(), "model_ready": ready}
    if options.json:
        print(json.dumps(versions))
        return 0
    print(f"Relais {VERSION}")
    print(f"Règles {versions['rules']}")
    print(f"Modèle {versions['model']}" + ("" if ready else " (à entraîner : relais train)"))
    return 0
