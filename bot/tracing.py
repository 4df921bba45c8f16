"""Traces for OpenTelemetry: which parts a turn went through, how long each took, how it ended. Off unless asked for.

`OTEL_EXPORTER_OTLP_ENDPOINT` (or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`) turns them on; the library reads the other
`OTEL_*` settings by itself. Off, nothing of OpenTelemetry is imported here, and a span is one comparison.

A span holds the notes below and nothing else: no text, choice, fact, token, address or SQL, and of an exception its
kind, never its message. The trace that a client may announce is not believed: its headers are for its own words.
"""

import asyncio
import os
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from bot.version import VERSION

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import Tracer
    from opentelemetry.trace import Span

NOTES = {
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
    "database": "db.system.name",
    "failure": "error.type",
    "action": "relais.action",
    "channel": "relais.channel",
    "conversation": "relais.conversation",
    "outcome": "relais.outcome",
}
"""What a span may say, and its name in OpenTelemetry's vocabulary. `conversation`: the hash that the logs use."""
_PLAIN = re.compile(r"[A-Za-z0-9_./{}:+-]{1,100}")
"""Names of ours have no space, so that no sentence gets in by mistake."""
_TURN_ON = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PARENT = "traceparent"
_HASH = re.compile(r"c[0-9a-f]{31}")
_END_SECONDS = 3.0

_tracer: "Tracer | None" = None


class Part:
    """A span that is open, or nothing."""

    def __init__(self, span: "Span | None" = None) -> None:
        self._span = span

    def note(self, **notes: str | int | None) -> None:
        """Say one of `NOTES`; what is not a plain name or a number is left out."""
        if self._span is None:
            return
        for name, value in notes.items():
            form = _HASH if name == "conversation" else _PLAIN
            if isinstance(value, int) or (value is not None and form.fullmatch(value)):
                self._span.set_attribute(NOTES[name], value)

    def failed(self, kind: str) -> None:
        """It did not do what it was for."""
        if self._span is not None:
            from opentelemetry.trace import StatusCode

            self.note(failure=kind)
            self._span.set_status(StatusCode.ERROR)


_SILENT: AbstractContextManager[Part] = nullcontext(Part())


def request(name: str) -> AbstractContextManager[Part]:
    """The root of a trace: what came from outside."""
    return _SILENT if _tracer is None else _recorded(_tracer, name, kind="SERVER", parent={})


def called(name: str, parent: str | None) -> AbstractContextManager[Part]:
    """What another process of ours asked for; `parent` is what `carried` gave there."""
    return (
        _SILENT
        if _tracer is None
        else _recorded(_tracer, name, kind="SERVER", parent={_PARENT: parent or ""})
    )


def part(name: str, *, alone: bool = False, kind: str = "INTERNAL") -> AbstractContextManager[Part]:
    """A part of what is going on. Without a trace around it, nothing, unless it is worth one `alone`."""
    if _tracer is None:
        return _SILENT
    from opentelemetry.trace import get_current_span

    if not alone and not get_current_span().get_span_context().is_valid:
        return _SILENT
    return _recorded(_tracer, name, kind=kind)


def current() -> Part:
    """The part that is going on, to say more of it."""
    if _tracer is None:
        return Part()
    from opentelemetry.trace import get_current_span

    return Part(get_current_span())


def carried() -> str | None:
    """The trace that is going on, to give to another process of ours (W3C `traceparent`)."""
    if _tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get(_PARENT)


@contextmanager
def _recorded(
    tracer: "Tracer", name: str, *, kind: str = "INTERNAL", parent: dict[str, str] | None = None
) -> Iterator[Part]:
    from opentelemetry.context import Context
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = None if parent is None else TraceContextTextMapPropagator().extract(parent, Context())
    with tracer.start_as_current_span(
        name, context, SpanKind[kind], record_exception=False, set_status_on_exception=False
    ) as span:
        opened = Part(span)
        try:
            yield opened
        except Exception as problem:
            if getattr(problem, "status", 500) < 500:  # a refusal that the person can act on is no failure
                opened.note(failure=kind_of(problem))
            else:
                opened.failed(kind_of(problem))
            raise


def kind_of(problem: BaseException) -> str:
    """The kind of an exception: what its class of ours says (`kind`), otherwise the name of the class."""
    kind = getattr(problem, "kind", None)
    return kind if isinstance(kind, str) else type(problem).__name__


def wanted() -> bool:
    """Whether the environment asks for traces."""
    off = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not off and any(os.environ.get(name) for name in _TURN_ON)


@asynccontextmanager
async def exported() -> AsyncIterator[None]:
    """Send traces for the time of a block, if they are wanted; what still waits at its end has three seconds to leave.

    They wait in a queue of 2,048 spans (`OTEL_BSP_MAX_QUEUE_SIZE`), sent by a thread of the library; when the
    collector is down the oldest are dropped, and nothing else waits for it.
    """
    global _tracer  # one per process, as the library's own
    if not wanted():
        yield
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {"service.name": "relais"}
    resource = Resource.create({**named, "service.version": VERSION})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = provider.get_tracer("relais", VERSION)  # type: ignore[assignment]
    try:
        yield
    finally:
        _tracer = None
        ending = threading.Thread(target=provider.shutdown, daemon=True)
        ending.start()  # sends what waits; a collector that is away does not keep the process from stopping
        await asyncio.to_thread(ending.join, _END_SECONDS)
