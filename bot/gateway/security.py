"""What surrounds every answer: security headers, allowed origins, refusals as JSON or page, access log."""

import logging
import time

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from bot import tracing
from bot.gateway.context import GATEWAY
from bot.gateway.errors import RefusalError
from bot.gateway.pages.site import refusal_page, wants_page
from bot.web.failures import where

access = logging.getLogger("relais.access")
failures = logging.getLogger("relais.gateway")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_PROBES = {"/healthz", "/readyz", "/metrics"}
"""Asked every few seconds: no trace of these."""
_STATUS_CODES = {
    403: "not_found",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_long",
    415: "unsupported",
}


@web.middleware
async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every request, whatever happens inside, with a sentence and safe headers."""
    started = time.perf_counter()
    # The route, not the path: an address may hold what someone typed or a link to their plan.
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else "-"
    if route in _PROBES:
        response = await _answer(request, handler)
    else:
        response = await _traced(request, handler, route)
    if not response.prepared:
        dress(request, response)
    elapsed = (time.perf_counter() - started) * 1000
    access.info("%s %s %d %.1f ms", request.method[:10], route, response.status, elapsed)
    return response


async def _traced(request: web.Request, handler: Handler, route: str) -> web.StreamResponse:
    method = request.method if request.method in hdrs.METH_ALL else "_OTHER"
    with tracing.request(f"{method} {route}") as root:
        response = await _answer(request, handler)
        root.note(method=method, route=route, status=response.status)
        if response.status >= 500:
            root.failed(str(response.status))
        return response


def dress(request: web.Request, response: web.StreamResponse) -> None:
    """The headers of every answer; a stream puts them on before its first byte."""
    response.headers.update(_HEADERS)
    if request.path.startswith("/static/") and response.status in (200, 304):
        response.headers["Cache-Control"] = "public, max-age=3600"
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    gateway = request.app[GATEWAY]
    if gateway.settings.public_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    _allow_origin(request, response)


async def _answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    if _is_preflight(request):
        return web.Response(status=204)
    try:
        return await handler(request)
    except RefusalError as refusal:
        return _refuse(request, refusal)
    except web.HTTPException as problem:
        if problem.status < 400:
            raise
        return _refuse(request, RefusalError(_STATUS_CODES.get(problem.status, "bad_request")))
    except Exception as problem:  # the last line: nothing of what was said may be in an error's text
        failures.error("request failed: %s", where(problem))
        return _refuse(request, RefusalError("unavailable", retry_after=10))


def _refuse(request: web.Request, refusal: RefusalError) -> web.StreamResponse:
    request.app[GATEWAY].measures.refusals.labels(refusal.code).inc()
    return refusal_page(refusal) if wants_page(request) else refusal.response()


def _is_preflight(request: web.Request) -> bool:
    return (
        request.method == "OPTIONS"
        and request.path.startswith("/api/")
        and "Access-Control-Request-Method" in request.headers
    )


def _allow_origin(request: web.Request, response: web.StreamResponse) -> None:
    """Let the allowed sites read the API. No credentials: there the widget holds a bearer token."""
    if not request.path.startswith("/api/"):
        return
    response.headers.add("Vary", "Origin")
    origin = request.headers.get("Origin", "")
    if origin not in request.app[GATEWAY].options.allowed_origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    if _is_preflight(request):
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PATCH, DELETE"
        response.headers["Access-Control-Allow-Headers"] = (
            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID"
        )
        response.headers["Access-Control-Max-Age"] = "600"
