"""What the server writes to stderr: lines of text, or a JSON object a line; each with the id of its request.

The id is random and ours, never the client's.
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
QUIET = ("bm25s", "chromadb", "httpcore", "httpx", "langsmith")
REQUEST = ("method", "route", "status", "milliseconds")  # what an access line carries beside its message
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)  # None outside of a request


class RequestIdInLog(logging.Filter):
    """Gives every log record the id of the request that it belongs to, "-" outside of one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id; every record passes."""
        record.request_id = request_id.get() or "-"
        return True


class JsonLines(logging.Formatter):
    """A record as a JSON object: time (UTC), level, logger, message, id of the request; of an error its kind and place.

    The text of an error is left out: it may hold a question.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        statement: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        statement |= {name: getattr(record, name) for name in REQUEST if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            statement["error"] = record.exc_info[0].__name__
            statement["place"] = "".join(traceback.format_tb(record.exc_info[2]))
        return json.dumps(statement, ensure_ascii=False)


def log_to_stderr(level: str, form: Literal["text", "json"]) -> None:
    """Write what the service logs to stderr, from this level on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)  # libraries set levels of their own when they are imported
    handler.addFilter(RequestIdInLog())
    logging.basicConfig(level=level, format=TEXT, handlers=[handler], force=True)
    if form == "json":
        handler.setFormatter(JsonLines())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # else a line for every request that is none
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)  # its lines name address and path


def log_exception(error: Exception) -> None:
    """Log where an error arose without its message, which may hold a question."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logging.getLogger("strategielotse").error("Unerwarteter Fehler %s\n%s", type(error).__name__, frames)
