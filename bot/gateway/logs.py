"""Logs never hold what people say, at any level: libraries that print their parameters are kept quiet."""

import logging

_TALKATIVE = ("aiosqlite", "sqlalchemy.engine", "sqlalchemy.engine.Engine", "sqlalchemy.pool", "asyncio")


def _no_detail(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def keep_texts_out() -> None:
    """At debug level aiosqlite prints the values it writes and SQLAlchemy the rows it reads: drop those."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if _no_detail not in logger.filters:
            logger.addFilter(_no_detail)
