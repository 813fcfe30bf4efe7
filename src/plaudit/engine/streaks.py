"""Streaks: which periods an event makes count, and how a streak reads now.

Refuses timers: a streak is lost by the clock passing ``expires_at``; nothing has to run for it.
"""

from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.draft import Draft
from plaudit.engine.periods import (
    expiry,
    is_day_off,
    local_day,
    period_end,
    period_start,
    periods_of,
    zone_of,
)
from plaudit.engine.runs import FREEZE, PAUSE, Link, chain, count, lengths_reached, linked, refolded
from plaudit.model.catalog import EvaluationMode, Frequency, StreakSettings
from plaudit.model.state import Depth, Snapshot, StreakPeriod, StreakState


class StreakView(Struct, frozen=True):
    """A streak as it is shown; days are ordinals, ``extended_at`` Unix ms, all None when lost.

    ``expires`` is the last local day on which the streak can still be extended.
    """

    length: int
    frequency: Frequency
    started: int | None = None
    period_start: int | None = None
    period_end: int | None = None
    expires: int | None = None
    extended_at: int | None = None


class HistoryPeriod(Struct, frozen=True):
    """One period of the past: first and last day, and the length of the run in it (0 when none)."""

    start: int
    end: int
    length: int
    used_freeze: bool = False
    used_pause: bool = False


def follow_zone(draft: Draft) -> None:
    """Move the expiry of streaks with a user's new zone: later if it helps, never earlier."""
    off = draft.rulebook.streaks.days_off
    moved = {}
    for frequency, state in draft.streaks.items():
        expires_at = expiry(frequency, state.last_period, draft.zone, off)
        if expires_at > state.expires_at:
            moved[frequency] = replace(state, expires_at=expires_at)
    if moved:
        draft.streaks = {**draft.streaks, **moved}


def count_event(draft: Draft, metric: int, value: int) -> None:
    """Let a positive change of a metric count toward the periods it falls into, at all frequencies."""
    rulebook = draft.rulebook
    if value <= 0 or (rulebook.streak_metrics and metric not in rulebook.streak_metrics):
        return
    for frequency, period in periods_of(draft.day, rulebook.streaks.week_start):
        state = draft.streaks.get(frequency)
        if state is None or period > state.last_period:
            _count_next(draft, frequency, period)
        elif period < state.last_period and draft.at < state.extended_at:
            _count_late(draft, frequency, period, state)


def _count_next(draft: Draft, frequency: Frequency, period: int) -> None:
    if _counts(draft, frequency, period):
        row = _row(draft, frequency, period)
        _put(draft, row, count(draft.streaks.get(frequency), row, draft.rulebook.streaks.days_off))


def _count_late(draft: Draft, frequency: Frequency, period: int, known: StreakState) -> None:
    rows = [row for row in draft.require(Depth(periods=True)).periods if row.frequency is frequency]
    if any(row.period == period for row in rows) or not _counts(draft, frequency, period):
        return
    row = _row(draft, frequency, period)
    rows.append(row)
    rows.sort(key=lambda each: each.period)
    settings = draft.rulebook.streaks
    if frequency is settings.frequency:
        draft.lengths = lengths_reached(rows, settings, known)
    _put(draft, row, refolded(rows, settings, known))


def _row(draft: Draft, frequency: Frequency, period: int) -> StreakPeriod:
    expires_at = expiry(frequency, period, draft.zone, draft.rulebook.streaks.days_off)
    return StreakPeriod(frequency, period, draft.at, expires_at, draft.day)


def _put(draft: Draft, row: StreakPeriod, state: StreakState) -> None:
    if row.frequency is draft.rulebook.streaks.frequency:
        old = draft.streaks.get(row.frequency)
        alive = old is not None and draft.at < old.expires_at
        draft.extended = old is None or not alive or state.length > old.length
    draft.periods = (*draft.periods, row)
    draft.streaks = {**draft.streaks, row.frequency: state}


def _counts(draft: Draft, frequency: Frequency, period: int) -> bool:
    settings = draft.rulebook.streaks
    if frequency is Frequency.DAILY and is_day_off(draft.day, settings.days_off):
        return False
    if not settings.metrics:
        return True
    met = (
        _sum(draft, measure, period, period_end(frequency, period)) >= max(threshold, 1)
        for measure, threshold in draft.rulebook.streak_measures
    )
    return all(met) if settings.mode is EvaluationMode.ALL else any(met)


def _sum(draft: Draft, measure: int, first: int, last: int) -> int:
    since = min(start for _, start in periods_of(draft.day, draft.rulebook.streaks.week_start))
    days = draft.require(Depth(days_since=since)).days.get(measure, {})
    held = sum(moved.change for day, moved in days.items() if first <= day <= last)
    return held + sum(change.change for change in draft.changes if change.measure == measure)


def length_at(settings: StreakSettings, snapshot: Snapshot, now: int) -> int:
    """Give the length of a user's streak at ``now`` (Unix ms), 0 when there is none or it is lost."""
    state = snapshot.streaks.get(settings.frequency)
    return 0 if state is None or now >= state.expires_at else state.length


def current(settings: StreakSettings, snapshot: Snapshot, now: int) -> StreakView:
    """Give a user's streak at the settings' frequency as it reads at ``now`` (Unix ms)."""
    state = snapshot.streaks.get(settings.frequency)
    if state is None or snapshot.user is None or now >= state.expires_at:
        return StreakView(0, settings.frequency)
    zone = zone_of(snapshot.user.tz)
    start = period_start(settings.frequency, local_day(now, zone), settings.week_start)
    return StreakView(
        state.length,
        settings.frequency,
        state.started,
        start,
        period_end(settings.frequency, start),
        local_day(state.expires_at - 1, zone),
        state.extended_at,
    )


def history(settings: StreakSettings, snapshot: Snapshot, now: int, n: int) -> tuple[HistoryPeriod, ...]:
    """Give the last ``n`` periods, oldest first, up to and including the current one.

    ``snapshot`` must have been read with its periods. A period without activity shows the length of
    the run it lies in (a day off, or the current period of a live streak), else 0.
    """
    frequency = settings.frequency
    zone = zone_of(None if snapshot.user is None else snapshot.user.tz)
    day, ends = local_day(now, zone), []
    for _ in range(n):
        start = period_start(frequency, day, settings.week_start)
        ends.append(start)
        day = start - 1
    spans = _spans(settings, snapshot, now)
    return tuple(_past_period(frequency, start, spans) for start in reversed(ends))


class _Span(Struct, frozen=True):
    """From a counted period up to (not including) the next one; ``carry`` is the length between."""

    first: int
    link: Link
    carry: int


def _spans(settings: StreakSettings, snapshot: Snapshot, now: int) -> list[_Span]:
    known = snapshot.streaks.get(settings.frequency)
    held = snapshot.details.periods if snapshot.details is not None else ()
    rows = [row for row in held if row.frequency is settings.frequency]
    links = list(chain(rows, settings, known))
    spans = [
        _Span(link.row.period, link, link.state.length if linked(link.row, after.row, settings, known) else 0)
        for link, after in pairwise(links)
    ]
    if links and known is not None:
        alive = now < known.expires_at
        spans.append(_Span(links[-1].row.period, links[-1], known.length if alive else 0))
    return spans


def _past_period(frequency: Frequency, start: int, spans: list[_Span]) -> HistoryPeriod:
    end = period_end(frequency, start)
    span = next((each for each in reversed(spans) if each.first <= end), None)
    if span is None:
        return HistoryPeriod(start, end, 0)
    row = span.link.row
    if row.period < start:
        return HistoryPeriod(start, end, span.carry)
    length = span.link.state.length
    return HistoryPeriod(start, end, length, row.kind == FREEZE, row.kind == PAUSE)
