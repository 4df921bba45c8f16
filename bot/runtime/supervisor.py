"""`relais serve` and `relais gateway`: the public process and the actions, Rasa being our child or elsewhere."""

import asyncio
import contextlib
import datetime
import logging
import signal
import socket
import time
from typing import Any

from aiohttp import web

from actions.server import create_actions_app
from bot import faq, logs, tracing
from bot.console.app import create_console
from bot.conversation.desk import AdviserDesk
from bot.conversation.migrate import upgrade
from bot.gateway.app import create_app
from bot.gateway.context import GATEWAY
from bot.gateway.rasa import RasaClient, RasaUnavailableError
from bot.keys import actions_key, channel_key
from bot.path import warm
from bot.runtime.model import ensure_model
from bot.runtime.rasa_process import RasaProcess
from bot.settings import Settings, SettingsError

logger = logging.getLogger("relais.serve")

READY_SECONDS = 180.0
PROBE_EVERY = 0.5


class PortTakenError(RuntimeError):
    """A port that Relais needs is used by another program; the message names it and the setting to change."""


def check_ports(settings: Settings, *, rasa: bool = True) -> None:
    """Raise PortTakenError before anything is started, rather than fail half-way."""
    wanted = [
        (settings.host, settings.port, "RELAIS_PORT"),
        (settings.actions_host, settings.actions_port, "RELAIS_ACTIONS_PORT"),
    ]
    if rasa:
        wanted.append((settings.rasa_host, settings.rasa_port, "RELAIS_RASA_PORT"))
    for host, port, variable in wanted:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                reason = f"le port {port} est déjà pris ({error.strerror})"
                raise PortTakenError(f"{reason}. Libérez-le ou donnez un autre {variable}.") from None


async def serve(settings: Settings) -> int:
    """Serve until SIGINT or SIGTERM. Raises PortTakenError or ModelError before anything is served."""
    logs.configure()
    check_ports(settings)
    started = time.monotonic()
    model = ensure_model(settings)
    upgrade(settings.database_url)

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)

    key = actions_key(settings.secret)
    rasa_key = channel_key(settings.secret)
    actions_url = f"http://127.0.0.1:{settings.actions_port}/webhook/{key}"
    rasa = RasaProcess(settings, model, rasa_key=rasa_key, actions_url=actions_url)
    client = RasaClient(f"http://127.0.0.1:{settings.rasa_port}", rasa_key)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(tracing.exported())
        await listen(stack, create_actions_app(key), "127.0.0.1", settings.actions_port)
        watcher = asyncio.create_task(rasa.run())
        stack.push_async_callback(_end, rasa, watcher)
        await asyncio.to_thread(faq.load)
        await asyncio.to_thread(warm, datetime.datetime.now(datetime.timezone.utc).date())
        await listen(stack, public_side(settings, client), settings.host, settings.port)
        if await _until_ready(client, stop):
            print(
                f"Relais répond sur {settings.public_url} (prêt en {time.monotonic() - started:.0f} s)",
                flush=True,
            )
        await stop.wait()
        logger.info("Stopping")
    return 0


def public_side(settings: Settings, rasa: RasaClient | None = None) -> web.Application:
    """What people and advisers reach: the gateway, and the console at /console on the same store."""
    public = create_app(settings, rasa=rasa)
    mount_console(public)
    return public


def mount_console(public: web.Application, **more: Any) -> web.Application:
    """Put the console on a gateway, with its store, its Rasa and its proxies; `more` goes to `create_console`."""
    gateway = public[GATEWAY]
    proxies = gateway.options.trusted_proxies
    desk = AdviserDesk(
        gateway.advisers.handoffs,
        gateway.call_backs,
        gateway.presence,
        gateway.pushing,
        gateway.live,
        sends_mail=gateway.options.mail is not None,
    )
    console = create_console(
        gateway.settings,
        gateway.store,
        desk=desk,
        forget=gateway.rasa.forget,
        trusted_proxies=proxies,
        **more,
    )
    public.add_subapp("/console", console)
    return console


async def serve_gateway(settings: Settings) -> int:
    """The public process and the actions alone, until SIGINT or SIGTERM; Rasa runs elsewhere (`RELAIS_RASA_URLS`).

    Raises PortTakenError or SettingsError before anything is served.
    """
    logs.configure()
    if not settings.rasa_urls:
        raise SettingsError(
            "RELAIS_RASA_URLS : donnez l'adresse d'au moins un Rasa, par exemple http://rasa:5005"
        )
    if not settings.has_shared_secret:
        raise SettingsError(
            "RELAIS_SECRET (ou RELAIS_SECRET_FILE) : le même secret est nécessaire à tous les processus"
        )
    check_ports(settings, rasa=False)
    upgrade(settings.database_url)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(tracing.exported())
        actions = create_actions_app(actions_key(settings.secret))
        await listen(stack, actions, settings.actions_host, settings.actions_port)
        await asyncio.to_thread(warm, datetime.datetime.now(datetime.timezone.utc).date())
        await listen(stack, public_side(settings), settings.host, settings.port)
        print(f"Relais écoute sur {settings.host}:{settings.port}", flush=True)
        await stop.wait()
        logger.info("Stopping")
    return 0


async def listen(
    stack: contextlib.AsyncExitStack, application: web.Application, host: str, port: int
) -> None:
    """Serve an application for the time of the stack."""
    runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=5)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, host, port).start()


async def _end(rasa: RasaProcess, watcher: asyncio.Task[None]) -> None:
    await rasa.stop()
    watcher.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watcher


async def _answers_a_message(client: RasaClient) -> bool:
    """Whether Rasa, the actions and the rules answer a first message, not only whether a port is open."""
    sender = f"probe-{time.monotonic_ns()}"
    try:
        await client.send(sender, "/start", {"channel": "probe"})
    except RasaUnavailableError:
        return False
    await client.forget(sender)
    return True


async def _until_ready(client: RasaClient, stop: asyncio.Event) -> bool:
    """Wait until a real message is answered; False when we are told to stop before."""
    deadline = time.monotonic() + READY_SECONDS
    while not stop.is_set():
        if await _answers_a_message(client):
            return True
        if time.monotonic() > deadline:
            logger.error("Rasa does not answer after %.0f s; it is tried again", READY_SECONDS)
            deadline = time.monotonic() + READY_SECONDS
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), PROBE_EVERY)
    return False
