"""Logging for every process of Relais: what happened and where, never what a person wrote.

Runs in both environments (Python 3.10, standard library only). Exceptions are logged by their class and the places in
the code that they crossed: their message and local values may hold a person's words. A conversation is named by its hash,
never by its id (`bot.conversation.state.rasa_sender`).
"""

import json
import logging
import os
import re
import sys
import traceback
from datetime import datetime, timezone

from bot.settings import SettingsError

QUIET = (
    "rasa",
    "rasa_sdk",
    "sanic",
    "sanic.access",
    "aiohttp.access",
    "aiohttp.server",
    "sqlalchemy",
    "aiosqlite",
    "apscheduler",
    "opentelemetry",
    "urllib3",
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
        return self._write(record)

    def _write(self, record: logging.LogRecord) -> str:
        return super().format(record)


_HASH = re.compile(r"c[0-9a-f]{31}")
"""The only name of a conversation that a log may hold."""


class JsonFormatter(SafeFormatter):
    """One JSON object a line: `time` (UTC), `level`, `logger`, `message`, `exception`, `conversation` (its hash)."""

    def _write(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        line = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        conversation = getattr(record, "conversation", None)
        if isinstance(conversation, str) and _HASH.fullmatch(conversation):
            line["conversation"] = conversation
        return json.dumps(line, ensure_ascii=False)


FORMATS = {"text": SafeFormatter, "json": JsonFormatter}


def _formatter() -> SafeFormatter:
    chosen = os.environ.get("RELAIS_LOG_FORMAT") or "text"
    if chosen not in FORMATS:
        raise SettingsError(f"RELAIS_LOG_FORMAT={chosen!r}: text or json is expected")
    return FORMATS[chosen]()


def configure(level: str | None = None) -> None:
    """Send every record to standard error, as `RELAIS_LOG_FORMAT` says. `level`: default `RELAIS_LOG_LEVEL` or INFO.

    Libraries that print what people write stay at WARNING at any level. Raises SettingsError.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter())
    chosen = (level or os.environ.get("RELAIS_LOG_LEVEL") or "INFO").upper()
    logging.basicConfig(level=chosen, handlers=[handler], force=True)
    for name in QUIET:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.handlers.clear()
        logger.propagate = True
    logging.captureWarnings(True)
