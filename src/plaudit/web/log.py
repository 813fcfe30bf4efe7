"""Logs as JSON lines: one object per line, every value escaped.

Refuses secrets and bodies: of a key only its prefix is written, of a user id its first characters.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

logger = logging.getLogger("plaudit.requests")

SHOWN = 12
"""Characters of a user id that a log shows."""


class JsonLines(logging.Formatter):
    """Writes each log record as one line of JSON; an exception's traceback is one of its fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line of a record; what was handed in as ``extra={"facts": {...}}`` becomes fields."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "say": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def log_to(stream: TextIO = sys.stderr, level: int = logging.INFO) -> None:
    """Send everything the house logs to a stream as JSON lines; for the command line to call once."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    house = logging.getLogger("plaudit")
    house.handlers = [handler]
    house.propagate = False
    house.setLevel(level)


def shown(user_id: str | None) -> str | None:
    """Give a user id as a log may show it."""
    return None if user_id is None else user_id[:SHOWN] + ("…" if len(user_id) > SHOWN else "")


def log_request(method: str, path: str, status: int, milliseconds: float, **facts: str | None) -> None:
    """Write the line of one request; its path is cut, since user ids are part of it.

    Args:
        method: the request's method.
        path: the route's template where known, else the path.
        status: what was answered.
        milliseconds: how long it took.
        facts: key prefix, user id (see ``shown``), sentence; None values are left out.
    """
    told = {name: value for name, value in facts.items() if value is not None}
    logger.log(
        logging.INFO if status < 500 else logging.ERROR,  # noqa: PLR2004 - server faults begin at 500
        "request",
        extra={
            "facts": {
                "method": method,
                "path": path[:200],
                "status": status,
                "ms": round(milliseconds, 2),
                **told,
            }
        },
    )
