"""SMS through Twilio's Messages API."""

import base64
import hmac
import re
import time
from hashlib import sha1
from urllib.parse import parse_qsl, urlsplit

from aiohttp import ClientSession, web

from bot.gateway.channels.calling import call, field, raise_if_passing
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
)
from bot.gateway.channels.settings import TwilioSettings
from bot.gateway.channels.sms import sms_texts
from bot.gateway.channels.wording import limits

_GONE = frozenset({21211, 21214, 21217, 21408, 21610, 21612, 21614})
_PASSING = frozenset({14107, 20429, 20500, 20503, 21611, 30001})
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

    @property
    def _authorization(self) -> dict[str, str]:
        pair = f"{self.settings.account}:{self.settings.token}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}

    def verify(self, request: web.Request, body: bytes) -> None:
        """See `Adapter.verify`: HMAC-SHA1 of the address and the sorted fields, under the auth token."""
        given = request.headers.get("X-Twilio-Signature", "").encode()
        fields = _fields(body)
        signed = "".join(name + value for name, value in sorted(set(fields)))
        good = [
            hmac.compare_digest(given, signature(url + signed, self.settings.token).encode())
            for url in _spellings(self._public_url + request.path_qs)
        ]
        if not any(good):
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

    async def send(self, session: ClientSession, call_: Call) -> str:
        """See `Adapter.send`."""
        url = f"{self.settings.api}/2010-04-01/Accounts/{self.settings.account}/{call_.path}"
        answered = await call(session, "POST", url, form=call_.payload, headers=self._authorization)
        if answered.ok:
            return str(field(answered.body, "sid", default=""))
        code = field(answered.body, "code", default=answered.status)
        if code in _PASSING:
            raise PassingError("too_many", str(code), retry_after=answered.retry_after)
        raise_if_passing(answered, str(code))
        raise GoneError("gone", str(code)) if code in _GONE else PermanentError("refused", str(code))

    async def check(self, session: ClientSession) -> list[tuple[str, str]]:
        """See `Adapter.check`."""
        url = f"{self.settings.api}/2010-04-01/Accounts/{self.settings.account}.json"
        answered = await call(session, "GET", url, headers=self._authorization)
        if not answered.ok:
            raise_if_passing(answered)
            raise PermanentError("refused", str(field(answered.body, "code", default=answered.status)))
        return [
            ("compte", str(field(answered.body, "friendly_name", default="?"))),
            ("état", str(field(answered.body, "status", default="?"))),
            ("expéditeur", self.settings.sender),
        ]


def signature(signed: str, token: str) -> str:
    """X-Twilio-Signature of an address followed by its fields."""
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), sha1).digest()).decode()


def _fields(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise MalformedError from None


def _spellings(url: str) -> list[str]:
    """The address with and without its usual port: Twilio signs either."""
    parts = urlsplit(url)
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    if parts.port is None and usual:
        return [url, parts._replace(netloc=f"{parts.netloc}:{usual}").geturl()]
    if parts.port == usual and parts.hostname:
        return [url, parts._replace(netloc=parts.hostname).geturl()]
    return [url]
