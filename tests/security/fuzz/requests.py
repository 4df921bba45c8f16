"""Random requests as bytes: routes of docs/openapi.yaml, bodies, headers, and the ways HTTP itself goes wrong."""

import gzip
import re
import zlib
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

from tests.gateway.openapi.document import DOCUMENT
from tests.security.fuzz import values

_APART = (
    "/api/conversation/events",  # a stream never ends
    "/console/demandes/{request}/suite",  # waits by design
    "/console/ameliorer/modeles",  # these three start a process that loads a model
    "/console/ameliorer/relecture",
    "/console/conversations/{conversation}/scenario",
)
"""Fuzzed by tests/gateway/openapi and tests/console/test_fuzz.py, where there is neither a clock nor a second process."""
ROUTES = [
    (method.upper(), path, tuple(operation.get("requestBody", {}).get("content", ())))
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if not path.startswith(_APART)
]
_WEIGHTS = [1 if path.startswith("/console") else 4 for _, path, _ in ROUTES]
_UNSOUND = {
    "Content-Length",
    "Transfer-Encoding",
    "Content-Encoding",
    "Host",
    "Connection",
    "Upgrade",
    "Expect",
    "TE",
}
"""Headers that, said at random, change where a request ends or whether it may be closed without a word."""
_ODD_METHODS = ("HEAD", "OPTIONS", "PUT", "TRACE", "CONNECT", "get", "PROPFIND", "X" * 200, "GÉT", "", "PRI")
_TYPES = (
    "application/json", "application/json", "application/json; charset=utf-16", "application/problem+json",
    "application/json; charset=inconnu", "application/x-www-form-urlencoded", "multipart/form-data",
    "multipart/form-data; boundary=", 'multipart/form-data; boundary="é"', "text/plain", "image/png", "", "é/é;=;",
    "application/x-www-form-urlencoded; charset=rot13",
)  # fmt: skip
_ODD_HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "Origin", "Referer", "Range", "If-None-Match",
    "If-Modified-Since", "If-Range", "Last-Event-ID", "Idempotency-Key", "X-Forwarded-For", "X-Forwarded-Proto",
    "Forwarded", "Access-Control-Request-Method", "Upgrade", "Sec-WebSocket-Key", "Expect", "Authorization", "Cookie",
    "Content-Length", "Transfer-Encoding", "Content-Encoding", "Host", "Connection", "TE", "Date", "User-Agent",
)  # fmt: skip
_WORDS = (
    "gzip", "deflate", "br", "websocket", "100-continue", "chunked", "identity, chunked", "bytes=0-1,5-", "W/\"a\"",
    "*", "null", "-1", "0", "99999999999999999999", "keep-alive, close, upgrade", "Bearer", "Bearer ", "Basic YTpi",
    "fr-FR;q=nan", "text/html;q=2", "Thu, 99 Foo 2026 99:99:99 GMT", "=;=;;", 'relais="\\377"', "relais=", "::1",
    "127.0.0.1, x", "for=\"[\"", "https://ailleurs.example", "POST",
)  # fmt: skip

_ODD_TARGETS = (
    "//{}", "{}/", "/%2e%2e/etc/passwd", "/static/../bot", "/static/%00", "http://[::1{}", "*", "", "/" + "a" * 9000,
    "/%" * 1000, "/é", "/console//", "?", "#", "http://127.0.0.1{}", "{}%",
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """One request, as it goes on the wire."""

    route: str
    """Method and path of the document, for the report."""
    method: str
    head: bytes
    body: bytes
    sound: bool
    """Whole, well framed and not too large: it has to be answered, not only closed."""
    ends: bool = True
    """False: the connection stays open although the body is not whole; the server has to lose patience."""


@dataclass(frozen=True)
class Keys:
    """What opens the conversation and the console that a client speaks in."""

    token: str
    console: str
    """The cookie of an administrator."""
    csrf: str
    """The token of their forms."""


def make(draw: Random, keys: Keys) -> Request:
    """A random request; about two in three speak in the conversation, or the console, that `keys` opens."""
    method, path, types = draw.choices(ROUTES, _WEIGHTS)[0]
    if draw.random() < 0.15:  # where a message goes: more often than its share of the routes
        method, path, types = "POST", "/api/messages", ("application/json",)
    route = f"{method} {path}"
    method = draw.choice(_ODD_METHODS) if draw.random() < 0.04 else method
    fitting = types[0] if types and draw.random() < 0.85 else draw.choice(_TYPES)
    body = _body(draw, fitting) if types or draw.random() < 0.1 else b""
    headers = _headers(draw, keys, fitting)
    target = _target(draw, path)
    start = f"{method} {target} ".encode("utf-8", "surrogatepass")
    odd = draw.random()
    if odd < 0.03:
        return Request(route, method, start + _broken_head(draw, headers), body, sound=False)
    version = b"HTTP/1.0" if odd < 0.05 else b"HTTP/1.1"
    framing, sent, sound, ends = _framed(draw, body)
    lines = [f"{key}: {said}".encode("utf-8", "surrogatepass") for key, said in headers]
    head = start + version + b"\r\n" + b"\r\n".join([*lines, *framing]) + b"\r\n\r\n"
    plain = method in ("GET", "POST", "PATCH", "DELETE") and len(head) < 7000 and len(sent) < 60_000
    said_once = not any(key in _UNSOUND for key, _ in headers[1:])
    return Request(route, method, head, sent, sound=sound and plain and said_once and odd >= 0.05, ends=ends)


def _target(draw: Random, path: str) -> str:
    def part(_match: re.Match[str]) -> str:
        known = (
            "cpam_carsat",
            "pdp_cell",
            "1",
            "0",
            "-1",
            str(2**70),
            "",
            ".",
            "..",
            "%",
            "%zz",
            "%00",
            "%ff%fe",
            "a" * 3000,
        )
        return (
            draw.choice(known)
            if draw.random() < 0.6
            else quote(values.text(draw).encode("utf-8", "replace"), safe="")
        )

    target = re.sub(r"{\w+}", part, path)
    kind = draw.random()
    if kind < 0.15:
        query = urlencode({values.name(draw): values.text(draw) for _ in range(2)}, errors="replace")
        target += "?" + (
            query
            if draw.random() < 0.8
            else draw.choice(("%", "%%&&==", "a=%ff%c0", "&" * 2000, "a[]=1;b", "page=-1"))
        )
    elif kind < 0.19:
        odd = draw.choice(_ODD_TARGETS)
        target = odd.format(target) if "{}" in odd else odd
    return target


def _body(draw: Random, content_type: str) -> bytes:
    kind = draw.random()
    if kind < 0.0015:
        return values.huge(draw)
    if kind < 0.08:
        return values.noise(draw)
    if kind < 0.1:
        return values.noise(draw, 3) * draw.randrange(40_000)
    if "json" in content_type:
        return values.json_body(draw)
    form = urlencode({key: str(said) for key, said in values.fields(draw).items()}, errors="replace").encode()
    if content_type.startswith("multipart"):
        return (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n'
            + form
            + draw.choice((b"\r\n--x--", b"\r\n--", b""))
        )
    return form if draw.random() < 0.8 else form.replace(b"%", b"%%")


def _headers(draw: Random, keys: Keys, content_type: str) -> list[tuple[str, str]]:
    headers = [("Host", "127.0.0.1"), ("Content-Type", content_type)]
    who = draw.random()
    if who < 0.4:
        headers.append(("Authorization", f"Bearer {keys.token}"))
    if 0.3 < who < 0.8:
        headers.append(("Cookie", f"relais={keys.token}; relais_console={keys.console}"))
        headers.append(("X-CSRF-Token", keys.csrf))
    headers.append(("X-Forwarded-For", f"10.0.{draw.randrange(16)}.{draw.randrange(256)}"))
    if draw.random() < 0.3:
        for _ in range(draw.choice((1, 1, 2, 3, 60))):
            said = draw.choice(_WORDS) if draw.random() < 0.7 else values.text(draw)
            headers.append((draw.choice(_ODD_HEADERS), re.sub(r"[\r\n\0]", "", said)))
    if draw.random() < 0.01:
        headers.append(draw.choice((("X-Long", "a" * 9000), ("Cookie", "a=b; " * 3000), ("X" * 9000, "a"))))
    return headers


def _broken_head(draw: Random, headers: list[tuple[str, str]]) -> bytes:
    """What follows the target, not as HTTP wants it."""
    lines = [f"{key}: {said}".encode("utf-8", "surrogatepass") for key, said in headers]
    version = draw.choice((b"HTTP/2.0", b"HTTP/9.9", b"HTTP/1.", b"", b"HTTQ/1.1", b"HTTP/1.1 x"))
    extra = draw.choice(
        (
            b": vide",
            b"sans deux-points",
            b" suite",
            b"A\0: b",
            b"A : b",
            values.noise(draw, 60),
            b"Content-Length: 1",
        )
    )
    return (
        version
        + draw.choice((b"\r\n", b"\n"))
        + b"\r\n".join([*lines, extra, extra])
        + draw.choice((b"\r\n\r\n", b"\n\n", b""))
    )


def _framed(draw: Random, body: bytes) -> tuple[list[bytes], bytes, bool, bool]:
    """Header lines that announce a body, what is sent of it, whether both agree, whether the client ends its part."""
    kind = draw.random()
    exact = b"Content-Length: %d" % len(body)
    if kind < 0.8:
        return [exact], body, True, True
    if kind < 0.88:
        return [b"Transfer-Encoding: chunked"], _chunks(draw, body) + b"0\r\n\r\n", True, True
    if kind < 0.93:
        packed = gzip.compress(body, 1) if draw.random() < 0.5 else zlib.compress(body, 1)
        named = draw.choice((b"gzip", b"deflate", b"br", b"zstd", b"gzip, gzip"))
        return [b"Content-Encoding: " + named, b"Content-Length: %d" % len(packed)], packed, True, True
    if kind < 0.97:
        cut = _chunks(draw, body)
        return draw.choice((
            ([exact], body[: len(body) // 2], False, draw.random() > 0.01),
            ([b"Transfer-Encoding: chunked"], cut[: len(cut) // 2], False, draw.random() > 0.01),
            ([b"Transfer-Encoding: chunked"], b"zz\r\n" + cut, False, True),
            ([b"Transfer-Encoding: chunked"], b"ffffffffffffffff\r\n" + cut, False, True),
            ([b"Content-Length: %d" % (len(body) + 9)], body, False, True),
        ))  # fmt: skip
    return draw.choice((
        ([exact, b"Transfer-Encoding: chunked"], body, False, True),
        ([exact, exact + b"1"], body, False, True),
        ([b"Content-Length: -5"], body, False, True),
        ([b"Content-Length: +9"], body, False, True),
        ([b"Content-Length: " + b"9" * 40], body, False, True),
        ([b"Content-Length: 0x10"], body, False, True),
        ([b"Transfer-Encoding: chunked, identity"], body, False, True),
    ))  # fmt: skip


def _chunks(draw: Random, body: bytes) -> bytes:
    size = max(1, len(body) // draw.randrange(1, 9))
    return b"".join(
        b"%x\r\n" % len(part) + part + b"\r\n"
        for part in (body[at : at + size] for at in range(0, len(body), size))
    )
