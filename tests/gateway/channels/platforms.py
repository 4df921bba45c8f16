"""Platforms in this process: they enforce the documented limits and refuse what the real ones would refuse."""

import asyncio
import base64
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.gateway.channels.segments import segments

TELEGRAM_TOKEN, META_TOKEN, PAGE_TOKEN, TWILIO_TOKEN = (
    "700:test",
    "jeton-whatsapp",
    "jeton-page",
    "jeton-twilio",
)
PHONE_ID = "106540352242922"
TEMPLATE = "reprendre_contact"
Json = dict[str, Any]


@dataclass
class Shown:
    """What a person sees: a text, and what they can tap."""

    to: str
    text: str
    buttons: dict[str, str] = field(default_factory=dict)
    """Title (whole when the platform shows it) → what a tap sends."""
    raw: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        """As it is read: a space is a space."""
        self.text = self.text.replace("\u00a0", " ")
        self.buttons = {title.replace("\u00a0", " "): sent for title, sent in self.buttons.items()}


class Platform:
    """A platform: what it took, what it refused, and the faults of the next calls."""

    def __init__(self) -> None:
        self.shown: list[Shown] = []
        self.refused: list[str] = []
        self.courtesies: list[Json] = []
        self.faults: list[tuple[int, Json, dict[str, str]]] = []
        """Answers of the next calls that send something: status, body, headers."""
        self.delay = 0.0
        self.calls = 0
        self.blocked = False
        self.closed_window = False
        app = web.Application(client_max_size=1 << 20)
        self.routes(app)
        self.server = TestServer(app)

    def routes(self, app: web.Application) -> None:
        raise NotImplementedError

    def url(self, path: str = "") -> str:
        return str(self.server.make_url(path)).rstrip("/")

    async def fault(self) -> web.Response | None:
        self.calls += 1
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.faults:
            status, body, headers = self.faults.pop(0)
            return web.json_response(body, status=status, headers=headers)
        return None

    @property
    def texts(self) -> list[str]:
        return [shown.text for shown in self.shown]


def _field(value: str) -> Any:
    """A field of a form as the Bot API reads it: structures are written as JSON."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def units(text: str) -> int:
    return len(text.encode("utf-16-be")) // 2


class FakeTelegram(Platform):
    """api.telegram.org."""

    def __init__(self) -> None:
        self.updates: list[Json] = []
        self.offsets: list[int] = []
        self.webhook: Json = {"url": ""}
        self.hook: Json = {}
        """What getWebhookInfo says besides."""
        super().__init__()

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/bot{token}/{method}", self.method)

    def error(self, code: int, description: str, **more: Any) -> web.Response:
        self.refused.append(description)
        return web.json_response(
            {"ok": False, "error_code": code, "description": description} | more, status=code
        )

    async def method(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != TELEGRAM_TOKEN:
            return self.error(401, "Unauthorized")
        body = {name: _field(str(value)) for name, value in (await request.post()).items()}
        match request.match_info["method"]:
            case "sendMessage":
                return await self.fault() or self.send(body)
            case "sendChatAction" | "answerCallbackQuery":
                self.courtesies.append(body)
                return self.ok(True)
            case "getMe":
                return self.ok({"id": 700, "is_bot": True, "first_name": "Relais", "username": "relais_bot"})
            case "getWebhookInfo":
                waiting = {"has_custom_certificate": False, "pending_update_count": len(self.updates)}
                return self.ok({"url": self.webhook["url"]} | waiting | self.hook)
            case "setWebhook":
                if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", body.get("secret_token", "")):
                    return self.error(400, "Bad Request: secret token contains unallowed characters")
                self.webhook = body
                return self.ok(True)
            case "deleteWebhook":
                self.webhook = {"url": ""}
                return self.ok(True)
            case "getUpdates":
                return await self.fault() or await self.give(body)
        return self.error(404, "Not Found")

    async def give(self, body: Json) -> web.Response:
        if self.webhook["url"]:
            return self.error(409, "Conflict: can't use getUpdates method while webhook is active")
        self.offsets.append(body["offset"])
        self.updates = [update for update in self.updates if update["update_id"] >= body["offset"]]
        for _ in range(20):
            if self.updates:
                break
            await asyncio.sleep(0.02)
        return self.ok(self.updates)

    def ok(self, result: Any) -> web.Response:
        return web.json_response({"ok": True, "result": result})

    def send(self, body: Json) -> web.Response:
        if self.blocked:
            return self.error(403, "Forbidden: bot was blocked by the user")
        text = (
            re.sub(r"</?b>", "", body["text"]).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        )
        if not text.strip():
            return self.error(400, "Bad Request: message text is empty")
        if units(text) > 4096:
            return self.error(400, "Bad Request: message is too long")
        if re.search(r"<(?!/?b>)|&(?!lt;|gt;|amp;)", body["text"]):
            return self.error(400, "Bad Request: can't parse entities")
        rows = body.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = {}
        for button in (button for row in rows for button in row):
            if not 1 <= len(button["callback_data"].encode()) <= 64:
                return self.error(400, "Bad Request: BUTTON_DATA_INVALID")
            buttons[button["text"]] = button["callback_data"]
        self.shown.append(Shown(str(body["chat_id"]), text, buttons, body))
        chat = {"id": body["chat_id"], "type": "private"}
        return self.ok({"message_id": len(self.shown), "date": 1795300000, "chat": chat, "text": text})


class FakeMeta(Platform):
    """graph.facebook.com, for WhatsApp and Messenger."""

    def routes(self, app: web.Application) -> None:
        app.router.add_post(f"/{PHONE_ID}/messages", self.whatsapp)
        app.router.add_get(f"/{PHONE_ID}", self.number)
        app.router.add_post("/me/messages", self.messenger)
        app.router.add_get("/me", self.page)

    def error(self, code: int, message: str, status: int = 400, subcode: int = 0) -> web.Response:
        self.refused.append(message)
        error = {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode}
        return web.json_response({"error": error | {"fbtrace_id": "A"}}, status=status)

    async def number(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {META_TOKEN}":
            return self.error(190, "Invalid OAuth access token.", 401)
        return web.json_response({"display_phone_number": "+33 7 00 00 00 00", "verified_name": "Relais",
                                  "quality_rating": "GREEN", "id": PHONE_ID})  # fmt: skip

    async def page(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {PAGE_TOKEN}":
            return self.error(190, "Invalid OAuth access token.", 401)
        return web.json_response({"id": "1755847768034402", "name": "Relais"})

    async def whatsapp(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {META_TOKEN}":
            return self.error(190, "Invalid OAuth access token.", 401)
        body = await request.json()
        if body.get("messaging_product") != "whatsapp":
            return self.error(100, "Invalid parameter")
        if body.get("status") == "read":
            self.courtesies.append(body)
            return web.json_response({"success": True})
        fault = await self.fault()
        if fault is not None:
            return fault
        if self.blocked:
            return self.error(131026, "Message undeliverable")
        kind = body["type"]
        if self.closed_window and kind != "template":
            return self.error(131047, "Re-engagement message")
        text, buttons, wrong = getattr(self, f"_{kind}")(body[kind])
        if wrong:
            return self.error(131009, wrong)
        self.shown.append(Shown(body.get("to") or body["recipient"], text, buttons, body))
        return web.json_response(
            {"messaging_product": "whatsapp", "messages": [{"id": f"wamid.{len(self.shown)}"}]}
        )

    def _text(self, text: Json) -> tuple[str, dict[str, str], str]:
        return text["body"], {}, "" if 1 <= units(text["body"]) <= 4096 else "Text body length invalid"

    def _template(self, template: Json) -> tuple[str, dict[str, str], str]:
        wrong = "" if template["name"] == TEMPLATE else "Template name does not exist"
        return f"[{template['name']}]", {}, wrong

    def _interactive(self, interactive: Json) -> tuple[str, dict[str, str], str]:
        text, action = interactive["body"]["text"], interactive["action"]
        if not 1 <= units(text) <= 1024:
            return text, {}, "Interactive body text length invalid"
        if interactive["type"] == "button":
            replies = [button["reply"] for button in action["buttons"]]
            titles = [reply["title"] for reply in replies]
            if not 1 <= len(replies) <= 3 or any(not 1 <= units(title) <= 20 for title in titles):
                return text, {}, "Invalid buttons"
            if len(set(titles)) != len(titles) or any(len(reply["id"]) > 256 for reply in replies):
                return text, {}, "Duplicated button titles"
            return text, {reply["title"]: reply["id"] for reply in replies}, ""
        rows = [row for section in action["sections"] for row in section["rows"]]
        if not 1 <= len(rows) <= 10 or not 1 <= units(action["button"]) <= 20:
            return text, {}, "Total row count exceed max allowed count: 10"
        if len(action["sections"]) > 1 and any(
            not 1 <= units(s.get("title", "")) <= 24 for s in action["sections"]
        ):
            return text, {}, "Section title invalid"
        for row in rows:
            if (
                not 1 <= units(row["title"]) <= 24
                or units(row.get("description", "")) > 72
                or len(row["id"]) > 200
            ):
                return text, {}, f"Row title is too long: {row['title']}"
        if len({row["id"] for row in rows}) != len(rows):
            return text, {}, "Duplicated row id"
        return text, {row.get("description") or row["title"]: row["id"] for row in rows}, ""

    async def messenger(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {PAGE_TOKEN}":
            return self.error(190, "Invalid OAuth access token.", 401)
        body = await request.json()
        if "sender_action" in body:
            self.courtesies.append(body)
            return web.json_response({"recipient_id": body["recipient"]["id"]})
        fault = await self.fault()
        if fault is not None:
            return fault
        if self.blocked:
            return self.error(551, "This person isn't available right now.")
        if self.closed_window or body.get("messaging_type") != "RESPONSE":
            return self.error(10, "This message is sent outside of allowed window.", 403, 2018278)
        message = body["message"]
        replies = message.get("quick_replies", [])
        if not 1 <= units(message["text"]) <= 2000 or len(replies) > 13:
            return self.error(100, "(#100) Length of param message[text] must be less than or equal to 2000")
        if any(units(reply["title"]) > 20 or len(reply["payload"]) > 1000 for reply in replies):
            return self.error(100, "(#100) Param title is too long")
        buttons = {reply["title"]: reply["payload"] for reply in replies}
        self.shown.append(Shown(body["recipient"]["id"], message["text"], buttons, body))
        return web.json_response(
            {"recipient_id": body["recipient"]["id"], "message_id": f"m_{len(self.shown)}"}
        )


class FakeTwilio(Platform):
    """api.twilio.com."""

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/2010-04-01/Accounts/ACtest/Messages.json", self.send)
        app.router.add_get("/2010-04-01/Accounts/ACtest.json", self.account)

    def error(self, code: int, message: str, status: int = 400) -> web.Response:
        self.refused.append(message)
        return web.json_response({"code": code, "message": message, "status": status}, status=status)

    def _known(self, request: web.Request) -> bool:
        expected = base64.b64encode(f"ACtest:{TWILIO_TOKEN}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {expected}"

    async def account(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return self.error(20003, "Authenticate", 401)
        return web.json_response({"sid": "ACtest", "friendly_name": "Relais", "status": "active"})

    async def send(self, request: web.Request) -> web.Response:
        if not self._known(request):
            return self.error(20003, "Authenticate", 401)
        fault = await self.fault()
        if fault is not None:
            return fault
        form = dict(parse_qsl(await request.text(), keep_blank_values=True))
        if self.blocked:
            return self.error(21610, "Attempt to send to unsubscribed recipient")
        if not re.fullmatch(r"\+\d{6,15}", form["To"]) or not (
            form.get("From") or form.get("MessagingServiceSid")
        ):
            return self.error(21211, "Invalid 'To' Phone Number")
        if not 1 <= len(form["Body"]) <= 1600:
            return self.error(21617, "The concatenated message body exceeds the 1600 character limit")
        self.shown.append(Shown(form["To"], form["Body"], {}, form))
        return web.json_response(
            {
                "sid": f"SMout{len(self.shown)}",
                "status": "queued",
                "num_segments": str(segments(form["Body"])),
            },
            status=201,
        )


class FakeGateway(Platform):
    """Some HTTP gateway for SMS."""

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/v1/messages", self.send)

    async def send(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != "Bearer clef-passerelle":
            return web.json_response({"error": "unauthorized"}, status=401)
        fault = await self.fault()
        if fault is not None:
            return fault
        body = await request.json()
        if len(body["text"]) > 1600:
            return web.json_response({"error": "too long"}, status=400)
        self.shown.append(Shown(body["recipients"][0], body["text"], {}, body))
        return web.json_response({"messages": [{"id": f"out-{len(self.shown)}"}]})
