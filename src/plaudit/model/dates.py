"""How days and instants are read from text: YYYY-MM-DD, and date-times as RFC 3339 writes them.

Refuses the rest of ISO 8601, such as weeks (2026-W01-1) and ordinal days: who sends one by mistake
should hear of it, instead of finding the event on another day.
"""

import re
from datetime import UTC, date, datetime

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)


def read_day(text: str) -> date | None:
    """Read YYYY-MM-DD; None when it is no date, or is written otherwise."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def read_time(text: str) -> datetime:
    """Read a date-time as UTC; without an offset it is UTC, and a date alone is its first moment.

    Raises:
        ValueError: it is no date-time, or is written otherwise.
        OverflowError: its UTC lies beyond the years 1 to 9999.
    """
    if _DAY.fullmatch(text):
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    if not _TIME.fullmatch(text):
        raise ValueError("a date-time is written as RFC 3339 has it")
    found = datetime.fromisoformat(text.upper())
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
