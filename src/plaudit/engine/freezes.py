"""Streak freezes: what a new user starts with, and when more are earned by the calendar.

Refuses clocks and counting of use; see ``lapse``. Freezes are earned at local midnight, every
``interval`` days since the user's first day, while the user holds fewer than the most there may be.
"""

from datetime import tzinfo

from msgspec.structs import replace

from plaudit.engine.periods import DAY_MS, day_end, local_day, zone_of
from plaudit.model.catalog import FreezeSettings
from plaudit.model.state import UserState

_SLACK = 20 * 3_600_000
"""What a journey may shorten the time between two earnings by, in ms; a longer one waits for its turn."""


def endowed(freezes: FreezeSettings | None, user: UserState, now: int) -> UserState:
    """Give a new user the freezes to start with, and plan the first ones to be earned."""
    if freezes is None:
        return user
    user = replace(user, freezes=freezes.start, freezes_granted=freezes.start)
    return replace(user, freezes_at=planned(freezes, user, now))


def planned(freezes: FreezeSettings | None, user: UserState, now: int) -> int | None:
    """Give the instant (Unix ms) at which a user earns freezes next, None while none are to come."""
    if freezes is None or freezes.interval is None or user.freezes >= freezes.most:
        return None
    return _midnight(freezes.interval, user, zone_of(user.tz), now)


def after_earning(interval: int, user: UserState, zone: tzinfo, at: int) -> int:
    """Give the next instant after freezes were earned at ``at``; flying mints none."""
    return _midnight(interval, user, zone, at + max(interval * DAY_MS - _SLACK, 0))


def _midnight(interval: int, user: UserState, zone: tzinfo, after: int) -> int:
    """Give the first local midnight later than ``after`` that begins a day of the user's own calendar."""
    first = local_day(user.created, zone)
    past = (local_day(after, zone) - first) // interval
    day = first + past * interval
    while (at := day_end(day - 1, zone)) <= after:
        day += interval
    return at
