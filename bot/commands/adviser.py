"""`relais adviser`: accounts of the console. The first one is made here."""

import argparse
import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from bot.settings import Settings

ROLES = ("adviser", "manager", "admin")


def register(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("adviser", help="les comptes de la console des conseillers")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="crée un compte ; donne le lien d'invitation")
    add.add_argument("email", metavar="COURRIEL")
    add.add_argument(
        "--role", choices=ROLES, default="adviser", help="adviser (conseiller), manager (responsable), admin"
    )
    add.add_argument(
        "--departments", default="", metavar="52,10", help="territoire ; par défaut, tous les départements"
    )
    add.add_argument("--name", default="", metavar="NOM", help="nom montré dans la console")
    add.add_argument("--password", action="store_true", help="demande le mot de passe ici, au lieu d'un lien")
    add.set_defaults(run=run_add)
    link = actions.add_parser("link", help="refait un lien : nouveau mot de passe, invitation perdue")
    link.add_argument("email", metavar="COURRIEL")
    link.set_defaults(run=run_link)
    actions.add_parser("list", help="liste les comptes").set_defaults(run=run_list)
    remove = actions.add_parser("remove", help="supprime un compte")
    remove.add_argument("email", metavar="COURRIEL")
    remove.set_defaults(run=run_remove)


def _with_book(work: "Callable[[Any, Settings], Awaitable[int]]") -> int:
    """Run `work` on the book of accounts of the settings' database, brought up to date."""
    from bot.console.accounts.book import Book
    from bot.conversation.migrate import upgrade
    from bot.conversation.secrecy import Secrecy
    from bot.conversation.state import now
    from bot.conversation.store import Store
    from bot.database import sync_engine

    settings = Settings.from_environment()
    upgrade(settings.database_url)

    async def working() -> int:
        store = Store(sync_engine(settings.database_url))
        try:
            return await work(Book(store, Secrecy.of(settings, "console"), now), settings)
        finally:
            await store.close()

    return asyncio.run(working())


def _problem(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


def run_add(options: argparse.Namespace) -> int:
    """Make an account; 2 and a sentence when it cannot be."""
    from bot.console.accounts.book import EmailTakenError
    from bot.console.accounts.passwords import Passwords
    from bot.console.accounts.territory import read_departments
    from bot.mail import address

    email = address(options.email)
    if email is None:
        return _problem(f"adresse de courriel impossible : {options.email}")
    departments, unknown = read_departments(options.departments)
    if unknown:
        return _problem(f"département inconnu : {', '.join(unknown)}")
    password = _ask_password(email) if options.password else ""
    if password is None:
        return 2

    async def adding(book: Any, settings: Settings) -> int:
        try:
            made = await book.add(
                email, options.name or email.partition("@")[0], options.role, departments, None
            )
        except EmailTakenError:
            return _problem(f"un compte existe déjà pour {email}")
        account = await book.find(made)
        if password:
            kept = await Passwords().hash(password)
            await book.change(account, "account.password", None, password=kept)
            print(f"Compte créé : {email}. Connexion : {settings.public_url}/console/")
            return 0
        print(f"Compte créé : {email}")
        return await _print_link(book, settings, account)

    return _with_book(adding)


def _ask_password(email: str) -> str | None:
    from bot.console.accounts.passwords import weakness
    from bot.console.pages import words

    if not sys.stdin.isatty():
        _problem("--password demande un terminal ; sans lui, utilisez le lien d'invitation")
        return None
    password = getpass.getpass("Mot de passe : ")
    weak = weakness(password, email)
    if weak is None and password != getpass.getpass("Le même, une seconde fois : "):
        weak = "password_differs"
    if weak is not None:
        _problem(words("accounts")[weak])
        return None
    return password


async def _print_link(book: Any, settings: Settings, account: Any) -> int:
    from bot.console.options import ConsoleOptions

    lifetime = ConsoleOptions.from_environment().link
    token = await book.link(account, lifetime, None)
    print(f"Lien d'invitation, bon une fois, pendant {lifetime.total_seconds() / 3600:.0f} h :")
    print(f"{settings.public_url}/console/invitation/{token}")
    return 0


def run_link(options: argparse.Namespace) -> int:
    """Print a new link; 2 when there is no such account."""

    async def linking(book: Any, settings: Settings) -> int:
        account = await book.by_email(options.email)
        if account is None or not account.active:
            return _problem(f"aucun compte actif pour {options.email}")
        return await _print_link(book, settings, account)

    return _with_book(linking)


def run_list(_options: argparse.Namespace) -> int:
    """Print the accounts, one per line."""

    async def listing(book: Any, _settings: Settings) -> int:
        for account in await book.all():
            state = "désactivé" if not account.active else "actif" if account.ready else "invité"
            where = "tous" if account.departments is None else ",".join(account.departments)
            print("\t".join((account.email, account.role, where, state, account.name)))
        return 0

    return _with_book(listing)


def run_remove(options: argparse.Namespace) -> int:
    """Remove an account; 2 when there is none, or when it is the last administrator."""
    from bot.console.accounts.book import LastAdminError

    async def removing(book: Any, _settings: Settings) -> int:
        account = await book.by_email(options.email)
        if account is None:
            return _problem(f"aucun compte pour {options.email}")
        try:
            await book.remove(account, None)
        except LastAdminError:
            return _problem(
                "c'est le dernier compte qui administre tous les départements : créez-en un autre d'abord"
            )
        print(f"Compte supprimé : {account.email}")
        return 0

    return _with_book(removing)
