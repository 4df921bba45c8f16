"""Accounts of the console: signing in, second factor, invitations, the list of advisers, what was read."""

from aiohttp import web

from bot.console.accounts import enrolment, journal, myself, people, signing_in
from bot.console.accounts.desk import DESK, Desk
from bot.console.accounts.oidc import pages as organisation
from bot.console.accounts.oidc.settings import OIDC, OidcSettings
from bot.console.context import CONSOLE
from bot.console.navigation import Entry

routes = [
    route for part in (signing_in, enrolment, organisation, people, myself, journal) for route in part.routes
]
ENTRIES = (
    Entry(60, "Comptes", "/console/comptes", "admin"),
    Entry(70, "Journal", "/console/journal", "admin"),
)


def install(app: web.Application) -> None:
    """Put the parts of the accounts on the console, and the organisation's provider where there is one."""
    app[DESK] = Desk.of(app[CONSOLE])
    oidc = OidcSettings.from_environment()
    if oidc is not None:
        app[OIDC] = oidc
