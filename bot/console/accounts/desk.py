"""What the pages of accounts share: the book, the passwords, the counted tries."""

from dataclasses import dataclass

from aiohttp import web

from bot.console.accounts.book import Book
from bot.console.accounts.passwords import Passwords
from bot.console.accounts.tries import Tries
from bot.console.context import Console


@dataclass(frozen=True)
class Desk:
    """The parts of the accounts."""

    book: Book
    passwords: Passwords
    tries: Tries

    @classmethod
    def of(cls, console: Console) -> "Desk":
        """On the store of the console."""
        return cls(
            Book(console.store, console.secrecy, console.clock),
            Passwords(),
            Tries(console.store, console.secrecy, console.clock),
        )


DESK: web.AppKey[Desk] = web.AppKey("relais.console.accounts", Desk)


def desk_of(request: web.Request) -> Desk:
    """The parts of the accounts, for a handler."""
    return request.app[DESK]
