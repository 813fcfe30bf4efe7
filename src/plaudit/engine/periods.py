"""Calendars: zones, local days, streak periods and the instants at which they end.

Refuses clocks: every function is pure and answers from its arguments and the time zone database.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from plaudit.model.catalog import Frequency

DAY_MS = 86_400_000
"""Milliseconds of 24 hours."""

EPOCH_DAY = date(1970, 1, 1).toordinal()
"""Ordinal of the first day of Unix time."""


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    """Tell whether a name is an IANA zone or one of its aliases, such as ``US/Eastern``."""
    return name in _names()


@lru_cache(maxsize=2048)
def zone_of(tz: str | None) -> tzinfo:
    """Give the zone of a stored name; UTC without one, and when the zone database dropped the name."""
    if tz is None or not is_zone(tz):
        return UTC
    return ZoneInfo(tz)


def local_day(ms: int, zone: tzinfo) -> int:
    """Give the ordinal of the calendar day an instant (Unix ms) falls on in a zone."""
    if zone is UTC:
        return ms // DAY_MS + EPOCH_DAY
    return datetime.fromtimestamp(ms // 1000, zone).toordinal()


def _wall(day: int, zone: tzinfo, fold: int) -> int:
    at = date.fromordinal(day)
    midnight = datetime(at.year, at.month, at.day, fold=fold, tzinfo=zone)
    return round(midnight.timestamp() * 1000)


@lru_cache(maxsize=65536)
def day_end(day: int, zone: tzinfo) -> int:
    """Give the instant (Unix ms) at which a local day is over and the next one begins.

    Where the clocks jump over midnight, that is the jump; where they fall back over it, the last
    time the day ends. A date a zone skipped ends the instant it would have begun.
    """
    first, last = sorted((_wall(day + 1, zone, 0), _wall(day + 1, zone, 1)))
    if local_day(last - 1, zone) <= day:
        return last
    span = range(first, last + 1)
    return first + bisect_left(span, day + 1, key=lambda ms: local_day(ms, zone))


@lru_cache(maxsize=65536)
def period_start(frequency: Frequency, day: int, week_start: int) -> int:
    """Give the first day of the period a day belongs to; ``week_start`` is an ISO weekday."""
    if frequency is Frequency.DAILY:
        return day
    if frequency is Frequency.WEEKLY:
        return day - (day - week_start) % 7
    return date.fromordinal(day).replace(day=1).toordinal()


@lru_cache(maxsize=65536)
def period_end(frequency: Frequency, start: int) -> int:
    """Give the last day of the period that begins on ``start``."""
    if frequency is Frequency.DAILY:
        return start
    if frequency is Frequency.WEEKLY:
        return start + 6
    return date.fromordinal(start + 31).replace(day=1).toordinal() - 1


@lru_cache(maxsize=65536)
def periods_of(day: int, week_start: int) -> tuple[tuple[Frequency, int], ...]:
    """Give the start of the period a day belongs to, for every frequency."""
    return tuple((frequency, period_start(frequency, day, week_start)) for frequency in Frequency)


def is_day_off(day: int, days_off: tuple[int, ...]) -> bool:
    """Tell whether a day is one of the weekdays off (0 is Sunday, as ``Date.getDay()`` has it)."""
    return day % 7 in days_off


@lru_cache(maxsize=65536)
def next_period(frequency: Frequency, start: int, days_off: tuple[int, ...]) -> int:
    """Give the start of the period in which a streak must go on; daily ones skip the days off."""
    following = period_end(frequency, start) + 1
    if frequency is not Frequency.DAILY:
        return following
    working = (day for day in range(following, following + 7) if not is_day_off(day, days_off))
    return next(working, following)


@lru_cache(maxsize=65536)
def expiry(frequency: Frequency, start: int, zone: tzinfo, days_off: tuple[int, ...]) -> int:
    """Give the instant (Unix ms) at which a streak last counted in the period ``start`` is lost.

    A date that a zone skipped is nobody's fault: the streak lives on to the end of the next one.
    """
    following = next_period(frequency, start, days_off)
    end = day_end(period_end(frequency, following), zone)
    if end > day_end(period_end(frequency, start), zone):
        return end
    return expiry(frequency, following, zone, days_off)
