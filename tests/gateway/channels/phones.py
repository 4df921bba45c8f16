"""A person with a phone, on each channel: they write, tap what they see, and read what comes."""

import asyncio
import copy
import hmac
import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from twilio.request_validator import RequestValidator

from bot.gateway.channels.service import POSTMAN, telegram_secret
from bot.gateway.channels.telegram import SECRET_HEADER
from bot.gateway.channels.wording import channel_words
from tests.gateway.channels.platforms import TWILIO_TOKEN, Platform, Shown

RECORDED = Path(__file__).parent / "recorded"
APP_SECRET, VERIFY, SMS_SECRET = "secret-application", "mot-choisi", "secret-passerelle"
PUBLIC_URL = "https://relais.example.org"
Json = dict[str, Any]


def recorded(name: str) -> Json:
    body: Json = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    return body


def hub_signature(body: bytes, secret: str = APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, sha256).hexdigest()


class Phone:
    """What is common."""

    channel = ""
    path = ""

    def __init__(self, client: TestClient[Any, Any], platform: Platform, number: int = 1) -> None:
        self.client = client
        self.platform = platform
        self.number = number
        self.count = 0
        self.seen = 0

    async def post(self, body: Json, **headers: str) -> ClientResponse:
        raise NotImplementedError

    def message(self, text: str) -> Json:
        raise NotImplementedError

    def tapped(self, payload: str, shown: Shown) -> Json:
        raise NotImplementedError

    @property
    def me(self) -> str:
        raise NotImplementedError

    def order(self) -> int:
        self.count += 1
        return self.number * 1000 + self.count

    async def idle(self) -> None:
        async with asyncio.timeout(20):
            await self.client.app[POSTMAN].idle()

    def new(self) -> list[Shown]:
        mine = [shown for shown in self.platform.shown if shown.to == self.me]
        found, self.seen = mine[self.seen :], len(mine)
        return found

    async def say(self, text: str) -> list[Shown]:
        return await self.send(self.message(text))

    async def send(self, body: Json) -> list[Shown]:
        response = await self.post(body)
        assert response.status == 200, await response.text()
        await self.idle()
        return self.new()

    async def answer(self, title: str, shown: list[Shown]) -> list[Shown]:
        """Tap that choice if it is there, else its number or letter, else write it."""
        last, short = shown[-1], channel_words().short.get(title, title)
        for label, payload in last.buttons.items():
            if label in (title, short) or (
                label.endswith("…") and title.startswith(label.split(". ", 1)[-1][:-1])
            ):
                return await self.send(self.tapped(payload, last))
        for line in last.text.splitlines():
            mark, _, rest = line.partition(" ")
            if rest == title:
                return await self.say(mark.rstrip("."))
        return await self.say(title)


class TelegramPhone(Phone):
    channel, path = "telegram", "/channels/telegram"

    @property
    def me(self) -> str:
        return str(5550000 + self.number)

    def _filled(self, name: str) -> Json:
        update = recorded(name)
        update["update_id"] = 810000000 + self.order()
        inner = update.get("callback_query", update).get("message") or update.get("edited_message")
        inner["chat"]["id"] = int(self.me)
        return update

    def message(self, text: str) -> Json:
        update = self._filled("telegram_text")
        update["message"]["text"] = text
        return update

    def tapped(self, payload: str, shown: Shown) -> Json:
        update = self._filled("telegram_callback")
        update["callback_query"]["data"] = payload
        update["callback_query"]["id"] = f"tap{self.count}"
        return update

    async def post(self, body: Json, **headers: str) -> ClientResponse:
        given = {SECRET_HEADER: telegram_secret("secret-de-test")} | headers
        return await self.client.post(self.path, json=body, headers=given)


class MetaPhone(Phone):
    async def post(self, body: Json, **headers: str) -> ClientResponse:
        raw = json.dumps(body).encode()
        given = {"Content-Type": "application/json", "X-Hub-Signature-256": hub_signature(raw)} | headers
        return await self.client.post(self.path, data=raw, headers=given)


class WhatsAppPhone(MetaPhone):
    channel, path = "whatsapp", "/channels/whatsapp"

    @property
    def me(self) -> str:
        return f"336000000{self.number:02}"

    def _filled(self, name: str) -> Json:
        body = recorded(name)
        value = body["entry"][0]["changes"][0]["value"]
        user = f"FR.{self.number}"
        order = self.order()
        value["contacts"][0] |= {"wa_id": self.me, "user_id": user}
        value["messages"][0] |= {"from": self.me, "from_user_id": user, "id": f"wamid.{order}",
                                 "timestamp": str(1795300000 + order)}  # fmt: skip
        return body

    def message(self, text: str) -> Json:
        body = self._filled("whatsapp_text")
        body["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"] = text
        return body

    def tapped(self, payload: str, shown: Shown) -> Json:
        kind = shown.raw["interactive"]["type"]
        body = self._filled(f"whatsapp_{kind}")
        body["entry"][0]["changes"][0]["value"]["messages"][0]["interactive"][f"{kind}_reply"]["id"] = payload
        return body


class MessengerPhone(MetaPhone):
    channel, path = "messenger", "/channels/messenger"

    @property
    def me(self) -> str:
        return f"66223344556677{self.number:02}"

    def _filled(self, name: str) -> Json:
        body = recorded(name)
        event, order = body["entry"][0]["messaging"][0], self.order()
        event["sender"]["id"], event["timestamp"] = self.me, 1795300000000 + order
        if "message" in event:
            event["message"]["mid"] = f"m_{order}"
        return body

    def message(self, text: str) -> Json:
        body = self._filled("messenger_text")
        body["entry"][0]["messaging"][0]["message"]["text"] = text
        return body

    def tapped(self, payload: str, shown: Shown) -> Json:
        body = self._filled("messenger_quick_reply")
        body["entry"][0]["messaging"][0]["message"]["quick_reply"]["payload"] = payload
        return body


class TwilioPhone(Phone):
    channel, path = "sms", "/channels/twilio"

    @property
    def me(self) -> str:
        return f"+336000000{self.number:02}"

    def message(self, text: str) -> Json:
        sid = f"SM{self.order()}"
        return recorded("twilio_sms") | {
            "Body": text,
            "From": self.me,
            "MessageSid": sid,
            "SmsMessageSid": sid,
        }

    async def post(self, body: Json, path: str = "", **headers: str) -> ClientResponse:
        path = path or self.path
        signature = RequestValidator(TWILIO_TOKEN).compute_signature(PUBLIC_URL + path, body)
        given = {"X-Twilio-Signature": signature,
                 "Content-Type": "application/x-www-form-urlencoded"} | headers  # fmt: skip
        return await self.client.post(path, data=urlencode(body), headers=given)


class GatewayPhone(Phone):
    channel, path = "sms", "/channels/gateway"

    @property
    def me(self) -> str:
        return f"336000000{self.number:02}"

    def message(self, text: str) -> Json:
        body = copy.deepcopy(recorded("gateway_sms"))
        body["message"] |= {"uid": f"g-{self.order()}", "msisdn": self.me, "content": text}
        return body

    async def post(self, body: Json, **headers: str) -> ClientResponse:
        return await self.client.post(self.path, json=body, headers={"X-Secret": SMS_SECRET} | headers)
