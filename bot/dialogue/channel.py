"""The loopback channel between the gateway and Rasa.

Rasa's `rest` channel answers 200 with an empty list when processing fails, and says nothing of what was understood.
This one answers 500 on failure, and gives with the messages the intent, the facts, the question that is open and the
situation, so that the gateway never reads Rasa's tables.
"""

import asyncio
import hmac
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dialogue.intents import public

logger = logging.getLogger("relais.channel")

TURNS_AT_ONCE = 4
"""A turn is computed by one thread, and waits a little for the database and the actions: more at once only makes each
longer. The others wait here, holding nothing, and are given up when the gateway no longer waits for them."""
FORM = "situation_form"
QUESTIONS_THAT_ARE_NOT_FACTS = ("consent", "confirm", "feedback")
INPUTS = {
    "department": "place",
    "return_date": "date",
    "unfit_date": "date",
    "leave_start": "date",
    "leave_days": "number",
    "company_size": "number",
    "age": "number",
}
"""How a question is best answered; every other one is a choice."""


class RelaisInput(InputChannel):
    """`POST /webhooks/relais/webhook`, `DELETE /webhooks/relais/conversations/<sender>`, `GET /webhooks/relais/`."""

    @classmethod
    def name(cls) -> str:
        """The channel's name in addresses."""
        return "relais"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes, each refused without the key that the gateway shares."""
        routes = Blueprint("relais_webhook", "bot.dialogue.channel")

        @routes.route("/", methods=["GET"])
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            if not _authorised(request):
                return response.json({"error": "unauthorised"}, status=401)
            return await _turn(request, on_new_message)

        @routes.route("/conversations/<sender>", methods=["DELETE"])
        async def forget(request: Request, sender: str) -> HTTPResponse:
            if not _authorised(request):
                return response.json({"error": "unauthorised"}, status=401)
            await request.app.ctx.agent.tracker_store.forget(sender)
            return response.empty()

        return routes


def _authorised(request: Request) -> bool:
    expected = os.environ.get("RELAIS_RASA_KEY", "")
    given = (request.headers.get("Authorization") or "").partition(" ")[2]
    return bool(expected) and hmac.compare_digest(given.encode(), expected.encode())


async def _turn(request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> HTTPResponse:
    body = request.json
    collector = CollectingOutputChannel()
    message = UserMessage(
        body["text"],
        collector,
        body["sender"],
        input_channel=RelaisInput.name(),
        metadata=body.get("metadata") or {},
    )
    if not hasattr(request.app.ctx, "turns"):
        request.app.ctx.turns = asyncio.Semaphore(TURNS_AT_ONCE)
    try:
        async with request.app.ctx.turns:
            await on_new_message(message)
    except asyncio.CancelledError:
        raise
    except Exception as error:
        logger.exception("A turn failed in Rasa")
        return response.json({"error": type(error).__name__}, status=500)
    agent = request.app.ctx.agent
    tracker = agent.tracker_store.peek(body["sender"])
    if tracker is None:
        return response.json({"error": "no_tracker"}, status=500)
    state = _state(tracker, _fact_names(agent.domain))
    messages = [_message(sent) for sent in collector.messages]
    if state["asks"] in state.pop("facts_asked") and messages:
        messages[-1]["buttons"] += _tools(agent.domain, can_go_back=bool(tracker.get_slot("history")))
    return response.json({"messages": messages, "model": _model(agent), **state})


def _model(agent: Any) -> str:
    """Fingerprint of the data that the model was trained on: « 5571c5248c4dabde »."""
    return str(agent.processor.model_filename).removeprefix("relais-").removesuffix(".tar.gz")


def _fact_names(domain: Any) -> list[str]:
    return [name for name in domain.required_slots_for_form(FORM) if name not in QUESTIONS_THAT_ARE_NOT_FACTS]


def _tools(domain: Any, *, can_go_back: bool) -> list[dict[str, str]]:
    """What every question about a fact offers besides its answers."""
    buttons = domain.responses["utter_question_tools"][0]["buttons"]
    return [button for button in buttons if can_go_back or button["payload"] != "/go_back"]


def _message(sent: dict[str, Any]) -> dict[str, Any]:
    return {"text": sent.get("text"), "buttons": sent.get("buttons") or [], "custom": sent.get("custom")}


def _progress(counted: dict[str, Any] | None, asks: str | None) -> dict[str, int] | None:
    """Rank of the question that is open, and about how many there are; None for one that is not counted."""
    if not counted or counted["fact"] != asks:
        return None
    return {"asked": counted["asked"], "about": counted["about"]}


def _state(tracker: DialogueStateTracker, facts: list[str]) -> dict[str, Any]:
    asks = tracker.get_slot(REQUESTED_SLOT) or tracker.get_slot("asks")
    known: str | None = asks if asks in (*facts, *QUESTIONS_THAT_ARE_NOT_FACTS) else None
    situation = {name: value for name in facts if (value := tracker.get_slot(name)) is not None}
    latest = tracker.latest_message
    parsed = latest.parse_data if latest else {}
    return {
        "parse": {
            "intent": public((parsed.get("intent") or {}).get("name") or "") or None,
            "confidence": (parsed.get("intent") or {}).get("confidence") or 0.0,
            "ranking": [
                {**seen, "name": public(seen["name"])} for seen in parsed.get("intent_ranking") or []
            ],
            "facts": [
                {"name": entity["entity"], "value": entity["value"], "words": entity.get("words", "")}
                for entity in parsed.get("entities") or []
                if entity["entity"] in facts
            ],
        },
        "asks": known,
        "input": None if known is None else INPUTS.get(known, "choice"),
        "situation": situation,
        "consent": tracker.get_slot("consent"),
        "progress": _progress(tracker.get_slot("progress"), known),
        "facts_asked": facts,
    }
