"""WhatsApp, through Meta's Cloud API and pywa: its types to write, its client to send.

Not its webhooks: it reads the first message of a notification, and Meta may put many in one
(docs/decisions/0009).
"""

from typing import Any, Self

from aiohttp import web
from httpx import AsyncClient, HTTPError, Timeout
from pywa_async import WhatsApp as Client
from pywa_async import types
from pywa_async.errors import WhatsAppError

from bot.gateway.channels.calling import Answered, field, hush, mapping, mappings, retry_after
from bot.gateway.channels.ladder import Button, Rendered, pages
from bot.gateway.channels.meta import challenge, notification, refused, verify_signature
from bot.gateway.channels.model import (
    Adapter,
    Call,
    GoneError,
    Json,
    Outgoing,
    PassingError,
    PermanentError,
    Received,
    Report,
    SendError,
    WindowError,
)
from bot.gateway.channels.settings import WhatsAppSettings
from bot.gateway.channels.wording import channel_words, limits

hush("pywa", "pywa_async", "httpx", "httpcore")

_IGNORED = frozenset({"system", "revoke", "request_welcome", "ephemeral"})
_GONE = frozenset({131021, 131026, 131030, 131050})


class WhatsApp(Adapter):
    """Adapter of WhatsApp."""

    name = channel = "whatsapp"

    def __init__(self, settings: WhatsAppSettings) -> None:
        self.settings = settings
        self.limits = limits("whatsapp")

    async def __aenter__(self) -> Self:
        """See `Adapter`."""
        self._http = AsyncClient(timeout=Timeout(30, connect=10))
        self._client = Client(self.settings.phone_id, self.settings.token, session=self._http)
        self._http.base_url = self.settings.api  # the library only knows Meta's own
        return self

    async def __aexit__(self, *_problem: object) -> None:
        """See `Adapter`."""
        await self._http.aclose()

    def verify(self, request: web.Request, body: bytes) -> None:
        """See `Adapter.verify`."""
        verify_signature(request, body, self.settings.app_secret)

    def subscribe(self, request: web.Request) -> web.Response:
        """See `Adapter.subscribe`."""
        return challenge(request, self.settings.verify_token)

    def parse(self, body: bytes) -> list[Received | Report]:
        """See `Adapter.parse`: messages and delivery reports of our number, whatever else comes along."""
        found: list[Received | Report] = []
        for entry in notification(body, "whatsapp_business_account"):
            for change in mappings(entry.get("changes")):
                value = mapping(change.get("value"))
                if change.get("field") != "messages" or not self._ours(value):
                    continue
                found += [_report(status) for status in mappings(value.get("statuses")) if status.get("id")]
                found += self._messages(value)
        return found

    def _ours(self, value: Json) -> bool:
        return str(field(value, "metadata", "phone_number_id", default="")) == self.settings.phone_id

    def _messages(self, value: Json) -> list[Received | Report]:
        contacts = mappings(value.get("contacts"))
        read = []
        for message in mappings(value.get("messages")):
            phone = str(message.get("from") or "")
            contact = next((each for each in contacts if phone and each.get("wa_id") == phone), None)
            contact = contact or (contacts[0] if len(contacts) == 1 else {})
            received = _read(message, phone, str(message.get("from_user_id") or contact.get("user_id") or ""))
            if received is not None:
                read.append(received)
        return list(read)

    def render(self, messages: list[Outgoing], address: Json) -> list[Call]:
        """See `Adapter.render`: reply buttons, else a list, else a numbered text."""
        return [
            self._call(address, "interactive", _interactive(text, rendered))
            if rendered.buttons
            else self._call(address, "text", {"body": text, "preview_url": False})
            for text, rendered in pages(messages, self.limits, "*")
        ]

    def _call(self, address: Json, kind: str, content: Json) -> Call:
        to = {"to": None, "recipient": None, "recipient_type": "individual"} | address
        return Call("send_message", to | {"typ": kind, "msg": content})

    def courtesies(self, _received: Received) -> list[Call]:
        """See `Adapter.courtesies`: read, and « écrit… »."""
        return [Call("set_indicator", {"message_id": _received.reply["message_id"], "typ": "text"})]

    def reopening(self, _address: Json) -> Call | None:
        """See `Adapter.reopening`: the approved template of the settings."""
        if not self.settings.template:
            return None
        template = {
            "name": self.settings.template,
            "language": {"code": self.settings.template_language},
        }
        return self._call(_address, "template", template)

    async def send(self, call: Call) -> str:
        """See `Adapter.send`. By `api`: the client's own `send_message` takes some people's ids for a group's."""
        taken = await getattr(self._client.api, call.path)(self.settings.phone_id, **call.payload)
        return str(field(taken, "messages", 0, "id", default=""))

    async def check(self) -> list[tuple[str, str]]:
        """See `Adapter.check`."""
        number = await self._client.get_business_phone_number()
        return [
            ("numéro", number.display_phone_number or "?"),
            ("nom affiché", number.verified_name or "?"),
            ("qualité", number.quality_rating or "?"),
            ("modèle de relance", self.settings.template or "aucun : rien ne part après 24 heures"),
        ]

    def refusal(self, problem: Exception) -> SendError:
        """See `Adapter.refusal`."""
        if isinstance(problem, WhatsAppError) and problem.raw_response is not None:
            response = problem.raw_response
            answered = Answered(
                response.status_code, None, retry_after(response.headers.get("Retry-After", ""))
            )
            return refused(answered, problem.code, problem.subcode, _sort)
        return PassingError("network" if isinstance(problem, HTTPError) else "fault", type(problem).__name__)


def _interactive(text: str, rendered: Rendered) -> Json:
    say = channel_words().say
    if rendered.rung == "buttons":
        buttons = [types.Button(button.title, button.payload).to_dict() for button in rendered.buttons]
        return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
    answers = [_row(button) for button in rendered.buttons if not button.tool]
    tools = [_row(button) for button in rendered.buttons if button.tool]
    named = ((say["list_answers"], answers), (say["list_tools"], tools))
    sections = [types.Section(title, rows) for title, rows in named if rows]
    action = types.SectionList(say["list_button"], sections).to_dict()
    return {"type": "list", "body": {"text": text}, "action": action}


def _row(button: Button) -> types.SectionRow:
    more = None if button.tool or button.title == button.whole else button.whole
    return types.SectionRow(
        button.title, button.payload, more and more[: limits("whatsapp").list_description]
    )


def _sort(code: int, _subcode: int) -> type[PermanentError] | None:
    if code in (131047, 470):
        return WindowError
    return GoneError if code in _GONE else None


def _report(status: Json) -> Report:
    code = str(field(status, "errors", 0, "code", default=""))
    return Report(str(status["id"]), status.get("status") == "failed", code)


def _read(message: Json, phone: str, user_id: str) -> Received | None:
    """One message. The person is their business-scoped id when Meta gives it: the number may be withheld."""
    kind, message_id = str(message.get("type", "")), str(message.get("id") or "")
    if not message_id or not (phone or user_id) or kind in _IGNORED:
        return None
    stamp = str(message.get("timestamp", "0"))
    made: dict[str, Any] = {
        "person": user_id or phone,
        "address": {"to": phone} if phone else {"recipient": user_id},
        "message_id": message_id,
        "rank": int(stamp) if stamp.isdecimal() and len(stamp) < 16 else 0,
        "reply": {"message_id": message_id},
    }
    content = mapping(message.get(kind))
    if kind == "text":
        return Received(**made, kind="text", text=str(content.get("body") or ""))
    if kind == "button":  # quick reply of a template
        return Received(**made, kind="text", text=str(content.get("text") or ""))
    if kind == "interactive":
        picked = mapping(content.get("button_reply") or content.get("list_reply"))
        return Received(**made, kind="choice", payload=str(picked.get("id") or ""))
    if kind == "reaction":
        return Received(**made, kind="reaction") if content.get("emoji") else None
    if kind == "edit":
        return Received(**made, kind="edited")
    caption = content.get("caption")
    if isinstance(caption, str) and caption.strip():
        return Received(**made, kind="text", text=caption, notice="caption")
    return Received(**made, kind="media")
