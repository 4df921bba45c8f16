"""Refusals: one code, one HTTP status, one French sentence that a person can act on."""

from typing import Any

from aiohttp import web

from bot.gateway.wording import wording

STATUS = {
    "bad_request": 400,
    "one_answer": 400,
    "empty": 400,
    "unauthorized": 401,
    "forbidden": 404,
    "not_found": 404,
    "no_plan": 404,
    "no_dates": 404,
    "no_step": 404,
    "wrong_code": 404,
    "bad_date": 400,
    "bad_address": 400,
    "no_mail": 404,
    "mail_failed": 503,
    "not_kept": 409,
    "method_not_allowed": 404,
    "stale_choice": 409,
    "form_expired": 409,
    "page_expired": 409,
    "too_long": 413,
    "unsupported": 415,
    "too_many": 429,
    "busy": 429,
    "unavailable": 503,
}


class RefusalError(Exception):
    """The request is not taken. Says nothing of what the person wrote."""

    def __init__(
        self,
        code: str,
        *,
        messages: list[dict[str, Any]] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = STATUS[code]
        self.messages = messages or []
        """Messages to show along with the error: the current question, or where to call in an emergency."""
        self.retry_after = None if retry_after is None else max(1, round(retry_after + 0.5))

    @property
    def kind(self) -> str:
        """What traces say of it."""
        return self.code

    @property
    def sentence(self) -> str:
        """What the person reads."""
        return wording().error(self.code, seconds=self.retry_after or 1)

    def response(self) -> web.Response:
        """`{"error": {"code", "message"}}`, with `messages` when there are some."""
        body: dict[str, Any] = {"error": {"code": self.code, "message": self.sentence}}
        if self.messages:
            body["messages"] = self.messages
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return web.json_response(body, status=self.status, headers=headers)
