"""`relais orient`: a situation in, its plan out, as JSON."""

import argparse
import importlib
import importlib.util
import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.orientation import InvalidSituation, Situation, orient
from bot.orientation.explain import explain


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("orient", help="donne le plan d'une situation, en JSON")
    parser.add_argument(
        "--date", type=_day, default=None, help="jour du plan, AAAA-MM-JJ (aujourd'hui par défaut)"
    )
    parser.add_argument("--explain", action="store_true", help="dit, ligne par ligne, quels faits ont décidé")
    parser.add_argument("file", metavar="FILE", help="situation en JSON, « - » pour l'entrée standard")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the plan; exit status 2 and one line on stderr for a situation that cannot be read."""
    on = options.date or datetime.now().astimezone().date()
    try:
        situation = _read(options.file)
    except InvalidSituation as refused:
        print(refused, file=sys.stderr)
        return 2
    if options.explain:
        for line in explain(situation, on):
            print(f"{line.line} : {line.answer} ({', '.join(line.facts) or 'toujours'}). {line.rule}")
        return 0
    json.dump(_plan(situation, on), sys.stdout, ensure_ascii=False, indent=2)
    print()
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"--date : {text!r} refusé, une date AAAA-MM-JJ est attendue"
        ) from None


def _read(name: str) -> Situation:
    """Read the situation. Raises InvalidSituation, in one French line, for any input that is not one."""
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except OSError as failed:
        raise InvalidSituation(f"fichier : {name} ne peut pas être lu ({failed.strerror})") from None
    except UnicodeDecodeError:
        raise InvalidSituation(f"fichier : {name} n'est pas en UTF-8") from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidSituation("situation : le texte n'est pas du JSON") from None
    return Situation.from_json(found)


def _plan(situation: Situation, on: date) -> dict[str, Any]:
    """The plan with its contacts, by `bot.path`; without contacts where the directory is not set up."""
    if importlib.util.find_spec("bot.path") is None:
        return orient(situation, on).to_json()
    plan: dict[str, Any] = importlib.import_module("bot.path").plan_for(situation, on, frozenset())
    return plan
