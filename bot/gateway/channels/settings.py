"""Settings of the channels, from the environment. A channel without its first variable is off.

Every secret may also be given as a file: `RELAIS_TELEGRAM_TOKEN_FILE` instead of `RELAIS_TELEGRAM_TOKEN`.
"""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from bot.settings import SettingsError

C = TypeVar("C", bound="ChannelSettings")


def variable(name: str) -> str:
    """Value of `RELAIS_<name>`, or of the file that `RELAIS_<name>_FILE` names; empty when there is none.

    Raises SettingsError when the file cannot be read.
    """
    value = os.environ.get(f"RELAIS_{name}", "")
    path = os.environ.get(f"RELAIS_{name}_FILE", "")
    if value or not path:
        return value.strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as problem:
        raise SettingsError(f"RELAIS_{name}_FILE={path!r}: {problem.strerror}") from None


@dataclass(frozen=True)
class ChannelSettings:
    """Settings of one channel; each subclass names its variables."""

    PREFIX: ClassVar[str] = ""
    FIRST: ClassVar[str] = "token"
    """The field whose presence turns the channel on."""
    NEEDED: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def read(cls: type[C]) -> C | None:
        """The settings, or None when the channel is off. Values that are missing stay empty: see `missing`."""
        values: dict[str, Any] = {}
        for each in fields(cls):
            value = variable(f"{cls.PREFIX}_{each.name.upper()}")
            if value:
                values[each.name] = value == "1" if each.type is bool else value
        return cls(**values) if values.get(cls.FIRST) else None

    def missing(self) -> list[str]:
        """Variables that are still needed."""
        return [f"RELAIS_{self.PREFIX}_{name.upper()}" for name in self.NEEDED if not getattr(self, name)]


@dataclass(frozen=True)
class TelegramSettings(ChannelSettings):
    """`RELAIS_TELEGRAM_*`."""

    PREFIX: ClassVar[str] = "TELEGRAM"
    NEEDED: ClassVar[tuple[str, ...]] = ("token",)

    token: str = field(default="", repr=False)
    """From @BotFather."""
    polling: bool = False
    """1: fetch messages ourselves, for a machine without a public address."""
    api: str = "https://api.telegram.org"


@dataclass(frozen=True)
class WhatsAppSettings(ChannelSettings):
    """`RELAIS_WHATSAPP_*`."""

    PREFIX: ClassVar[str] = "WHATSAPP"
    NEEDED: ClassVar[tuple[str, ...]] = ("token", "phone_id", "app_secret", "verify_token")

    token: str = field(default="", repr=False)
    """Access token of a system user."""
    phone_id: str = ""
    """Id of the business phone number (not the number itself)."""
    app_secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)
    """Word of our choice that the subscription of the webhook must give back."""
    template: str = ""
    """Name of an approved template without variables, sent when the 24 hours are over. Empty: none."""
    template_language: str = "fr"
    api: str = "https://graph.facebook.com/v25.0"


@dataclass(frozen=True)
class MessengerSettings(ChannelSettings):
    """`RELAIS_MESSENGER_*`."""

    PREFIX: ClassVar[str] = "MESSENGER"
    NEEDED: ClassVar[tuple[str, ...]] = ("token", "app_secret", "verify_token")

    token: str = field(default="", repr=False)
    """Access token of the page."""
    app_secret: str = field(default="", repr=False)
    verify_token: str = field(default="", repr=False)
    api: str = "https://graph.facebook.com/v25.0"


@dataclass(frozen=True)
class TwilioSettings(ChannelSettings):
    """`RELAIS_TWILIO_*`."""

    PREFIX: ClassVar[str] = "TWILIO"
    FIRST: ClassVar[str] = "account"
    NEEDED: ClassVar[tuple[str, ...]] = ("account", "token", "sender")

    account: str = ""
    """Account SID (AC…)."""
    token: str = field(default="", repr=False)
    """Auth token: signs webhooks, opens the API."""
    sender: str = ""
    """Our number in international form (+33…) or a messaging service (MG…)."""
    api: str = "https://api.twilio.com"


@dataclass(frozen=True)
class GatewaySettings(ChannelSettings):
    """`RELAIS_SMS_*`: an SMS gateway described by a file."""

    PREFIX: ClassVar[str] = "SMS"
    FIRST: ClassVar[str] = "gateway"
    NEEDED: ClassVar[tuple[str, ...]] = ("gateway", "secret")

    gateway: str = ""
    """Path of the YAML description (docs/canaux/sms.md)."""
    secret: str = field(default="", repr=False)
    """Shared with the gateway: it proves with it that a message comes from it."""
    key: str = field(default="", repr=False)
    """Our key at the gateway: `{key}` in the description."""


@dataclass(frozen=True)
class ChannelsSettings:
    """Settings of every channel; None for those that are off."""

    telegram: TelegramSettings | None = None
    whatsapp: WhatsAppSettings | None = None
    messenger: MessengerSettings | None = None
    twilio: TwilioSettings | None = None
    gateway: GatewaySettings | None = None
    settle: float = 0.2
    """Seconds that a message waits for one that was sent before it and may arrive after."""
    waiting: int = 60
    """Messages of one person that may wait for an answer."""
    patience: float = 90.0
    """Seconds during which a message waits for Rasa to come back before we say that we cannot answer."""
    give_up: float = 86_400.0
    """Seconds after which an answer that no retry could deliver is recorded as failed."""

    @classmethod
    def from_environment(cls) -> "ChannelsSettings":
        """Read them. Raises SettingsError for a file that cannot be read."""
        return cls(
            telegram=TelegramSettings.read(),
            whatsapp=WhatsAppSettings.read(),
            messenger=MessengerSettings.read(),
            twilio=TwilioSettings.read(),
            gateway=GatewaySettings.read(),
        )

    @property
    def on(self) -> dict[str, ChannelSettings]:
        """The channels that are on."""
        names = ("telegram", "whatsapp", "messenger", "twilio", "gateway")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    def check(self) -> None:
        """Raise SettingsError naming what is missing, so that nothing starts half configured."""
        missing = [name for each in self.on.values() for name in each.missing()]
        if missing:
            raise SettingsError(f"missing for the messaging channels: {', '.join(missing)}")
        if self.twilio and self.gateway:
            raise SettingsError("RELAIS_TWILIO_ACCOUNT and RELAIS_SMS_GATEWAY: choose one way to send SMS")
