"""How days, instants and ratios are written in JSON; the common ones are remembered.

Refuses local time: instants are UTC with milliseconds and a Z.
"""

from datetime import date
from functools import lru_cache

_DAY_MS = 86_400_000
_EPOCH_DAY = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=16384)
def day_text(ordinal: int) -> str:
    """Write an ordinal day as YYYY-MM-DD."""
    return date.fromordinal(ordinal).isoformat()


@lru_cache(maxsize=16384)
def time_text(ms: int) -> str:
    """Write Unix milliseconds as ISO 8601 in UTC, such as 2026-01-31T12:00:00.000Z."""
    days, rest = divmod(ms, _DAY_MS)
    seconds, thousandths = divmod(rest, 1000)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{day_text(days + _EPOCH_DAY)}T{hour:02d}:{minute:02d}:{second:02d}.{thousandths:03d}Z"


@lru_cache(maxsize=16384)
def number_text(number: float) -> str:
    """Write a ratio as a JSON number: whole ones without a fraction."""
    return str(int(number)) if number == int(number) else repr(float(number))
