"""What goes between the dialogue and the platforms: one form for all channels."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeVar

from aiohttp import web

from bot.gateway.channels.wording import Limits

Kind = Literal["text", "choice", "media", "edited", "reaction", "stop"]
Json = dict[str, Any]
T = TypeVar("T")


class ForgedError(Exception):
    """The webhook call does not prove that it comes from the platform."""


class MalformedError(Exception):
    """The webhook call is proven but cannot be read."""


@dataclass(frozen=True)
class Received:
    """A message of a person, as a platform gave it."""

    person: str
    """The platform's id of the person: goes to the database hashed."""
    address: Json
    """What the platform needs to reach them: goes to the database encrypted."""
    message_id: str
    rank: int
    kind: Kind
    text: str = ""
    payload: str = ""
    """What a button carries: `Option.payload` as we sent it."""
    notice: str = ""
    """Name of a sentence to say before the answer (`caption`)."""
    reply: Json = field(default_factory=dict)
    """What courtesies need: id of the message to mark as read, of the tap to acknowledge."""


@dataclass(frozen=True)
class Report:
    """A platform's report about a message that we sent."""

    platform_id: str
    failed: bool
    code: str = ""


@dataclass(frozen=True)
class Option:
    """An answer that a question offers."""

    id: str
    title: str
    label: str
    """How it is numbered: "1", "2"…, or "A", "B"… when a number would be an answer in itself."""
    payload: str
    """Sent to the platform, which gives it back: question and rank, never the choice."""
    kind: Literal["answer", "tool", "change"] = "answer"


@dataclass(frozen=True)
class Outgoing:
    """One message to show: a text, and the options of the question that it asks, if it asks one."""

    text: str
    options: tuple[Option, ...] = ()

    def of(self, kind: str) -> list[Option]:
        """Its options of one kind."""
        return [option for option in self.options if option.kind == kind]


@dataclass(frozen=True)
class Call:
    """One HTTP call to a platform, rendered."""

    path: str
    payload: Json

    def to_json(self) -> Json:
        """For the outbox."""
        return {"path": self.path, "payload": self.payload}


class SendError(Exception):
    """A platform did not take a call. `kind` names why, `code` is the platform's own; no text of theirs."""

    def __init__(self, kind: str, code: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(f"{kind}:{code}")
        self.kind, self.code = kind[:24], code[:24]
        self.retry_after = retry_after

    @property
    def name(self) -> str:
        """For the record and the logs."""
        return f"{self.kind}:{self.code}" if self.code else self.kind


class PassingError(SendError):
    """Worth another try later: 429, 5xx, network, our own credentials to be corrected."""


class PermanentError(SendError):
    """No try will do: refused message, unknown person."""


class GoneError(PermanentError):
    """The person cannot or will not be reached: blocked us, opted out."""


class WindowError(PermanentError):
    """The platform's window to write to this person is over."""


class Adapter(ABC):
    """One platform. Entered (`async with`) before it sends: what it sends with is open until it is left."""

    name: str
    """Its settings' name, in its address and in our tables: telegram, whatsapp, messenger, twilio, gateway."""
    channel: str
    """What people call it: telegram, whatsapp, messenger, sms."""
    limits: Limits

    async def __aenter__(self) -> Self:
        """Open what it sends with."""
        return self

    async def __aexit__(self, *_problem: object) -> None:  # noqa: B027 (most have nothing to close)
        """Close it."""

    @abstractmethod
    def verify(self, request: web.Request, body: bytes) -> None:
        """Raise ForgedError unless the call comes from the platform."""

    @abstractmethod
    def parse(self, body: bytes) -> list[Received | Report]:
        """What the call brings. Raises MalformedError."""

    def subscribe(self, _request: web.Request) -> web.Response:
        """Answer to the platform's verification of the webhook. Raises ForgedError, also where there is none."""
        raise ForgedError

    def answer(self) -> web.Response:
        """What the platform expects back once the call is stored."""
        return web.Response()

    @abstractmethod
    def render(self, messages: list[Outgoing], address: Json) -> list[Call]:
        """The calls that show these messages, within the platform's limits."""

    def courtesies(self, _received: Received) -> list[Call]:
        """Calls that may fail: read receipts, « écrit… »."""
        return []

    def reopening(self, _address: Json) -> Call | None:
        """The call that asks the person to write again once the window is over, if the channel has one."""
        return None

    @abstractmethod
    async def send(self, call: Call) -> str:
        """Make a call; the platform's id of the message, or nothing. Raises SendError, or what its library raises."""

    def refusal(self, problem: Exception) -> SendError:
        """What its library raised as ours, without its words, which may be the person's."""
        return PassingError("fault", type(problem).__name__)

    async def connect(self, _url: str) -> None:
        """Tell the platform where to call, where a program may. Raises as `send`."""
        raise PermanentError("by hand")

    @abstractmethod
    async def check(self) -> list[tuple[str, str]]:
        """What the platform says of our account, as label and value. Raises as `send`."""


async def attempt(adapter: Adapter, asked: Awaitable[T]) -> T:
    """What an adapter was asked for. Raises SendError and no other: nobody waits for ever behind a library's fault."""
    try:
        return await asked
    except Exception as problem:
        raise problem if isinstance(problem, SendError) else adapter.refusal(problem) from None
