"""`relais channels check|connect`: the messaging channels, as configured and as their platforms see them."""

import argparse
import asyncio
import sys
from dataclasses import replace
from typing import Any

from bot.gateway.channels.model import Adapter, SendError, attempt
from bot.gateway.channels.service import adapters
from bot.gateway.channels.settings import ChannelsSettings
from bot.settings import Settings, SettingsError

_NAMES = {
    "telegram": "Telegram",
    "whatsapp": "WhatsApp",
    "messenger": "Messenger",
    "twilio": "SMS (Twilio)",
    "gateway": "SMS (passerelle)",
}
_FIRST = {
    "telegram": "RELAIS_TELEGRAM_TOKEN",
    "whatsapp": "RELAIS_WHATSAPP_TOKEN",
    "messenger": "RELAIS_MESSENGER_TOKEN",
    "twilio": "RELAIS_TWILIO_ACCOUNT",
    "gateway": "RELAIS_SMS_GATEWAY",
}
_REASONS = {
    "network": "pas de réponse : vérifiez l'accès au réseau",
    "credentials": "identifiants refusés : vérifiez le jeton",
    "too_many": "trop d'appels : réessayez plus tard",
    "platform": "la plateforme est en panne : réessayez plus tard",
    "fault": "réponse que Relais ne comprend pas",
    "conflict": "un autre programme reçoit déjà ces messages",
}


def register(subparsers: Any) -> None:
    """Add the command."""
    parser = subparsers.add_parser("channels", help="messageries : Telegram, WhatsApp, Messenger, SMS")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser(
        "check", help="dit ce qui est réglé, ce qui manque, ce que répond la plateforme"
    )
    check.set_defaults(run=run_check)
    connect = actions.add_parser("connect", help="donne à Telegram l'adresse à appeler")
    connect.set_defaults(run=run_connect)


def run_check(_options: argparse.Namespace) -> int:
    """Tell; 1 when a channel that is on cannot work as it is."""
    try:
        settings, channels = Settings.from_environment(), ChannelsSettings.from_environment()
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 1
    missing = {name: each.missing() for name, each in channels.on.items()}
    good = True
    for name, label in _NAMES.items():
        if name not in channels.on:
            print(f"{label} : éteint ({_FIRST[name]} n'est pas réglé)")
        elif missing[name]:
            print(f"{label} : il manque {', '.join(missing[name])}")
            good = False
    off: dict[str, Any] = {name: None for name, needed in missing.items() if needed}
    whole = replace(channels, **off)
    if not whole.on:
        return 0 if good else 1
    try:
        whole.check()
        on = adapters(settings, whole)
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0 if asyncio.run(_ask(settings, whole, on)) and good else 1


async def _ask(settings: Settings, channels: ChannelsSettings, on: dict[str, Adapter]) -> bool:
    good = True
    polled = bool(channels.telegram and channels.telegram.polling)
    if not settings.public_url.startswith("https://") and not (polled and list(on) == ["telegram"]):
        print(f"RELAIS_PUBLIC_URL={settings.public_url} : une adresse en https:// est nécessaire")
        good = False
    for name, adapter in on.items():
        try:
            async with adapter:
                told = await attempt(adapter, adapter.check())
        except SendError as problem:
            reason = _REASONS.get(problem.kind, "refusé par la plateforme")
            print(f"{_NAMES[name]} : {reason} [{problem.name}]")
            good = False
            continue
        print(f"{_NAMES[name]} : répond")
        for label, value in told:
            print(f"  {label} : {value}")
        good = _expected(name, told, settings, polled=polled) and good
    return good


def _expected(name: str, told: list[tuple[str, str]], settings: Settings, *, polled: bool) -> bool:
    """Whether the platform calls us where we listen (only Telegram says where it calls)."""
    if name != "telegram":
        print(f"  adresse à donner à la plateforme : {settings.public_url}/channels/{name}")
        return True
    wanted, given = f"{settings.public_url}/channels/telegram", dict(told)["webhook"]
    if polled or given == wanted:
        return True
    print(f"  le webhook attendu est {wanted} : lancez « relais channels connect »")
    return False


def run_connect(_options: argparse.Namespace) -> int:
    """Set Telegram's webhook, or remove it when messages are fetched; 1 when it could not be done."""
    try:
        settings, channels = Settings.from_environment(), ChannelsSettings.from_environment()
        channels.check()
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 1
    if channels.telegram is None:
        print("Telegram est éteint : réglez RELAIS_TELEGRAM_TOKEN.", file=sys.stderr)
        return 1
    url = "" if channels.telegram.polling else f"{settings.public_url}/channels/telegram"
    if url and not url.startswith("https://"):
        print(f"RELAIS_PUBLIC_URL={settings.public_url} : Telegram demande https://", file=sys.stderr)
        return 1
    telegram = adapters(settings, ChannelsSettings(telegram=channels.telegram))["telegram"]
    try:
        asyncio.run(_connect(telegram, url))
    except SendError as problem:
        reason = _REASONS.get(problem.kind, "refusé par la plateforme")
        print(f"Telegram : {reason} [{problem.name}]", file=sys.stderr)
        return 1
    print(f"Telegram appellera {url}" if url else "Telegram : les messages seront relevés par Relais.")
    return 0


async def _connect(telegram: Adapter, url: str) -> None:
    async with telegram:
        await attempt(telegram, telegram.connect(url))
