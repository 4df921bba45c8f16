"""The parts of the console that its handlers share, found on the application under `CONSOLE`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from bot.console.options import ConsoleOptions
from bot.console.sessions import Sessions
from bot.conversation.desk import AdviserDesk
from bot.conversation.retention import ForgetTracker
from bot.conversation.secrecy import Secrecy
from bot.conversation.store import Store
from bot.settings import Settings
from bot.web.addresses import Network


@dataclass(frozen=True)
class Console:
    """The parts of the console."""

    settings: Settings
    options: ConsoleOptions
    store: Store
    """`store.read(work)` and `store.write(work)` run a function on a connection, in a thread."""
    sessions: Sessions
    secrecy: Secrecy
    """Encrypts the few fields that identify someone, and makes keyed hashes."""
    desk: AdviserDesk
    """Requests for a person, call-backs, who is on duty: shared with the gateway."""
    forget: ForgetTracker
    """Makes Rasa forget a conversation."""
    trusted_proxies: tuple[Network, ...]
    clock: Callable[[], datetime]
    """Now, in UTC."""


CONSOLE: web.AppKey[Console] = web.AppKey("relais.console", Console)


def console_of(request: web.Request) -> Console:
    """The parts of the console, for a handler or a middleware of it."""
    return request.app[CONSOLE]
