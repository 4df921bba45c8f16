"""Calls to the custom actions without two costs of Rasa 3.6.

Rasa checks the JSON schema *itself* at every call of an action (about 80 ms), then tries each event against the twenty
shapes of its schema; and it sends the whole history of the conversation, which makes each turn dearer than the one
before. Here the shape of the answer is checked directly (the events are read one by one just after, by
`events.deserialise_events`), and actions receive the state: slots, latest message, active form, all that ours read.
"""

from typing import Any

import aiohttp
from aiohttp import client_reqrep
from aiohttp.http_writer import StreamWriter
from rasa.core.actions import action
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

TIMEOUT_SECONDS = 15
"""For one action. Below the 20 s that the gateway waits and the 60 s of Rasa's lock on a conversation (Rasa: 300)."""


class ActionAnswerError(RasaException):
    """The actions answered something that is not a result."""


def _validate_action_result(_self: RemoteAction, result: dict[str, Any]) -> bool:
    events, responses = result.get("events"), result.get("responses")
    if not isinstance(events, list) or not all(
        isinstance(event, dict) and "event" in event for event in events
    ):
        raise ActionAnswerError("events")
    if not isinstance(responses, list) or not all(isinstance(response, dict) for response in responses):
        raise ActionAnswerError("responses")
    return True


def _action_call_format(self: RemoteAction, tracker: DialogueStateTracker, _domain: Domain) -> dict[str, Any]:
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = []
    return {"next_action": self.name(), "sender_id": tracker.sender_id, "tracker": state, "domain": {}}


async def _first_that_answers(self: EndpointConfig, **call: Any) -> Any:
    """Rasa's `request`, to the first of our addresses that takes a connection (`url` holds several, spaces between).

    An action only reads the state that it is given: asked twice, it says the same.
    """
    addresses = (self.url or "").split()
    for rank, address in enumerate(addresses):
        try:
            return await _REQUEST(EndpointConfig(url=address), **dict(call))
        except aiohttp.ClientConnectionError:
            if rank + 1 == len(addresses):
                raise
    raise ActionAnswerError("no address")


_REQUEST = EndpointConfig.request


class _OneSession:
    """`async with` around one client session for all calls: Rasa opens a session and a connection for each."""

    _session: "aiohttp.ClientSession | None" = None

    async def __aenter__(self) -> aiohttp.ClientSession:
        if _OneSession._session is None or _OneSession._session.closed:
            _OneSession._session = aiohttp.ClientSession()
        return _OneSession._session

    async def __aexit__(self, *_: object) -> None:
        """Nothing is closed between two calls."""


class _OnePiece(StreamWriter):
    """Sends the headers with the first bytes of the body, as later versions of aiohttp do: one packet, and one waking of
    the process that answers, instead of two."""

    _held: bytes = b""
    _holds = False

    async def write_headers(self, status_line: str, headers: Any) -> None:
        self._holds = True
        await super().write_headers(status_line, headers)

    async def write_eof(self, chunk: bytes = b"") -> None:
        if not chunk:
            self._send_held()
        await super().write_eof(chunk)

    def _send_held(self) -> None:
        self._holds = False
        if self._held:
            self._write(b"")

    def _write(self, chunk: bytes) -> None:
        if self._holds:
            self._held, self._holds = chunk, False
            return
        held, self._held = self._held, b""
        super()._write(held + chunk)


def install() -> None:
    """Replace these methods on Rasa's classes, which Rasa instantiates by name in several places."""
    RemoteAction._validate_action_result = _validate_action_result
    RemoteAction._action_call_format = _action_call_format
    EndpointConfig.request = _first_that_answers
    EndpointConfig.session = lambda _self: _OneSession()
    client_reqrep.StreamWriter = _OnePiece
    action.DEFAULT_REQUEST_TIMEOUT = TIMEOUT_SECONDS
