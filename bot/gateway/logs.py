"""Logs never hold what people say, at any level: libraries that print their parameters are kept quiet."""

import logging

from aiohttp.client_exceptions import ClientPayloadError
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError

_TALKATIVE = (
    "aiohttp.access",
    "aiosqlite",
    "sqlalchemy.engine",
    "sqlalchemy.engine.Engine",
    "sqlalchemy.pool",
    "asyncio",
)


def _no_detail(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


_THEIR_FAULT = (HttpProcessingError, RequestPayloadError, ClientPayloadError)
"""What aiohttp raises for bytes that are not HTTP, or a body that stops half-way."""


def _fault_of_ours(record: logging.LogRecord) -> bool:
    problem = record.exc_info[1] if record.exc_info else None
    return not isinstance(problem, _THEIR_FAULT)


def keep_texts_out() -> None:
    """aiosqlite prints the values it writes, SQLAlchemy rows, aiohttp addresses and paths: drop them.

    aiohttp also reports each malformed request as an error, with the address it came from: any robot would fill the log.
    """
    server = logging.getLogger("aiohttp.server")
    if _fault_of_ours not in server.filters:
        server.addFilter(_fault_of_ours)
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if _no_detail not in logger.filters:
            logger.addFilter(_no_detail)
