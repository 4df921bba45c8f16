"""The public application: `create_app` builds it, `start` serves it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import date, timedelta

from aiohttp import web

from bot.conversation.callbacks import PURPOSE, CallBacks
from bot.conversation.codes import ResumeCodes
from bot.conversation.following import FollowUp
from bot.conversation.handoff import Handoffs
from bot.conversation.handoff_words import handoff_words
from bot.conversation.live import Live
from bot.conversation.migrate import upgrade
from bot.conversation.presence import Presence
from bot.conversation.pushing import Pushing
from bot.conversation.secrecy import Secrecy
from bot.conversation.store import Store
from bot.database import sync_engine
from bot.gateway import api, coming_back, events, health, places
from bot.gateway.advisers import Advisers, known_structures
from bot.gateway.channels import service
from bot.gateway.channels.settings import ChannelsSettings
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.dialogue import Dialogue
from bot.gateway.guard import BODY_LIMIT
from bot.gateway.housekeeping import keep_house
from bot.gateway.keeping import today_in_france
from bot.gateway.logs import keep_texts_out
from bot.gateway.measures import Measures
from bot.gateway.notices import Notices
from bot.gateway.options import Options
from bot.gateway.pages import site
from bot.gateway.rasa import RasaClient
from bot.gateway.security import around
from bot.gateway.sessions import Sessions
from bot.gateway.shared_live import RedisLive
from bot.gateway.shared_memory import check_volatile
from bot.gateway.sharing import Sharing
from bot.gateway.streams import Streams
from bot.gateway.tokens import Tokens
from bot.gateway.wording import wording
from bot.language.masking import mask
from bot.language.safety import detect
from bot.settings import Settings
from bot.web import expectation

logger = logging.getLogger("relais.gateway")

_DATABASE_PATIENCE = 15.0
"""Seconds: beyond the 5 s that SQLite waits for a lock and the 5 s of a connection to PostgreSQL."""


def create_app(
    settings: Settings,
    *,
    rasa: RasaClient | None = None,
    store: Store | None = None,
    options: Options | None = None,
    live: Live | None = None,
    channels: ChannelsSettings | None = None,
    today: Callable[[], date] = today_in_france,
) -> web.Application:
    """The public application. What is not given is made from the settings.

    The database is brought up to date when the application starts; the connections to it and to Rasa are
    closed when it ends.
    """
    keep_texts_out()
    expectation.install()
    warm_up()
    options = options or Options.from_environment()
    app = web.Application(middlewares=[around], client_max_size=BODY_LIMIT)
    app[GATEWAY] = _parts(settings, rasa, store, options, live, today)
    app.router.add_routes(api.routes)
    app.router.add_routes(coming_back.routes)
    app.router.add_routes(events.routes)
    app.router.add_routes(health.routes)
    app.router.add_routes(places.routes)
    site.install(app)
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.append(_life)
    service.install(app, channels)
    return app


def warm_up() -> None:
    """Load sentences, alarms and masks now: a broken file stops the start, not someone's message."""
    wording()
    handoff_words()
    known_structures()
    detect("bonjour")
    mask("bonjour")


def _parts(
    settings: Settings,
    rasa: RasaClient | None,
    store: Store | None,
    options: Options,
    live: Live | None,
    today: Callable[[], date],
) -> Gateway:
    rasa = rasa or RasaClient.of(settings, timeout=options.rasa_timeout)
    store = store or Store(sync_engine(settings.database_url), patience=_DATABASE_PATIENCE)
    sharing, measures = Sharing.of(settings, options), Measures()
    live = live or sharing.live
    tokens, presence = Tokens(settings.secret), Presence(store)
    notices = Notices(options.mail, public_url=settings.public_url)
    handoffs = Handoffs(store, live, silence=timedelta(minutes=options.adviser_silence))
    advisers = Advisers(handoffs, presence, notices, tokens, public_url=settings.public_url)
    return Gateway(
        settings=settings,
        options=options,
        rasa=rasa,
        store=store,
        sharing=sharing,
        dialogue=Dialogue(
            rasa,
            store,
            memory=sharing.memory,
            turnstile=sharing.turnstile,
            measures=measures,
            options=options,
            advisers=advisers,
        ),
        sessions=Sessions(
            tokens,
            public_url=settings.public_url,
            ttl=options.memory_ttl,
            retention_days=settings.retention_days,
        ),
        measures=measures,
        requests=sharing.limiter("requests", options.requests_per_minute),
        conversations=sharing.limiter("conversations", options.conversations_per_minute),
        messages=sharing.limiter("messages", options.messages_per_minute),
        codes=ResumeCodes(store, settings.secret, retention_days=settings.retention_days),
        follow=FollowUp(store),
        resumes=sharing.limiter("resumes", options.resumes_per_minute),
        all_resumes=sharing.limiter("all_resumes", options.all_resumes_per_minute, keys=1),
        documents=sharing.limiter("documents", options.documents_per_minute),
        mails=sharing.limiter("mails", options.mails_per_hour, seconds=3600),
        mails_of_address=sharing.limiter("mails_of_address", 10 * options.mails_per_hour, seconds=3600),
        live=live,
        pushing=Pushing(store),
        streams=Streams(options.streams),
        presence=presence,
        advisers=advisers,
        notices=notices,
        call_backs=CallBacks(store, Secrecy.of(settings, PURPOSE), live),
        call_backs_asked=sharing.limiter("call_backs", options.call_backs_per_hour, seconds=3600),
        call_backs_of_address=sharing.limiter(
            "call_backs_of_address", 10 * options.call_backs_per_hour, seconds=3600
        ),
        today=today,
    )


async def _end_streams(app: web.Application) -> None:
    await app[GATEWAY].streams.end()


async def _life(app: web.Application) -> AsyncIterator[None]:
    gateway = app[GATEWAY]
    if gateway.sharing.redis is not None:
        await check_volatile(gateway.sharing.redis)
    await asyncio.to_thread(upgrade, gateway.settings.database_url)
    tasks = [asyncio.create_task(keep_house(gateway))]
    if isinstance(gateway.sharing.live, RedisLive):
        tasks.append(asyncio.create_task(gateway.sharing.live.run()))
    yield
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await gateway.notices.close()
    await gateway.rasa.close()
    await gateway.store.close()
    await gateway.sharing.close()


async def start(settings: Settings, *, options: Options | None = None) -> web.AppRunner:
    """Serve on `settings.host:port`; the caller ends it with `await runner.cleanup()`.

    Raises OSError when the port is taken.
    """
    # aiohttp's own access log would print addresses and whole paths: `security.around` logs the route.
    runner = web.AppRunner(create_app(settings, options=options), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError:
        await runner.cleanup()
        raise
    logger.info("public side on %s:%d", settings.host, settings.port)
    return runner
