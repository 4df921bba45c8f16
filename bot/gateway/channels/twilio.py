"""SMS through Twilio and its library: its validator of signatures, its asynchronous client."""

import re
import time
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientError, encode_basic_auth, web
from multidict import MultiDict
from twilio.base import values
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.request_validator import SIGNATURE_HEADER, RequestValidator
from twilio.rest import Client

from bot.gateway.channels.calling import Answered, hush, raise_if_passing, retry_after
from bot.gateway.channels.model import (
    Adapter,
    Call,
    ForgedError,
    GoneError,
    Json,
    MalformedError,
    Outgoing,
    PassingError,
    PermanentError,
    Received,
    Report,
    SendError,
)
from bot.gateway.channels.settings import TwilioSettings
from bot.gateway.channels.sms import sms_texts
from bot.gateway.channels.wording import limits

hush("twilio")

_GONE = frozenset({21211, 21214, 21217, 21408, 21610, 21612, 21614})
_PASSING = frozenset({14107, 21611, 30001})
_NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
_PHONE = re.compile(r"^\+?[0-9]{3,15}$")


class Twilio(Adapter):
    """Adapter of Twilio. `public_url` is the address that Twilio calls: it is part of what it signs."""

    name, channel = "twilio", "sms"

    def __init__(self, settings: TwilioSettings, public_url: str) -> None:
        self.settings = settings
        self.limits = limits("sms")
        self._public_url = public_url
        self.callback = f"{public_url}/channels/twilio/status"

    async def __aenter__(self) -> Self:
        """See `Adapter`."""
        self._http = _Http(self.settings.api)
        self._client = Client(self.settings.account, self.settings.token, http_client=self._http)
        return self

    async def __aexit__(self, *_problem: object) -> None:
        """See `Adapter`."""
        await self._http.close()

    def verify(self, request: web.Request, body: bytes) -> None:
        """See `Adapter.verify`: the address with and without its usual port, the fields, the auth token."""
        url, given = self._public_url + request.path_qs, request.headers.get(SIGNATURE_HEADER, "")
        if not RequestValidator(self.settings.token).validate(url, MultiDict(_fields(body)), given):
            raise ForgedError

    def parse(self, body: bytes) -> list[Received | Report]:
        """See `Adapter.parse`: an incoming SMS, or the status of one of ours."""
        fields = dict(_fields(body))
        sid, sender = fields.get("MessageSid", ""), fields.get("From", "")
        if not sid:
            raise MalformedError
        status = fields.get("MessageStatus", "")
        if status not in ("", "received"):
            return [Report(sid, status in ("failed", "undelivered"), fields.get("ErrorCode", ""))]
        if not _PHONE.match(sender):  # WhatsApp or RCS through Twilio, alphanumeric senders
            return []
        media = fields.get("NumMedia", "0") not in ("", "0")
        text = fields.get("Body", "")
        opted_out = fields.get("OptOutType", "").upper() == "STOP"
        kind = "stop" if opted_out else "media" if media and not text.strip() else "text"
        notice = "caption" if kind == "text" and media else ""
        rank = int(time.time() * 1000)
        return [Received(sender, {"to": sender}, sid, rank, kind, text, notice=notice)]  # type: ignore[arg-type]

    def answer(self) -> web.Response:
        """See `Adapter.answer`: TwiML that says nothing; the answer goes through the API."""
        return web.Response(text=_NOTHING, content_type="text/xml")

    def render(self, messages: list[Outgoing], address: Json) -> list[Call]:
        """See `Adapter.render`."""
        sender = self.settings.sender
        by = {"MessagingServiceSid": sender} if sender.startswith("MG") else {"From": sender}
        return [
            Call("Messages.json", {"To": address["to"], "Body": text, "StatusCallback": self.callback} | by)
            for text in sms_texts(messages)
        ]

    async def send(self, call: Call) -> str:
        """See `Adapter.send`."""
        asked = call.payload
        message = await self._client.messages.create_async(
            to=asked["To"],
            body=asked["Body"],
            status_callback=asked["StatusCallback"],
            from_=asked.get("From", values.unset),
            messaging_service_sid=asked.get("MessagingServiceSid", values.unset),
        )
        return message.sid or ""

    async def check(self) -> list[tuple[str, str]]:
        """See `Adapter.check`."""
        account = await self._client.api.accounts(self.settings.account).fetch_async()
        return [
            ("compte", account.friendly_name or "?"),
            ("état", str(account.status or "?")),
            ("expéditeur", self.settings.sender),
        ]

    def refusal(self, problem: Exception) -> SendError:
        """See `Adapter.refusal`."""
        name = type(problem).__name__
        if not isinstance(problem, TwilioRestException | TwilioServiceException):
            return PassingError("network" if isinstance(problem, ClientError | OSError) else "fault", name)
        code = str(problem.code)
        if problem.code in _PASSING:
            return PassingError("too_many", code)
        return GoneError("gone", code) if problem.code in _GONE else PermanentError("refused", code)


class _Http(AsyncTwilioHttpClient):  # type: ignore[misc]
    """The library's, at the address of our settings; it has an end to its patience, and tells how long to wait."""

    def __init__(self, api: str) -> None:
        super().__init__()
        self._api = api

    async def request(self, method: str, url: str, **named: Any) -> Any:
        """See `AsyncHttpClient.request`. Raises PassingError for 401, 408, 429 and 5xx."""
        # `auth` is deprecated in aiohttp
        named["headers"]["Authorization"] = encode_basic_auth(*named.pop("auth"))
        answer = await super().request(method, self._api + urlsplit(url).path, **named | {"timeout": 30})
        wait = retry_after(answer.headers.get("Retry-After", ""))
        raise_if_passing(Answered(answer.status_code, None, wait))
        return answer


def _fields(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise MalformedError from None
