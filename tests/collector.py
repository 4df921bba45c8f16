"""An OpenTelemetry collector in this process: OTLP over HTTP, as the real ones speak it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


@dataclass(frozen=True)
class Span:
    """One span, with what a test looks at."""

    name: str
    trace: bytes
    id: bytes
    parent: bytes
    failed: bool
    notes: dict[str, Any]


@dataclass
class Collector:
    """What was received."""

    url: str
    raw: bytes = b""
    """Headers and bodies as they came."""
    spans: list[Span] = field(default_factory=list)
    resource: dict[str, Any] = field(default_factory=dict)

    def take(self, headers: str, body: bytes) -> None:
        """Read an export."""
        self.raw += headers.encode() + body
        exported = ExportTraceServiceRequest.FromString(body)
        for resource in exported.resource_spans:
            self.resource |= _notes(resource.resource.attributes)
            for scope in resource.scope_spans:
                for span in scope.spans:
                    assert not span.events
                    assert not span.status.message
                    failed = span.status.code == span.status.STATUS_CODE_ERROR
                    notes = _notes(span.attributes)
                    ids = span.trace_id, span.span_id, span.parent_span_id
                    self.spans.append(Span(span.name, *ids, failed, notes))

    def one(self, name: str) -> Span:
        """The only span of this name."""
        (found,) = [span for span in self.spans if span.name == name]
        return found

    def children(self, of: Span) -> list[str]:
        """Names of the spans right below one, in the order in which they ended."""
        return [span.name for span in self.spans if span.parent == of.id]


def _notes(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens, for the time of a block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            assert self.headers["Content-Type"] == "application/x-protobuf"
            collector.take(str(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()
