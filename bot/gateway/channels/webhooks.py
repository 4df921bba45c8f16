"""Where platforms call: prove, read, keep, answer 200. Nothing is kept of a call that proves nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.channels.mailbox import Mailbox
from bot.gateway.channels.model import Adapter, ForgedError, MalformedError, Received, Report
from bot.gateway.channels.postman import Postman
from bot.gateway.errors import RefusalError

logger = logging.getLogger("relais.channels")

_BODY_SECONDS = 20
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Desk:
    """Takes what platforms bring."""

    def __init__(self, mailbox: Mailbox, adapters: dict[str, Adapter], *, waiting: int) -> None:
        self._mailbox = mailbox
        self._adapters = adapters
        self._waiting = waiting
        self.postman: Postman | None = None

    def install(self, app: web.Application, *, polled: set[str]) -> None:
        """Add the routes of the channels that are called (those of `polled` are not)."""
        router = app.router
        for name, adapter in self._adapters.items():
            if name not in polled:
                router.add_post(f"/channels/{name}", self._taking(adapter))
            if name in ("whatsapp", "messenger"):
                router.add_get(f"/channels/{name}", _subscribing(adapter))
            if name == "twilio":
                router.add_post("/channels/twilio/status", self._taking(adapter))

    def _taking(self, adapter: Adapter) -> Handler:
        async def take(request: web.Request) -> web.StreamResponse:
            body = await read_body(request, adapter.limits.body_bytes)
            try:
                adapter.verify(request, body)
                found = adapter.parse(body)
            except ForgedError:
                logger.warning("%s: a call without a good signature was refused", adapter.name)
                raise RefusalError("unauthorized") from None
            except MalformedError:
                logger.warning("%s: a call that cannot be read was refused", adapter.name)
                raise RefusalError("bad_request") from None
            try:
                await self.keep(adapter, found)
            except SQLAlchemyError as problem:  # the platform will call again
                logger.error("%s: not kept: %s", adapter.name, type(problem).__name__)
                raise RefusalError("unavailable", retry_after=10) from None
            return adapter.answer()

        return take

    async def keep(self, adapter: Adapter, found: list[Received | Report]) -> None:
        """Keep messages and take note of reports; then answer, behind the platform's back."""
        for report in found:
            if isinstance(report, Report) and report.failed:
                known = await self._mailbox.report(adapter.name, report.platform_id, f"report:{report.code}")
                if known:
                    logger.warning("%s: a message was not delivered: %s", adapter.name, report.code[:16])
        messages = [received for received in found if isinstance(received, Received)]
        for person in await self._mailbox.receive(adapter.name, messages, waiting=self._waiting):
            if self.postman is not None:
                self.postman.wake(adapter.name, person)


def _subscribing(adapter: Adapter) -> Handler:
    async def subscribe(request: web.Request) -> web.StreamResponse:
        try:
            return adapter.subscribe(request)
        except ForgedError:
            raise RefusalError("unauthorized") from None

    return subscribe


async def read_body(request: web.Request, limit: int) -> bytes:
    """The raw body, of bounded size and in bounded time. Raises RefusalError.

    Not `request.read()`: its limit is the one of the web API, and a notification of Meta may weigh 3 MB.
    """
    if (request.content_length or 0) > limit:
        raise RefusalError("too_long")
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            async for piece in request.content.iter_any():
                body += piece
                if len(body) > limit:
                    raise RefusalError("too_long")
    except (TimeoutError, OSError, ValueError, web.RequestPayloadError):
        raise RefusalError("bad_request") from None
    return bytes(body)
