"""When e-mails are due to a user by the clock of the user's own zone: recaps, and messages to win users back.

Refuses clocks, and to decide whether the user wants them (see ``webhooks/announce.py``).
"""

from collections.abc import Iterator
from datetime import tzinfo

from plaudit.engine.periods import day_end, local_day
from plaudit.model.preferences import Notification

HOUR = 3_600_000

RECAP_AT, REACTIVATE_AT = 9 * HOUR, 10 * HOUR
"""Local hours: recaps on Mondays, to users active since the Monday before."""

QUIET_DAYS = (7, 14, 30)
"""Days without activity after which a message to win the user back is due."""

GRACE = 6 * HOUR
"""A letter that is late by more, since nobody was there to tell it, is not told."""

WEEK = 7

Letter = tuple[Notification, int, int]
"""What is due, the local day (ordinal) it is due on, and the days without activity by then."""


def letters_due(zone: tzinfo, active: int, now: int) -> list[Letter]:
    """Give what is due now to a user who was active last at an instant (both Unix ms)."""
    return [letter for due, letter in _letters(zone, active, now) if due <= now < due + GRACE]


def next_look(zone: tzinfo, active: int, now: int) -> int | None:
    """Give the first instant after ``now`` at which anything can be due; None if nothing will be.

    It also holds if the user is active meanwhile: that delays what is due, but for the recap on a
    Monday, and every Monday is looked at.
    """
    if all(due <= now for due, letter in _letters(zone, active, now) if letter[0] is not Notification.RECAP):
        return None
    today = local_day(now, zone)
    dues = [due for due, _ in _letters(zone, active, now)]
    dues += [_morning(zone, day, RECAP_AT) for day in range(today, today + WEEK + 1) if _is_monday(day)]
    return min(due for due in dues if due > now)


def _letters(zone: tzinfo, active: int, now: int) -> Iterator[tuple[int, Letter]]:
    today, last = local_day(now, zone), local_day(active, zone)
    if _is_monday(today) and today - last <= WEEK:
        yield _morning(zone, today, RECAP_AT), (Notification.RECAP, today, today - last)
    for quiet in QUIET_DAYS:
        due = _morning(zone, last + quiet, REACTIVATE_AT)
        yield due, (Notification.REACTIVATION, last + quiet, quiet)


def _morning(zone: tzinfo, day: int, at: int) -> int:
    return day_end(day - 1, zone) + at


def _is_monday(day: int) -> bool:
    return day % WEEK == 1
