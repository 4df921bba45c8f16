"""Random values: texts of all of Unicode, JSON of any shape, bytes; what a careless or hostile client may send."""

import json
from random import Random
from typing import Any

_SAID = (
    "je suis en arrêt depuis 4 mois pour le dos",
    "Rouen",
    "13/45/2026",
    "٣ أشهر",
    '/inform{"consent": "yes"}',
    "écho 🧑🏽‍⚕️",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}} ${jndi:ldap://x} %s%n",
    "../../etc/passwd\0.txt",
    "A" * 2000,
    "\u202e\u2066\ufeff\u200b",
    "e" + "\u0301" * 900,
    "ﷺ" * 300,
    "9" * 400,
    "1e400",
    "NaN",
)
_NUMBERS: tuple[Any, ...] = (
    0, -1, 2**31, 2**63, 2**64, -(2**63) - 1, 10**400, 1.5, -0.0, 1e308, float("nan"), float("inf"), float("-inf"),
)  # fmt: skip
_NAMES = (
    "text", "choice", "id", "code", "token", "step", "done", "email", "query", "q", "to", "sent", "date", "phone",
    "csrf", "consent", "answer", "name", "when", "message", "page", "next",
)  # fmt: skip
MEGABYTES = 10


def text(draw: Random) -> str:
    """A text: something that people or attackers write, or characters of every plane, lone surrogates too."""
    kind = draw.random()
    if kind < 0.35:
        return draw.choice(_SAID)
    if kind < 0.5:
        return "".join(chr(draw.randrange(0x20, 0x250)) for _ in range(draw.randrange(80)))
    length = draw.choice((1, 3, 30, 300, 2100)) if kind > 0.97 else draw.randrange(1, 40)
    return "".join(chr(draw.randrange(0x110000)) for _ in range(length))


def value(draw: Random, depth: int = 3) -> Any:
    """A JSON value of any type."""
    kind = draw.randrange(8 if depth else 6)
    if kind == 7:
        return {name(draw): value(draw, depth - 1) for _ in range(draw.randrange(5))}
    if kind == 6:
        return [value(draw, depth - 1) for _ in range(draw.randrange(5))]
    return (text(draw), draw.choice(_NUMBERS), None, draw.random() < 0.5, draw.randrange(-9999, 9999), "")[
        kind
    ]


def name(draw: Random) -> str:
    """A field that some route knows, most often."""
    return draw.choice(_NAMES) if draw.random() < 0.9 else text(draw)


def fields(draw: Random) -> dict[str, Any]:
    """An object such as the API takes: some fields it knows, of the right type about every second time."""
    kind = draw.random()
    if kind < 0.35:
        return {"text": text(draw)}
    if kind < 0.42:
        return {"choice": draw.choice(("yes", "no", "salarie_prive", "why_question", text(draw)))}
    fitting = kind < 0.7
    return {name(draw): text(draw) if fitting else value(draw) for _ in range(draw.choice((1, 1, 1, 2, 4)))}


def json_body(draw: Random) -> bytes:
    """JSON, and what is almost JSON."""
    kind = draw.random()
    if kind < 0.7:
        return json.dumps(fields(draw), ensure_ascii=draw.random() < 0.6).encode("utf-8", "surrogatepass")
    if kind < 0.78:
        return json.dumps(value(draw)).encode()
    if kind < 0.86:
        return _deep(draw)
    if kind < 0.92:
        known = json.dumps(name(draw)).encode()
        return b"{" + b",".join(known + b":" + json.dumps(value(draw)).encode() for _ in range(9)) + b"}"
    if kind < 0.96:
        return (
            b'{"text": '
            + draw.choice((b"1" * 9000, b"-" * 50, b"1e99999", b"Infinity", b'"\\ud83d\\u0000"'))
            + b"}"
        )
    whole = json.dumps(fields(draw)).encode(draw.choice(("utf-8", "utf-16", "utf-32", "utf-7", "utf-8-sig")))
    return whole[: draw.randrange(len(whole) + 1)]


def _deep(draw: Random) -> bytes:
    depth = draw.choice((20, 900, 5_000, 30_000))
    opening, closing = draw.choice(((b"[", b"]"), (b'{"text":', b"}"), (b'[{"a":', b"}]")))
    depth = min(depth, 60_000 // len(opening))
    body = opening * depth + b"1" + (closing * depth if draw.random() < 0.5 else b"")
    return b'{"text": "bonjour", "x": ' + body + b"}" if draw.random() < 0.5 else body


def noise(draw: Random, longest: int = 600) -> bytes:
    """Bytes."""
    return draw.randbytes(draw.randrange(longest))


def huge(draw: Random) -> bytes:
    """Ten megabytes: a text, noise, brackets, or one character of four bytes."""
    start, unit = draw.choice(
        ((b'{"text": "', b"a"), (b"", b"["), (b"text=", "😀".encode()), (b"", noise(draw) or b"\0"))
    )
    return start + unit * (MEGABYTES * 1024 * 1024 // len(unit))
