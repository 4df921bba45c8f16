"""Answers of pages with forms, and whether a form was sent from a page of ours."""

from urllib.parse import urlsplit

from aiohttp import web


def html(page: str, *, status: int = 200) -> web.Response:
    """An HTML answer."""
    return web.Response(text=page, status=status, content_type="text/html", charset="utf-8")


def see(address: str) -> web.Response:
    """Send the browser to another page, after a form."""
    return web.Response(status=303, headers={"Location": address})


def sent_from_here(request: web.Request, public_url: str) -> bool:
    """Whether a form was sent from our own page, as far as the browser says.

    `public_url`: our address as the browser knows it, which a proxy may replace in the Host header.
    """
    origin = request.headers.get("Origin")
    if origin not in (None, "null") and urlsplit(origin).netloc not in (
        request.host,
        urlsplit(public_url).netloc,
    ):
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
