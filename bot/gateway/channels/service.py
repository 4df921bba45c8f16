"""The channels inside the public application: their routes, their tasks, nothing at all when none is on."""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from hashlib import sha256

from aiohttp import web

from bot.conversation.secrecy import Secrecy
from bot.gateway.channels import webhooks
from bot.gateway.channels.carrying import carry
from bot.gateway.channels.correspondence import Correspondence
from bot.gateway.channels.handover import Handover
from bot.gateway.channels.mailbox import Mailbox
from bot.gateway.channels.model import Adapter
from bot.gateway.channels.postman import Postman
from bot.gateway.channels.settings import ChannelsSettings
from bot.gateway.channels.wording import channel_words
from bot.gateway.context import GATEWAY, Gateway
from bot.settings import Settings

logger = logging.getLogger("relais.channels")

_HOUR = 3600.0
_TAKE_UP_SECONDS = 30.0
_MARKS_DAYS = 8
"""Meta re-delivers for seven days at most, Telegram for one."""

POSTMAN: web.AppKey[Postman] = web.AppKey("relais.postman", Postman)


def adapters(settings: Settings, channels: ChannelsSettings) -> dict[str, Adapter]:
    """The channels that are on, by name: the libraries of the others are not even imported.

    Raises SettingsError for a description that cannot be used.
    """
    found: list[Adapter] = []
    if channels.telegram:
        from bot.gateway.channels.telegram import Telegram

        found.append(Telegram(channels.telegram, telegram_secret(settings.secret)))
    if channels.whatsapp:
        from bot.gateway.channels.whatsapp import WhatsApp

        found.append(WhatsApp(channels.whatsapp))
    if channels.messenger:
        from bot.gateway.channels.messenger import Messenger

        found.append(Messenger(channels.messenger))
    if channels.twilio:
        from bot.gateway.channels.twilio import Twilio

        found.append(Twilio(channels.twilio, settings.public_url))
    if channels.gateway:
        from bot.gateway.channels.sms_gateway import SmsGateway

        found.append(SmsGateway(channels.gateway))
    return {adapter.name: adapter for adapter in found}


def telegram_secret(secret: str) -> str:
    """What Telegram gives back in each call: derived, so that there is one secret less to keep."""
    return hmac.new(secret.encode(), b"telegram-webhook", sha256).hexdigest()


def install(app: web.Application, channels: ChannelsSettings | None = None) -> None:
    """Add the channels that are on. Raises SettingsError when one is half configured."""
    channels = channels or ChannelsSettings.from_environment()
    if not channels.on:
        app.cleanup_ctx.append(_nobody_to_reach)
        return
    channels.check()
    channel_words()
    gateway = app[GATEWAY]
    on = adapters(gateway.settings, channels)
    secrecy = Secrecy.of(gateway.settings, "channels")
    mailbox, handover = Mailbox(gateway.store, secrecy), Handover(gateway)
    desk = webhooks.Desk(mailbox, on, waiting=channels.waiting)
    polled = channels.telegram is not None and channels.telegram.polling
    desk.install(app, polled={"telegram"} if polled else set())

    async def life(app: web.Application) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for adapter in on.values():
                await stack.enter_async_context(adapter)
            correspondence = Correspondence(gateway, mailbox, handover)
            postman = Postman(gateway, mailbox, correspondence, on, channels)
            app[POSTMAN] = desk.postman = postman
            await postman.start()
            tasks = [
                asyncio.create_task(_keep(mailbox, gateway)),
                asyncio.create_task(carry(gateway, postman)),
                asyncio.create_task(_take_up(postman)),
            ]
            if polled:
                from bot.gateway.channels.polling import poll

                tasks.append(asyncio.create_task(poll(on["telegram"], desk)))
            logger.info("channels: %s", ", ".join(on))
            yield
            for task in tasks:
                await _end(task)
            await postman.stop()

    app.cleanup_ctx.append(life)


async def _nobody_to_reach(app: web.Application) -> AsyncIterator[None]:
    """No channel is on: messages that would have to be carried to one are only on the page."""
    task = asyncio.create_task(carry(app[GATEWAY], None))
    yield
    await _end(task)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _take_up(postman: Postman) -> None:
    """Look from time to time for what a process that died has left."""
    while True:
        await asyncio.sleep(_TAKE_UP_SECONDS)
        try:
            await postman.start()
        except Exception as problem:  # the database is away: the next look finds it
            logger.error("what was left is not taken up: %s", type(problem).__name__)


async def _keep(mailbox: Mailbox, gateway: Gateway) -> None:
    """Forget what is over, each hour."""
    while True:
        try:
            await mailbox.purge(marks_days=_MARKS_DAYS, people_days=gateway.settings.retention_days)
        except Exception as problem:  # must outlive any fault
            logger.error("housekeeping of the channels put off: %s", type(problem).__name__)
        await asyncio.sleep(_HOUR)
