"""Logs never hold what people say, at any level: libraries that print their parameters are kept quiet."""

import logging

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


def keep_texts_out() -> None:
    """aiosqlite prints the values it writes, SQLAlchemy rows, aiohttp addresses and paths: drop them."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if _no_detail not in logger.filters:
            logger.addFilter(_no_detail)
