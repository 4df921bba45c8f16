"""Telegram, through its Bot API and python-telegram-bot: its types to read, its `Bot` to send.

Not its `Application`: what comes in is kept before it is answered, and what goes out leaves through the postman.
"""

import hmac
import html
import json
import logging
import os
import re
from datetime import timedelta
from typing import Self

from aiohttp import web
from httpx import HTTPError
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update, error
from telegram.constants import ChatType, ParseMode
from telegram.request import HTTPXRequest

from bot.gateway.channels.calling import hush
from bot.gateway.channels.ladder import Button, Rendered, pages
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
from bot.gateway.channels.settings import TelegramSettings
from bot.gateway.channels.wording import limits

logger = logging.getLogger("relais.channels")
hush("telegram", "httpx", "httpcore")
os.environ["PTB_TIMEDELTA"] = "1"  # the library reads it: durations as its next version will give them

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (a header's name)
UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_COMMAND = re.compile(r"^/([a-z_]+)(?:@\w+)?\s*", re.IGNORECASE)
_POLL_SECONDS = 25
_UNREACHABLE = ("chat not found", "user is deactivated", "bot can't initiate")


class Telegram(Adapter):
    """Adapter of Telegram. `secret` is what Telegram gives back in each webhook call."""

    name = channel = "telegram"

    def __init__(self, settings: TelegramSettings, secret: str) -> None:
        self.settings = settings
        self.secret = secret
        self.limits = limits("telegram")

    async def __aenter__(self) -> Self:
        """See `Adapter`. Fetching has its own connection: it waits half a minute for something to come."""
        sending, fetching = HTTPXRequest(read_timeout=30, pool_timeout=30), HTTPXRequest(1)
        self._requests, url = (sending, fetching), f"{self.settings.api}/bot"
        self._bot = Bot(self.settings.token, url, request=sending, get_updates_request=fetching)
        return self

    async def __aexit__(self, *_problem: object) -> None:
        """See `Adapter`."""
        for request in self._requests:
            await request.shutdown()

    def verify(self, request: web.Request, body: bytes) -> None:  # noqa: ARG002 (others need it)
        """See `Adapter.verify`: the secret token of setWebhook."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self.secret.encode()):
            raise ForgedError

    def parse(self, body: bytes) -> list[Received | Report]:
        """See `Adapter.parse`: one Update."""
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            raise MalformedError from None
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            raise MalformedError
        try:
            received = self.read(Update.de_json(raw, None))
        except (TypeError, ValueError, KeyError, AttributeError) as problem:
            # Refused, Telegram would bring it again and again, and everyone's messages would wait behind it.
            logger.error("telegram: an update that cannot be read was left: %s", type(problem).__name__)
            return []
        return [received] if received else []

    def read(self, update: Update) -> Received | None:
        """The message of an update; None for what is not for us (groups, other kinds)."""
        chat, message, tap = update.effective_chat, update.effective_message, update.callback_query
        if chat is None or chat.type != ChatType.PRIVATE:
            return None
        made: Json = {
            "person": str(chat.id),
            "address": {"chat_id": chat.id},
            "message_id": str(update.update_id),
            "rank": update.update_id,
            "reply": {"chat_id": chat.id},
        }
        if tap:
            made["reply"]["tap"] = tap.id
            return Received(**made, kind="choice", payload=tap.data or "")
        if message is None or (message.from_user and message.from_user.is_bot):
            return None
        if update.edited_message:
            return Received(**made, kind="edited", text=message.text or message.caption or "")
        if message.text:
            return Received(**made, kind="text", text=_uncommand(message.text))
        if message.caption and message.caption.strip():
            return Received(**made, kind="text", text=message.caption, notice="caption")
        # What the library does not know yet is in `api_kwargs`: better a word too many than silence.
        media = message.effective_attachment or message.checklist or message.api_kwargs
        return Received(**made, kind="media") if media else None

    def render(self, messages: list[Outgoing], address: Json) -> list[Call]:
        """See `Adapter.render`: HTML, one button a line."""
        calls = []
        for text, rendered in pages(messages, self.limits, "**"):
            payload: Json = {
                "chat_id": address["chat_id"],
                "text": _html(text),
                "parse_mode": ParseMode.HTML.value,
                "link_preview_options": {"is_disabled": True},
            }
            if rendered.buttons:
                payload["reply_markup"] = InlineKeyboardMarkup(_keyboard(rendered)).to_dict()
            calls.append(Call("sendMessage", payload))
        return calls

    def courtesies(self, _received: Received) -> list[Call]:
        """See `Adapter.courtesies`: « écrit… », and the end of the tap's spinner."""
        reply, tapped = _received.reply, "tap" in _received.reply
        typing = Call("sendChatAction", {"chat_id": reply["chat_id"], "action": "typing"})
        return (
            [Call("answerCallbackQuery", {"callback_query_id": reply["tap"]}), typing] if tapped else [typing]
        )

    async def send(self, call: Call) -> str:
        """See `Adapter.send`: the library's method of the same name as the Bot API's, and of the same fields."""
        sent = await getattr(self._bot, call.path)(**call.payload)
        return str(getattr(sent, "message_id", ""))

    async def fetch(self, offset: int) -> tuple[Update, ...]:
        """Updates from `offset` on, by long polling. Raises as `send`."""
        return await self._bot.get_updates(
            offset, timeout=_POLL_SECONDS, allowed_updates=UPDATES, read_timeout=15
        )

    async def connect(self, url: str) -> None:
        """See `Adapter.connect`; an empty url: we fetch. One call at a time keeps the order."""
        if not url:
            await self._bot.delete_webhook()
            return
        await self._bot.set_webhook(url, secret_token=self.secret, allowed_updates=UPDATES, max_connections=1)

    async def check(self) -> list[tuple[str, str]]:
        """See `Adapter.check`."""
        bot, hook = await self._bot.get_me(), await self._bot.get_webhook_info()
        none = "aucun (réception par long polling)" if self.settings.polling else "aucun"
        return [
            ("compte", f"@{bot.username}"),
            ("webhook", hook.url or none),
            ("en attente chez Telegram", str(hook.pending_update_count)),
            *([("dernière erreur", hook.last_error_message)] if hook.last_error_message else []),
        ]

    def refusal(self, problem: Exception) -> SendError:
        """See `Adapter.refusal`."""
        code = type(problem).__name__
        match problem:
            case error.RetryAfter(retry_after=timedelta() as wait):
                return PassingError("too_many", code, retry_after=wait.total_seconds())
            case error.InvalidToken():
                return PassingError("credentials", code, retry_after=60)
            case error.Conflict():  # someone else fetches the updates, or a webhook is set
                return PassingError("conflict", code, retry_after=30)
            case error.BadRequest(message=words) if not any(each in words.lower() for each in _UNREACHABLE):
                return PermanentError("refused", code)
            case error.BadRequest() | error.Forbidden() | error.ChatMigrated():
                return GoneError("gone", code)
        return PassingError("network" if isinstance(problem.__cause__, HTTPError) else "platform", code)


def _uncommand(text: str) -> str:
    """« /start CODE » → the code; « /aide » → « aide »: commands are words like others."""
    found = _COMMAND.match(text)
    if found is None:
        return text
    rest = text[found.end() :].strip()
    return rest if rest and found[1].lower() == "start" else f"{found[1]} {rest}".strip()


def _html(text: str) -> str:
    return _BOLD.sub(r"<b>\1</b>", html.escape(text, quote=False))


def _keyboard(rendered: Rendered) -> list[list[InlineKeyboardButton]]:
    """One answer a line, the tools by two."""
    answers = [_key(button) for button in rendered.buttons if not button.tool]
    tools = [_key(button) for button in rendered.buttons if button.tool]
    pairs = [tools[start : start + 2] for start in range(0, len(tools), 2)]
    return [*([answer] for answer in answers), *pairs]


def _key(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.title, callback_data=button.payload)
