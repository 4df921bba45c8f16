"""The custom actions' webhook, an aiohttp application on loopback that Rasa calls."""

import hmac
import logging
from typing import Any

from aiohttp import web
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException

from actions.answer import ActionAnswer, ActionNotUnderstood
from actions.ask import ActionAskConfirm, ActionAskDepartment
from actions.form import ValidateSituationForm
from actions.plan import ActionGivePlan
from bot import tracing

logger = logging.getLogger("relais.actions")

ACTIONS = (
    ValidateSituationForm,
    ActionAskConfirm,
    ActionAskDepartment,
    ActionGivePlan,
    ActionAnswer,
    ActionNotUnderstood,
)
LARGEST_CALL = 4 * 1024 * 1024
"""Bytes. A tracker's state without its history is a few kB."""


def executor() -> ActionExecutor:
    """rasa-sdk's executor with our actions."""
    ready = ActionExecutor()
    for action in ACTIONS:
        ready.register_action(action)
    return ready


def _trace(call: dict[str, Any]) -> str | None:
    """The trace of the turn, which the gateway gave to Rasa with the message."""
    latest = (call.get("tracker") or {}).get("latest_message") or {}
    trace = (latest.get("metadata") or {}).get("trace")
    return trace if isinstance(trace, str) else None


def create_actions_app(key: str) -> web.Application:
    """Application with `POST /webhook/{key}`: the key stops another local user from reading conversations."""
    actions = executor()

    async def webhook(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.match_info["key"].encode(), key.encode()):
            raise web.HTTPForbidden
        call: dict[str, Any] = await request.json()
        try:
            with tracing.called("action", _trace(call)) as part:
                part.note(action=call.get("next_action"), conversation=call.get("sender_id"))
                result = await actions.run(call)
        except ActionNotFoundException as missing:
            logger.error("Rasa asked for an action that does not exist: %s", missing.action_name)
            return web.json_response(
                {"error": "unknown action", "action_name": missing.action_name}, status=404
            )
        return web.json_response(result.model_dump() if hasattr(result, "model_dump") else result)

    application = web.Application(client_max_size=LARGEST_CALL)
    application.router.add_post("/webhook/{key}", webhook)
    return application
