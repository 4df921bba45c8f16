"""The gateway with its channels on, in front of platforms of this process."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import create_app
from bot.gateway.channels.settings import (
    ChannelsSettings,
    GatewaySettings,
    MessengerSettings,
    TelegramSettings,
    TwilioSettings,
    WhatsAppSettings,
)
from bot.gateway.context import GATEWAY, Gateway
from bot.gateway.rasa import RasaClient
from bot.settings import Settings
from tests.gateway.channels.long_rasa import LongRasa
from tests.gateway.channels.phones import (
    APP_SECRET,
    PUBLIC_URL,
    SMS_SECRET,
    VERIFY,
    GatewayPhone,
    MessengerPhone,
    Phone,
    TelegramPhone,
    TwilioPhone,
    WhatsAppPhone,
)
from tests.gateway.channels.platforms import (
    META_TOKEN,
    PAGE_TOKEN,
    PHONE_ID,
    TELEGRAM_TOKEN,
    TEMPLATE,
    TWILIO_TOKEN,
    FakeGateway,
    FakeMeta,
    FakeTelegram,
    FakeTwilio,
    Platform,
)
from tests.gateway.conftest import UNLIMITED
from tests.gateway.fake_rasa import KEY

CHANNELS = ("telegram", "whatsapp", "messenger", "twilio", "gateway")
PHONES: dict[str, type[Phone]] = {
    "telegram": TelegramPhone, "whatsapp": WhatsAppPhone, "messenger": MessengerPhone, "twilio": TwilioPhone,
    "gateway": GatewayPhone,
}  # fmt: skip
PLATFORMS: dict[str, type[Platform]] = {
    "telegram": FakeTelegram, "whatsapp": FakeMeta, "messenger": FakeMeta, "twilio": FakeTwilio,
    "gateway": FakeGateway,
}  # fmt: skip
DESCRIPTION = """
send:
  url: {url}/v1/messages
  headers: {{Authorization: "Bearer {{key}}"}}
  json: {{recipients: ["{{to}}"], text: "{{text}}"}}
  id: messages.0.id
receive:
  header: X-Secret
  from: message.msisdn
  text: message.content
  id: message.uid
"""


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(
            ("RELAIS_TELEGRAM", "RELAIS_WHATSAPP", "RELAIS_MESSENGER", "RELAIS_TWILIO", "RELAIS_SMS")
        ):
            monkeypatch.delenv(name)


@pytest.fixture
async def rasa() -> AsyncIterator[LongRasa]:
    fake = LongRasa()
    await fake.server.start_server()
    yield fake
    await fake.server.close()


@dataclass
class Line:
    """A gateway with one channel on, its platform, and phones."""

    name: str
    app: web.Application
    client: TestClient[Any, Any]
    platform: Any

    @property
    def gateway(self) -> Gateway:
        return self.app[GATEWAY]

    async def carried(self) -> None:
        """Wait until what an adviser wrote has left, or is held, or failed."""
        async with asyncio.timeout(20):
            while await self.gateway.pushing.to_carry():
                await asyncio.sleep(0.01)
        await self.phone().idle()

    def phone(self, number: int = 1) -> Any:
        return PHONES[self.name](self.client, self.platform, number)


StartLine = Callable[..., Awaitable[Line]]


def on(name: str, platform: Platform, tmp_path: Path, **more: Any) -> ChannelsSettings:
    """Settings of one channel."""
    api = platform.url()
    made: Any = {
        "telegram": lambda: TelegramSettings(token=TELEGRAM_TOKEN, api=api, polling=more.pop("polling", False)),
        "whatsapp": lambda: WhatsAppSettings(
            token=META_TOKEN, phone_id=PHONE_ID, app_secret=APP_SECRET, verify_token=VERIFY, api=api,
            template=more.pop("template", TEMPLATE),
        ),
        "messenger": lambda: MessengerSettings(
            token=PAGE_TOKEN, app_secret=APP_SECRET, verify_token=VERIFY, api=api
        ),
        "twilio": lambda: TwilioSettings(account="ACtest", token=TWILIO_TOKEN, sender="+33700000000", api=api),
        "gateway": lambda: GatewaySettings(
            gateway=str(tmp_path / "passerelle.yml"), secret=SMS_SECRET, key="clef-passerelle"
        ),
    }[name]()  # fmt: skip
    if name == "gateway":
        (tmp_path / "passerelle.yml").write_text(DESCRIPTION.format(url=api), encoding="utf-8")
    return ChannelsSettings(**{name: made}, **({"settle": 0.03} | more))


@pytest.fixture
async def start(settings: Settings, rasa: LongRasa, tmp_path: Path, blank: Path) -> AsyncIterator[StartLine]:
    """Start a gateway (several times for a restart) with one channel: `await start("telegram")`."""
    platforms: dict[str, Platform] = {}
    lines: list[Line] = []
    shutil.copy(blank, settings.var)

    async def start_one(name: str, *, options: dict[str, Any] | None = None, **more: Any) -> Line:
        if name not in platforms:
            platforms[name] = PLATFORMS[name]()
            await platforms[name].server.start_server()
        client_of_rasa = RasaClient(str(rasa.server.make_url("")), KEY, timeout=15)
        used = replace(settings, public_url=PUBLIC_URL)
        app = create_app(
            used,
            rasa=client_of_rasa,
            options=replace(UNLIMITED, **(options or {})),
            channels=on(name, platforms[name], tmp_path, **more),
        )
        client = TestClient(TestServer(app))
        await client.start_server()
        lines.append(Line(name, app, client, platforms[name]))
        return lines[-1]

    yield start_one
    for line in lines:
        await line.client.close()
    for platform in platforms.values():
        await platform.server.close()


@pytest.fixture
async def fakes() -> AsyncIterator[Callable[[str], Awaitable[Platform]]]:
    """Start a platform without a gateway: `await fakes("telegram")`."""
    started: list[Platform] = []

    async def one(name: str) -> Platform:
        started.append(PLATFORMS[name]())
        await started[-1].server.start_server()
        return started[-1]

    yield one
    for platform in started:
        await platform.server.close()


@pytest.fixture(params=CHANNELS)
async def line(request: pytest.FixtureRequest, start: StartLine) -> Line:
    """A gateway with each channel in turn."""
    return await start(request.param)
