"""SMS through any HTTP gateway, described by a YAML file (docs/canaux/sms.md). Placeholders: {to} {text} {key}."""

import hmac
import json
import re
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import yaml
from aiohttp import web

from bot.gateway.channels.calling import HttpAdapter, call, field, raise_if_passing
from bot.gateway.channels.model import (
    Call,
    ForgedError,
    Json,
    MalformedError,
    Outgoing,
    PermanentError,
    Received,
    Report,
)
from bot.gateway.channels.settings import GatewaySettings
from bot.gateway.channels.sms import sms_texts
from bot.gateway.channels.wording import limits
from bot.settings import SettingsError

_PHONE = re.compile(r"^\+?[0-9]{3,15}$")
_PLACE = re.compile(r"\{(to|text|key)\}")


class SmsGateway(HttpAdapter):
    """Adapter of a described gateway."""

    name, channel = "gateway", "sms"

    def __init__(self, settings: GatewaySettings) -> None:
        self.settings = settings
        self.limits = limits("sms")
        self._send, self._receive = _description(settings.gateway)

    def verify(self, request: web.Request, body: bytes) -> None:
        """See `Adapter.verify`: the shared secret in a header or a parameter, or a signature of the body."""
        header = str(self._receive.get("header", ""))
        given = request.headers.get(header, "") if header else request.query.get("token", "")
        expected = self.settings.secret
        if self._receive.get("proof") == "hmac-sha256":
            given = given.removeprefix("sha256=").lower()
            expected = hmac.new(self.settings.secret.encode(), body, sha256).hexdigest()
        elif given.lower().startswith("bearer "):
            given = given[7:].strip()
        if not hmac.compare_digest(given.encode(), expected.encode()):
            raise ForgedError

    def parse(self, body: bytes) -> list[Received | Report]:
        """See `Adapter.parse`. Raises MalformedError without a sender or a message id."""
        fields = self._fields(body)
        sender = str(_deep(fields, self._receive["from"]) or "").replace(" ", "")
        text, message_id = _deep(fields, self._receive["text"]), _deep(fields, self._receive["id"])
        if not _PHONE.match(sender) or message_id in (None, ""):
            raise MalformedError
        kind: Any = "text" if isinstance(text, str) and text.strip() else "media"
        rank = int(time.time() * 1000)
        return [Received(sender, {"to": sender}, str(message_id), rank, kind, str(text or ""))]

    def _fields(self, body: bytes) -> Any:
        try:
            if self._receive.get("format", "json") == "form":
                return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=100))
            return json.loads(body)
        except (ValueError, RecursionError):
            raise MalformedError from None

    def answer(self) -> web.Response:
        """See `Adapter.answer`."""
        return web.Response(text=str(self._receive.get("answer", "OK")))

    def render(self, messages: list[Outgoing], address: Json) -> list[Call]:
        """See `Adapter.render`."""
        return [Call("send", {"to": address["to"], "text": text}) for text in sms_texts(messages)]

    async def send(self, call_: Call) -> str:
        """See `Adapter.send`."""
        values = {**call_.payload, "key": self.settings.key}
        described = self._send
        answered = await call(
            self.session,
            str(described.get("method", "POST")),
            _filled(described["url"], values),
            json=_filled(described.get("json"), values),
            form=_filled(described.get("form"), values),
            params=_filled(described.get("query"), values),
            headers=_filled(described.get("headers"), values),
        )
        if answered.ok:
            return str(_deep(answered.body, described.get("id", "")) or "")
        raise_if_passing(answered)
        raise PermanentError("refused", str(answered.status))

    async def check(self) -> list[tuple[str, str]]:
        """See `Adapter.check`: only what is described, a call would cost an SMS."""
        return [("passerelle", str(self._send["url"]).partition("?")[0])]


def _description(path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """How to send and to receive. Raises SettingsError naming what is wrong."""
    name = f"RELAIS_SMS_GATEWAY={path!r}"
    try:
        read = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as problem:
        raise SettingsError(f"{name}: {problem.strerror}") from None
    except yaml.YAMLError:
        raise SettingsError(f"{name}: this is not YAML") from None
    send, receive = field(read, "send"), field(read, "receive")
    if not isinstance(send, dict) or not isinstance(send.get("url"), str):
        raise SettingsError(f"{name}: send.url is expected")
    if not isinstance(receive, dict) or not all(receive.get(key) for key in ("from", "text", "id")):
        raise SettingsError(f"{name}: receive.from, receive.text and receive.id are expected")
    if receive.get("proof") == "hmac-sha256" and not receive.get("header"):
        raise SettingsError(f"{name}: receive.header, where the signature is, is expected")
    return send, receive


def _filled(described: Any, values: Mapping[str, str]) -> Any:
    """The description with its placeholders replaced, in strings however deep."""
    if isinstance(described, str):
        return _PLACE.sub(lambda found: values[found[1]], described)
    if isinstance(described, dict):
        return {name: _filled(value, values) for name, value in described.items()}
    if isinstance(described, list):
        return [_filled(value, values) for value in described]
    return described


def _deep(value: Any, path: str) -> Any:
    steps = [int(step) if step.isdecimal() else step for step in str(path).split(".") if step]
    return field(value, *steps) if steps else None
