"""The `relais` command line. Each module of this package adds its own commands with `register`."""

import argparse
import importlib
import pkgutil
from collections.abc import Sequence


def build_parser() -> argparse.ArgumentParser:
    """Parser with every command found in this package."""
    parser = argparse.ArgumentParser(prog="relais", description="Relais, l'assistant du maintien en emploi.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        importlib.import_module(f"{__name__}.{module.name}").register(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    options = build_parser().parse_args(arguments)
    status: int = options.run(options)
    return status
