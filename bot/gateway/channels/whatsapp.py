"""WhatsApp, through Meta's Cloud API."""

from typing import Any

from aiohttp import ClientSession, web

from bot.gateway.channels.calling import field, mapping, mappings
from bot.gateway.channels.ladder import Rendered, climb, without_bold
from bot.gateway.channels.meta import challenge, graph, notification, verify_signature
from bot.gateway.channels.model import (
    Adapter,
    Call,
    GoneError,
    Json,
    Outgoing,
    PermanentError,
    Received,
    Report,
    WindowError,
)
from bot.gateway.channels.outgoing import merged
from bot.gateway.channels.settings import WhatsAppSettings
from bot.gateway.channels.splitting import at_most, split
from bot.gateway.channels.wording import channel_words, limits

_IGNORED = frozenset({"system", "revoke", "request_welcome", "ephemeral"})
_GONE = frozenset({131021, 131026, 131030, 131050})


class WhatsApp(Adapter):
    """Adapter of WhatsApp."""

    name = channel = "whatsapp"

    def __init__(self, settings: WhatsAppSettings) -> None:
        self.settings = settings
        self.limits = limits("whatsapp")

    def verify(self, request: web.Request, body: bytes) -> None:
        """See `Adapter.verify`."""
        verify_signature(request, body, self.settings.app_secret)

    def subscribe(self, request: web.Request) -> web.Response:
        """Answer to Meta's verification of the webhook. Raises ForgedError."""
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

    def answer(self) -> web.Response:
        """See `Adapter.answer`."""
        return web.Response()

    def render(self, messages: list[Outgoing], address: Json) -> list[Call]:
        """See `Adapter.render`: reply buttons, else a list, else a numbered text."""
        calls = []
        for message in merged(messages):
            rendered = climb(message, self.limits)
            text = without_bold(rendered.text, "*")
            size = self.limits.interactive_text if rendered.buttons else self.limits.text
            pieces = split(text, at_most(size))
            for rank, piece in enumerate(pieces, start=1):
                if rendered.buttons and rank == len(pieces):
                    content = {"type": "interactive", "interactive": self._interactive(piece, rendered)}
                else:
                    content = {"type": "text", "text": {"body": piece, "preview_url": False}}
                calls.append(self._call(address, content))
        return calls

    def _call(self, address: Json, content: Json) -> Call:
        base = {"messaging_product": "whatsapp", "recipient_type": "individual"}
        return Call("messages", base | address | content)

    def _interactive(self, text: str, rendered: Rendered) -> Json:
        say = channel_words().say
        if rendered.rung == "buttons":
            buttons = [
                {"type": "reply", "reply": {"id": button.payload, "title": button.title}}
                for button in rendered.buttons
            ]
            return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
        sections = []
        for title, tool in ((say["list_answers"], False), (say["list_tools"], True)):
            rows = [_row(button) for button in rendered.buttons if button.tool is tool]
            if rows:
                sections.append({"title": title, "rows": rows})
        return {
            "type": "list",
            "body": {"text": text},
            "action": {"button": say["list_button"], "sections": sections},
        }

    def courtesies(self, _received: Received) -> list[Call]:
        """See `Adapter.courtesies`: read, and « écrit… »."""
        read = {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": _received.reply["message_id"],
        }
        return [Call("messages", read | {"typing_indicator": {"type": "text"}})]

    def reopening(self, _address: Json) -> Call | None:
        """See `Adapter.reopening`: the approved template of the settings."""
        if not self.settings.template:
            return None
        template = {
            "name": self.settings.template,
            "language": {"code": self.settings.template_language},
        }
        return self._call(_address, {"type": "template", "template": template})

    async def send(self, session: ClientSession, call_: Call) -> str:
        """See `Adapter.send`."""
        url = f"{self.settings.api}/{self.settings.phone_id}/{call_.path}"
        body = await graph(session, "POST", url, self.settings.token, json_=call_.payload, sort=_sort)
        return str(field(body, "messages", 0, "id", default=""))

    async def check(self, session: ClientSession) -> list[tuple[str, str]]:
        """See `Adapter.check`."""
        url = f"{self.settings.api}/{self.settings.phone_id}"
        asked = {"fields": "display_phone_number,verified_name,quality_rating"}
        body = await graph(session, "GET", url, self.settings.token, params=asked)
        return [
            ("numéro", str(field(body, "display_phone_number", default="?"))),
            ("nom affiché", str(field(body, "verified_name", default="?"))),
            ("qualité", str(field(body, "quality_rating", default="?"))),
            ("modèle de relance", self.settings.template or "aucun : rien ne part après 24 heures"),
        ]


def _row(button: Any) -> Json:
    row = {"id": button.payload, "title": button.title}
    if button.title != button.whole and not button.tool:
        row["description"] = button.whole[: limits("whatsapp").list_description]
    return row


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
