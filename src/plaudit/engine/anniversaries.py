"""Anniversaries: years since a user signed up, counted in the user's own zone.

Refuses clocks. 29 February is kept on 28 February in common years.
"""

from calendar import isleap
from datetime import MAXYEAR, date

from plaudit.engine.periods import day_end, local_day, zone_of
from plaudit.model.state import UserState

_LEAP_DAY = (2, 29)


def base_day(user: UserState) -> int:
    """Give the day the years are counted from: the sign-up date, else the local day of creation."""
    if user.sign_up_date is not None:
        return user.sign_up_date
    return local_day(user.created, zone_of(user.tz))


def anniversary_day(base: int, years: int) -> int | None:
    """Give the day of the anniversary, or None when the calendar ends before it."""
    start = date.fromordinal(base)
    year = start.year + years
    if year >= MAXYEAR:
        return None
    if (start.month, start.day) == _LEAP_DAY and not isleap(year):
        return date(year, 2, 28).toordinal()
    return start.replace(year=year).toordinal()


def instant(user: UserState, years: int) -> int | None:
    """Give the local midnight (Unix ms) that starts a user's anniversary day."""
    day = anniversary_day(base_day(user), years)
    return None if day is None else day_end(day - 1, zone_of(user.tz))


def years_at(user: UserState, now: int) -> int:
    """Give the whole years completed at ``now`` (Unix ms), 0 for a sign-up date to come."""
    today = local_day(now, zone_of(user.tz))
    base = base_day(user)
    years = date.fromordinal(today).year - date.fromordinal(base).year
    day = anniversary_day(base, years)
    return max(0, years if day is not None and day <= today else years - 1)


def next_instant(user: UserState, now: int) -> int | None:
    """Give the first anniversary instant after ``now`` (both Unix ms)."""
    return instant(user, years_at(user, now) + 1)
