"""Messenger, through Meta's Send API."""

from typing import Any

from aiohttp import web

from bot.gateway.channels.calling import HttpAdapter, field, mapping, mappings
from bot.gateway.channels.ladder import Rendered, pages
from bot.gateway.channels.meta import challenge, graph, notification, verify_signature
from bot.gateway.channels.model import (
    Call,
    GoneError,
    Json,
    Outgoing,
    PermanentError,
    Received,
    Report,
    WindowError,
)
from bot.gateway.channels.settings import MessengerSettings
from bot.gateway.channels.wording import limits

_OUTSIDE_WINDOW = frozenset({2018278, 2018065, 2534022})
_NO_SUCH_PERSON = frozenset({2018001, 1545041, 2018108})


class Messenger(HttpAdapter):
    """Adapter of Messenger."""

    name = channel = "messenger"

    def __init__(self, settings: MessengerSettings) -> None:
        self.settings = settings
        self.limits = limits("messenger")

    def verify(self, request: web.Request, body: bytes) -> None:
        """See `Adapter.verify`."""
        verify_signature(request, body, self.settings.app_secret)

    def subscribe(self, request: web.Request) -> web.Response:
        """See `Adapter.subscribe`."""
        return challenge(request, self.settings.verify_token)

    def parse(self, body: bytes) -> list[Received | Report]:
        """See `Adapter.parse`: what people sent; our own echoes, reads and deliveries are passed over."""
        events = [event for entry in notification(body, "page") for event in mappings(entry.get("messaging"))]
        return [received for event in events if (received := _read(event)) is not None]

    def answer(self) -> web.Response:
        """See `Adapter.answer`."""
        return web.Response(text="EVENT_RECEIVED")

    def render(self, messages: list[Outgoing], address: Json) -> list[Call]:
        """See `Adapter.render`: quick replies, else a numbered text."""
        return [self._call(address, _content(*page)) for page in pages(messages, self.limits, "")]

    def _call(self, address: Json, content: Json) -> Call:
        return Call("me/messages", {"recipient": address} | content)

    def courtesies(self, _received: Received) -> list[Call]:
        """See `Adapter.courtesies`: seen, « écrit… »."""
        return [
            self._call(_received.address, {"sender_action": action}) for action in ("mark_seen", "typing_on")
        ]

    async def send(self, call_: Call) -> str:
        """See `Adapter.send`."""
        url = f"{self.settings.api}/{call_.path}"
        body = await graph(self.session, "POST", url, self.settings.token, json_=call_.payload, sort=_sort)
        return str(field(body, "message_id", default=""))

    async def check(self) -> list[tuple[str, str]]:
        """See `Adapter.check`."""
        url = f"{self.settings.api}/me"
        body = await graph(
            self.session, "GET", url, self.settings.token, params={"fields": "id,name"}, sort=_sort
        )
        return [("page", str(field(body, "name", default="?")))]


def _content(text: str, rendered: Rendered) -> Json:
    replies = [
        {"content_type": "text", "title": button.title, "payload": button.payload}
        for button in rendered.buttons
    ]
    message = {"text": text, "quick_replies": replies} if replies else {"text": text}
    return {"messaging_type": "RESPONSE", "message": message}


def _sort(code: int, subcode: int) -> type[PermanentError] | None:
    if subcode in _OUTSIDE_WINDOW:
        return WindowError
    return GoneError if code == 551 or subcode in _NO_SUCH_PERSON else None


def _read(event: Json) -> Received | None:
    person = str(field(event, "sender", "id", default=""))
    stamp = event.get("timestamp")
    rank = stamp if isinstance(stamp, int) and 0 <= stamp < 2**60 else 0
    made: dict[str, Any] = {"person": person, "address": {"id": person}, "rank": rank}
    if not person:
        return None
    if isinstance(event.get("message"), dict):
        return _message(event["message"], made)
    postback, reaction = mapping(event.get("postback")), mapping(event.get("reaction"))
    edit, referral = mapping(event.get("message_edit")), mapping(event.get("referral"))
    if postback:
        text = str(field(postback, "referral", "ref") or postback.get("title") or "")
        mid = str(postback.get("mid") or f"postback-{person}-{rank}")
        return Received(**made, message_id=mid, kind="text", text=text)
    if referral.get("ref"):
        mid = f"referral-{person}-{rank}"
        return Received(**made, message_id=mid, kind="text", text=str(referral["ref"]))
    if reaction.get("action") == "react":
        mid = f"reaction-{reaction.get('mid')}-{rank}"
        return Received(**made, message_id=mid, kind="reaction")
    if edit.get("mid"):
        mid = f"edit-{edit['mid']}-{edit.get('num_edit')}"
        return Received(**made, message_id=mid, kind="edited", text=str(edit.get("text") or ""))
    return None


def _message(message: Json, made: dict[str, Any]) -> Received | None:
    mid, text = str(message.get("mid") or ""), message.get("text")
    if message.get("is_echo") or message.get("is_deleted") or not mid:
        return None
    made = made | {"message_id": mid}
    payload = field(message, "quick_reply", "payload")
    if isinstance(payload, str):
        return Received(**made, kind="choice", payload=payload)
    if isinstance(text, str) and text.strip():
        notice = "caption" if message.get("attachments") else ""
        return Received(**made, kind="text", text=text, notice=notice)
    return Received(**made, kind="media")
