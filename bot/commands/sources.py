"""`relais sources check`: are the articles that we cite still the ones in force?"""

import argparse
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path

from bot.orientation.law_watch import Finding, Line, stale, watch
from bot.settings import Settings

PACKAGE = Path("node_modules/@socialgouv/legi-data/data")
TITLES: dict[Finding, str] = {
    "changed": "À relire : l'article a changé",
    "gone": "À relire : l'article n'est plus en vigueur",
    "scheduled": "À relire : une autre version est programmée",
    "stale": "À vérifier : dernier contrôle il y a plus d'un an",
    "data_older": "Citation plus récente que les données : rien à dire",
    "not_covered": "Hors des données : à contrôler sur Légifrance",
    "current": "Toujours en vigueur, même version",
}


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser("sources", help="contrôle les textes de loi cités")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="compare chaque article cité aux données de Légifrance")
    check.add_argument(
        "--data", type=Path, default=None, help="dossier « data » du paquet @socialgouv/legi-data"
    )
    check.add_argument("--date", type=date.fromisoformat, default=None, help="jour du contrôle, AAAA-MM-JJ")
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the report. It is a report, not a gate: exit status 0, or 2 when the data cannot be read."""
    on = options.date or datetime.now().astimezone().date()
    lines = list(stale(on))
    data = options.data or _installed()
    if data is None:
        print("Données de loi absentes : « make law-data » les installe. Contrôle des dates seulement.")
    else:
        try:
            lines += watch(data, on)
        except (OSError, ValueError, KeyError) as failed:
            print(f"sources : {data} ne peut pas être lu ({type(failed).__name__})", file=sys.stderr)
            return 2
    _report(lines)
    return 0


def _installed() -> Path | None:
    root = Path(__file__).resolve().parents[2]
    places = (Settings.from_environment().var / "law" / PACKAGE, root / PACKAGE)
    return next((place for place in places if place.is_dir()), None)


def _report(lines: list[Line]) -> None:
    counts = Counter(line.finding for line in lines)
    for finding, title in TITLES.items():
        if counts[finding]:
            print(f"{title} : {counts[finding]}")
        if finding in ("changed", "gone", "scheduled", "stale"):
            for line in lines:
                if line.finding == finding:
                    print(f"  {line.source:22} {line.detail}")
    if not lines:
        print("Rien à signaler.")
