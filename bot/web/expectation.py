"""The Expect header: `100-continue` is answered, any other is refused without repeating it.

aiohttp 3.14 writes an expectation that it does not know into its answer, and fails with a 500 when that is not Unicode.
"""

from aiohttp import web, web_urldispatcher

_AS_AIOHTTP_DOES = web_urldispatcher._default_expect_handler


async def _expect(request: web.Request) -> None:
    try:
        await _AS_AIOHTTP_DOES(request)
    except (web.HTTPExpectationFailed, UnicodeError):
        raise web.HTTPExpectationFailed from None


def install() -> None:
    """For every route, those of unknown addresses too: aiohttp takes this function where a route has none of its own."""
    web_urldispatcher._default_expect_handler = _expect
