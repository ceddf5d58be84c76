"""Logging to stderr as text or as a JSON object per line, each with the id of its request.

The id is random and made by the service, never taken from the client.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Literal

TEXT = "%(asctime)s %(levelname)s %(name)s %(request_id)s %(message)s"
QUIET = ("chromadb", "httpcore", "httpx", "langsmith")
REQUEST = ("method", "route", "status", "milliseconds")  # further fields of an access line
log = logging.getLogger("strategielotse")
# None outside of a request
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class RequestIdInLog(logging.Filter):
    """Adds `request_id` to every log record, "-" outside of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; every record passes."""
        record.request_id = request_id.get() or "-"
        return True


class JsonLines(logging.Formatter):
    """Formats a log record as JSON: time (UTC), level, logger, message, request id; of an error its
    class and stack.

    The message of an error is left out: it may contain a question.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the JSON object of a log record, on one line.

        An access line also has the fields of `REQUEST`. An error has the name of its class and, as
        "place", its stack.
        """
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        entry |= {name: getattr(record, name) for name in REQUEST if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = record.exc_info[0].__name__
            entry["place"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(entry, ensure_ascii=False)


def log_to_stderr(level: str, form: Literal["text", "json"]) -> None:
    """Configure logging of the whole process to stderr, from `level` on, as text or JSON lines.

    Handlers that a library has set up before are replaced. Libraries that log much (`QUIET`) log
    only warnings.
    """
    handler = logging.StreamHandler(sys.stderr)
    # some libraries lower the level of their loggers when they are imported
    handler.setLevel(level)
    handler.addFilter(RequestIdInLog())
    logging.basicConfig(level=level, format=TEXT, handlers=[handler], force=True)
    if form == "json":
        handler.setFormatter(JsonLines())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # else a line for every malformed request
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    # its lines contain client address and path
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)


def log_exception(error: Exception) -> None:
    """Log class and stack of an unexpected error without its message, which may contain a
    question.
    """
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("Unerwarteter Fehler %s\n%s", type(error).__name__, frames)
