"""Plain forms: reading them, and knowing that they are ours (made here, for this conversation, sent from our page)."""

from urllib.parse import parse_qsl

from aiohttp import web

from bot.gateway.context import Gateway
from bot.gateway.errors import RefusalError
from bot.gateway.guard import read_body
from bot.web.answers import sent_from_here


async def read_form(request: web.Request) -> dict[str, str]:
    """Fields of a plain form. Raises RefusalError."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise RefusalError("unsupported")
    raw = (await read_body(request)).decode("utf-8", "replace")
    try:
        fields = parse_qsl(raw, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        raise RefusalError("bad_request") from None
    # A textarea sends line ends as two characters: count up to 2,000 as the browser counts.
    return {name: value.replace("\r\n", "\n") for name, value in fields}


def is_ours(gateway: Gateway, request: web.Request, fields: dict[str, str], conversation_id: str) -> bool:
    """Whether the form was made here for this conversation, and sent from our own page."""
    return sent_from_here(request, gateway.settings.public_url) and gateway.sessions.tokens.form_is_ours(
        fields.get("form", ""), conversation_id
    )


async def read_own_form(gateway: Gateway, request: web.Request) -> tuple[str, dict[str, str]]:
    """The conversation of the cookie and the fields of a form made for it. Raises RefusalError."""
    fields = await read_form(request)
    conversation_id = gateway.sessions.cookie_conversation_id(request)
    if conversation_id is None:
        raise RefusalError("unauthorized")
    if not is_ours(gateway, request, fields, conversation_id):
        raise RefusalError("page_expired")
    return conversation_id, fields
