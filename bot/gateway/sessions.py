"""Which conversation a request belongs to: bearer token first, cookie otherwise."""

from aiohttp import web

from bot.conversation.state import ConversationState
from bot.gateway.errors import RefusalError
from bot.gateway.tokens import Tokens

COOKIE = "relais"


class Sessions:
    """Reads and writes the conversation's token in requests and answers."""

    def __init__(self, tokens: Tokens, *, public_url: str, ttl: float, retention_days: int) -> None:
        self.tokens = tokens
        self._secure = public_url.startswith("https://")
        self._ttl = int(ttl)
        self._kept_for = retention_days * 86_400

    def conversation_id(self, request: web.Request) -> str:
        """The conversation of a request. Raises RefusalError("unauthorized")."""
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")
        conversation_id = self.tokens.conversation(token) if token else None
        if conversation_id is None:
            raise RefusalError("unauthorized")
        return conversation_id

    def cookie_conversation_id(self, request: web.Request) -> str | None:
        """The conversation of a page, from the cookie alone."""
        return self.tokens.conversation(request.cookies.get(COOKIE, ""))

    def remember(self, response: web.StreamResponse, state: ConversationState) -> None:
        """Give the browser its cookie: two hours, or as long as the conversation is kept once it agreed."""
        response.set_cookie(
            COOKIE,
            self.tokens.issue(state.id),
            max_age=self._kept_for if state.kept else self._ttl,
            httponly=True,
            samesite="Lax",
            secure=self._secure,
            path="/",
        )

    def forget(self, response: web.StreamResponse) -> None:
        """Take the cookie back."""
        response.del_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=self._secure)
