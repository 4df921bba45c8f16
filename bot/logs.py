"""Logging for every process of Relais: what happened and where, never what a person wrote.

Runs in both environments (Python 3.10, standard library only). Exceptions are logged by their class and the places in
the code that they crossed: their message and local values may hold a person's words.
"""

import logging
import os
import sys
import traceback

QUIET = (
    "rasa",
    "rasa_sdk",
    "sanic",
    "sanic.access",
    "aiohttp.access",
    "sqlalchemy",
    "aiosqlite",
    "apscheduler",
    "asyncio",
)
"""Loggers of libraries that print messages, trackers or SQL values below WARNING."""


class SafeFormatter(logging.Formatter):
    """One line a record. No exception message, no argument of a library's record that may hold a text."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: object) -> str:  # noqa: N802 (name of the standard library)
        """The class of the exception and the files and lines it went through."""
        if not isinstance(ei, tuple):
            return "error"
        kind, _value, trace = ei
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        return f"{kind.__name__ if kind else 'error'} at " + " < ".join(reversed(places[-12:]))

    def format(self, record: logging.LogRecord) -> str:
        """A record of ours as it is; one of a quiet library by its level and place only, since it may quote a text."""
        if record.name.split(".")[0] in QUIET or record.name in QUIET:
            record = logging.makeLogRecord(
                {
                    **record.__dict__,
                    "msg": "%s:%d %s",
                    "args": (record.module, record.lineno, record.funcName),
                    "exc_text": None,
                }
            )
        return super().format(record)


def configure(level: str | None = None) -> None:
    """Send every record to standard error through `SafeFormatter`. `level`: default `RELAIS_LOG_LEVEL` or INFO.

    Libraries that print what people write stay at WARNING at any level.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(SafeFormatter())
    chosen = (level or os.environ.get("RELAIS_LOG_LEVEL") or "INFO").upper()
    logging.basicConfig(level=chosen, handlers=[handler], force=True)
    for name in QUIET:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.handlers.clear()
        logger.propagate = True
    logging.captureWarnings(True)
