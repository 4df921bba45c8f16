"""Telegram, through its Bot API (https://core.telegram.org/bots/api)."""

import hmac
import html
import json
import re

from aiohttp import ClientSession, ClientTimeout, web

from bot.gateway.channels.calling import Answered, call, field, mapping, mappings, raise_if_passing
from bot.gateway.channels.ladder import Rendered, climb
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
from bot.gateway.channels.outgoing import merged
from bot.gateway.channels.settings import TelegramSettings
from bot.gateway.channels.splitting import at_most, split
from bot.gateway.channels.wording import limits

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
UPDATES = ("message", "edited_message", "callback_query")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_COMMAND = re.compile(r"^/([a-z_]+)(?:@\w+)?\s*", re.IGNORECASE)
_POLL_SECONDS = 25
_UNREACHABLE = ("chat not found", "user is deactivated", "bot can't initiate")
_MEDIA = (
    "animation", "audio", "contact", "dice", "document", "game", "location", "paid_media", "photo", "poll",
    "sticker", "story", "venue", "video", "video_note", "voice", "checklist",
)  # fmt: skip


class Telegram(Adapter):
    """Adapter of Telegram. `secret` is what Telegram gives back in each webhook call."""

    name = channel = "telegram"

    def __init__(self, settings: TelegramSettings, secret: str) -> None:
        self.settings = settings
        self.secret = secret
        self.limits = limits("telegram")

    def verify(self, request: web.Request, body: bytes) -> None:  # noqa: ARG002 (others need it)
        """See `Adapter.verify`: the secret token of setWebhook."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            raise ForgedError

    def parse(self, body: bytes) -> list[Received | Report]:
        """See `Adapter.parse`: one Update."""
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            raise MalformedError from None
        if not isinstance(field(update, "update_id"), int):
            raise MalformedError
        received = self.read(update)
        return [received] if received else []

    def read(self, update: Json) -> Received | None:
        """The message of an update; None for what is not for us (groups, other kinds)."""
        tap = mapping(update.get("callback_query"))
        edited = "edited_message" in update
        message = mapping(tap.get("message") or update.get("message") or update.get("edited_message"))
        chat = mapping(message.get("chat"))
        if chat.get("type") != "private" or not isinstance(chat.get("id"), int):
            return None
        if field(message, "from", "is_bot") and not tap:
            return None
        made = {
            "person": str(chat["id"]),
            "address": {"chat_id": chat["id"]},
            "message_id": str(update["update_id"]),
            "rank": update["update_id"],
        }
        if tap:
            reply = {"tap": str(tap.get("id", "")), "chat_id": chat["id"]}
            return Received(**made, kind="choice", payload=str(tap.get("data") or ""), reply=reply)
        text, caption = message.get("text"), message.get("caption")
        reply = {"chat_id": chat["id"]}
        if edited:
            words = text if isinstance(text, str) else caption if isinstance(caption, str) else ""
            return Received(**made, kind="edited", text=words, reply=reply)
        if isinstance(text, str):
            return Received(**made, kind="text", text=_uncommand(text), reply=reply)
        if isinstance(caption, str) and caption.strip():
            return Received(**made, kind="text", text=caption, notice="caption", reply=reply)
        return (
            Received(**made, kind="media", reply=reply) if any(kind in message for kind in _MEDIA) else None
        )

    def answer(self) -> web.Response:
        """See `Adapter.answer`."""
        return web.Response()

    def render(self, messages: list[Outgoing], address: Json) -> list[Call]:
        """See `Adapter.render`: HTML, one button a line."""
        calls = []
        for message in merged(messages):
            rendered = climb(message, self.limits)
            pieces = split(rendered.text, at_most(self.limits.text))
            for rank, piece in enumerate(pieces, start=1):
                payload: Json = {
                    "chat_id": address["chat_id"],
                    "text": _html(piece),
                    "parse_mode": "HTML",
                    "link_preview_options": {"is_disabled": True},
                }
                if rendered.buttons and rank == len(pieces):
                    payload["reply_markup"] = {"inline_keyboard": _keyboard(rendered)}
                calls.append(Call("sendMessage", payload))
        return calls

    def courtesies(self, _received: Received) -> list[Call]:
        """See `Adapter.courtesies`: « écrit… », and the end of the tap's spinner."""
        calls = [Call("sendChatAction", {"chat_id": _received.reply["chat_id"], "action": "typing"})]
        if _received.reply.get("tap"):
            calls.insert(0, Call("answerCallbackQuery", {"callback_query_id": _received.reply["tap"]}))
        return calls

    async def send(self, session: ClientSession, call_: Call) -> str:
        """See `Adapter.send`."""
        result = await self.ask(session, call_.path, call_.payload)
        return str(field(result, "message_id", default=""))

    async def ask(
        self, session: ClientSession, method: str, payload: Json, *, patience: float = 30
    ) -> object:
        """Result of a method of the Bot API. Raises SendError."""
        url = f"{self.settings.api}/bot{self.settings.token}/{method}"
        timeout = ClientTimeout(total=patience, connect=10)
        answered = await call(session, "POST", url, json=payload, timeout=timeout)
        if answered.ok and field(answered.body, "ok") is True:
            return field(answered.body, "result")
        raise self._refused(answered)

    def _refused(self, answered: Answered) -> Exception:
        code = str(field(answered.body, "error_code", default=answered.status))
        wait = field(answered.body, "parameters", "retry_after")
        if answered.status == 429 and isinstance(wait, int | float):
            return PassingError("too_many", code, retry_after=float(wait))
        raise_if_passing(answered, code)
        if answered.status == 404:  # a token that was never ours
            return PassingError("credentials", code, retry_after=60)
        if answered.status == 409:  # someone else fetches the updates, or a webhook is set
            return PassingError("conflict", code, retry_after=30)
        description = str(field(answered.body, "description", default="")).lower()
        if answered.status == 403 or any(words in description for words in _UNREACHABLE):
            return GoneError("gone", code)
        return PermanentError("refused", code)

    async def fetch(self, session: ClientSession, offset: int) -> list[Json]:
        """Updates from `offset` on, by long polling. Raises SendError."""
        asked = {"offset": offset, "timeout": _POLL_SECONDS, "allowed_updates": list(UPDATES)}
        return mappings(await self.ask(session, "getUpdates", asked, patience=_POLL_SECONDS + 15))

    async def connect(self, session: ClientSession, url: str) -> None:
        """Tell Telegram where to call, or (empty url) that we fetch. One call at a time keeps the order.

        Raises SendError.
        """
        if not url:
            await self.ask(session, "deleteWebhook", {})
            return
        asked = {
            "url": url,
            "secret_token": self.secret,
            "allowed_updates": list(UPDATES),
            "max_connections": 1,
        }
        await self.ask(session, "setWebhook", asked)

    async def check(self, session: ClientSession) -> list[tuple[str, str]]:
        """See `Adapter.check`."""
        bot = await self.ask(session, "getMe", {})
        hook = await self.ask(session, "getWebhookInfo", {})
        url = field(hook, "url", default="")
        return [
            ("compte", f"@{field(bot, 'username', default='?')}"),
            ("webhook", url or "aucun (réception par long polling)"),
            ("en attente chez Telegram", str(field(hook, "pending_update_count", default=0))),
            *([("dernière erreur", "oui")] if field(hook, "last_error_message") else []),
        ]


def _uncommand(text: str) -> str:
    """« /start CODE » → the code; « /aide » → « aide »: commands are words like others."""
    found = _COMMAND.match(text)
    if found is None:
        return text
    rest = text[found.end() :].strip()
    return rest if rest and found[1].lower() == "start" else f"{found[1]} {rest}".strip()


def _html(text: str) -> str:
    return _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False))


def _keyboard(rendered: Rendered) -> list[list[Json]]:
    rows = [
        [{"text": button.title, "callback_data": button.payload}]
        for button in rendered.buttons
        if not button.tool
    ]
    tools = [
        {"text": button.title, "callback_data": button.payload} for button in rendered.buttons if button.tool
    ]
    return [*rows, *_pairs(tools)]


def _pairs(tools: list[Json]) -> list[list[Json]]:
    return [tools[start : start + 2] for start in range(0, len(tools), 2)]
