"""Runs of leaderboards: which run a local day belongs to, and when a run is over for everybody.

Refuses clocks: a run begins and ends with each user's own days; it closes when every zone has ended.
"""

from calendar import monthrange
from datetime import date
from enum import StrEnum
from functools import lru_cache

from plaudit.engine.periods import DAY_MS, EPOCH_DAY
from plaudit.model.leaderboards import Leaderboard, Run, RunUnit

CLOSING_MS = 12 * 3_600_000
"""A run closes so long after its last day has ended in UTC, when it has ended in every zone."""

_LAST_DAY = date.max.toordinal()
_MONTHS = 12


class Phase(StrEnum):
    """What callers are told of a board's life."""

    INACTIVE = "inactive"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    FINISHED = "finished"


def run_at(board: Leaderboard, day: int) -> Run | None:
    """Give the run a local day belongs to; None before the board's first day and after its last."""
    if day < board.start or (board.end is not None and day > board.end):
        return None
    if board.run_unit is None:
        return Run(board.start, board.end)
    return _run(board.start, board.end, board.run_unit, board.run_interval or 1, day)


@lru_cache(maxsize=4096)
def _run(first: int, end: int | None, unit: RunUnit, interval: int, day: int) -> Run:
    """Give the run that holds a day, of those that follow each other from the first day to the last."""
    start, following = _bounds(first, unit, interval, day)
    last = following - 1
    return Run(start, last if end is None else min(last, end))


def _bounds(first: int, unit: RunUnit, interval: int, day: int) -> tuple[int, int]:
    """Give the first days of the run that holds a day and of the run after it."""
    if unit is RunUnit.DAY:
        start = day - (day - first) % interval
        return start, start + interval
    step = interval if unit is RunUnit.MONTH else interval * _MONTHS
    place = _months_between(first, day) // step
    if _months_on(first, place * step) > day:
        place -= 1
    return _months_on(first, place * step), _months_on(first, (place + 1) * step)


def _months_between(first: int, day: int) -> int:
    start, at = date.fromordinal(first), date.fromordinal(day)
    return (at.year - start.year) * _MONTHS + at.month - start.month


def _months_on(first: int, months: int) -> int:
    """Give the day that many months later; the last of the month where it has no such day.

    Every run counts from the board's first day, so a board begun on the 31st returns to it.
    """
    start = date.fromordinal(first)
    year, month = divmod(start.year * _MONTHS + start.month - 1 + months, _MONTHS)
    if year > date.max.year:
        return _LAST_DAY
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])).toordinal()


def closes_at(run: Run) -> int | None:
    """Give the instant (Unix ms) at which a run is over in every zone; None when it never ends."""
    return None if run.end is None else (run.end + 1 - EPOCH_DAY) * DAY_MS + CLOSING_MS


def utc_day(now: int) -> int:
    """Give the day (ordinal) it is in UTC at an instant (Unix ms)."""
    return now // DAY_MS + EPOCH_DAY


def current_run(board: Leaderboard, now: int) -> Run:
    """Give the run of today in UTC; before the board's start its first one, after its end its last."""
    if board.finished is not None:
        now = min(now, board.finished)
    today = max(utc_day(now), board.start)
    if board.end is not None:
        today = min(today, board.end)
    return run_at(board, today) or Run(board.start, board.end)


def open_runs(board: Leaderboard, now: int) -> list[Run]:
    """Give the runs that are going on for somebody somewhere."""
    today = utc_day(now)
    found = {run.start: run for day in (today - 1, today, today + 1) if (run := run_at(board, day))}
    return [run for run in found.values() if is_open(board, run, now)]


def is_open(board: Leaderboard, run: Run, now: int) -> bool:
    """Tell whether a run is not yet over in every zone, nor its board finished by hand."""
    if board.finished is not None and now >= board.finished:
        return False
    closing = closes_at(run)
    return closing is None or now < closing


def phase(board: Leaderboard, now: int) -> Phase:
    """Give what callers are told of a board at an instant (Unix ms)."""
    if board.status == Phase.INACTIVE:
        return Phase.INACTIVE
    if board.status == Phase.FINISHED:
        return Phase.FINISHED
    if utc_day(now) < board.start:
        return Phase.SCHEDULED
    return Phase.ACTIVE if is_open(board, Run(board.start, board.end), now) else Phase.FINISHED
