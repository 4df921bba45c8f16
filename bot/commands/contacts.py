"""`relais contacts`: the organisms that serve a person, as JSON."""

import argparse
import json
import sys

from bot.directory.needs import SECTORS, STATUSES, needed_types


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("contacts", help="les organismes qui servent une personne, en JSON")
    parser.add_argument("--department", required=True, metavar="52", help="numéro ou nom du département")
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--commune", metavar="NOM")
    place.add_argument("--postcode", metavar="CODE")
    parser.add_argument(
        "--type", action="append", dest="types", metavar="TYPE", help="un type d'organisme ; répétable"
    )
    parser.add_argument("--status", choices=STATUSES, metavar="STATUT", help=", ".join(STATUSES))
    parser.add_argument("--sector", choices=SECTORS, metavar="SECTEUR", help=", ".join(SECTORS))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print a JSON list; 2 and one line on stderr when the place or the type is not known."""
    from bot.directory.lookup import Directory
    from bot.directory.places import resolve
    from bot.directory.wording import types
    from bot.settings import Settings

    place = resolve(options.department).place
    wanted = options.types or [
        *needed_types(
            options.status or "salarie_prive",
            options.sector or "general",
            place.department if place else None,
        )
    ]
    unknown = sorted(set(wanted) - set(types()) - {"emergency"})
    if place is None or unknown:
        problem = (
            f"type inconnu : {', '.join(unknown)}"
            if unknown
            else f"département inconnu : {options.department}"
        )
        print(problem, file=sys.stderr)
        return 2
    directory = Directory.load(Settings.from_environment().database_url)
    contacts = directory.contacts(
        place.department,
        types=wanted,
        status=options.status,
        sector=options.sector,
        commune=options.commune,
        postcode=options.postcode,
    )
    json.dump([contact.to_json() for contact in contacts], sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0
