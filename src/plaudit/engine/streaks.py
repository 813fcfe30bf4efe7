"""Streaks: which periods an event makes count, and how a streak reads now.

Refuses timers: a streak is lost by the clock passing ``expires_at``; nothing has to run for it.
"""

from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.draft import Draft
from plaudit.engine.freezes import endowed
from plaudit.engine.lapse import Lapse, aligned, is_due, lapse, lapsed
from plaudit.engine.outlook import last_day
from plaudit.engine.periods import (
    expiry,
    local_day,
    period_end,
    period_start,
    periods_of,
    zone_of,
)
from plaudit.engine.preferences import has_streaks, settings_for
from plaudit.engine.runs import (
    EARNED,
    FREEZE,
    PAUSE,
    RESET,
    Link,
    chain,
    count,
    covers,
    joined,
    lengths_reached,
    linked,
    refolded,
)
from plaudit.model.catalog import EvaluationMode, Frequency, StreakSettings
from plaudit.model.outcome import StreakMoves
from plaudit.model.state import Depth, Snapshot, StreakPause, StreakPeriod, StreakState, UserState


class StreakView(Struct, frozen=True):
    """A streak as it is shown; days are ordinals, ``extended_at`` Unix ms, all None when lost.

    ``expires`` is the last local day on which the streak can still be extended: pauses, and the freezes
    held now, carry it over the periods missed until then (see ``outlook``). ``freezes`` are those held;
    they and their rules are None while the environment has none.
    """

    length: int
    frequency: Frequency
    started: int | None = None
    period_start: int | None = None
    period_end: int | None = None
    expires: int | None = None
    extended_at: int | None = None
    freezes: int | None = None
    most_freezes: int | None = None
    freeze_interval: int | None = None
    freeze_amount: int | None = None


class HistoryPeriod(Struct, frozen=True):
    """One period of the past: first and last day, and the length of the run in it (0 when none).

    ``reset_at`` (Unix ms) is when the streak was reset to zero in it, if it was.
    """

    start: int
    end: int
    length: int
    used_freeze: bool = False
    used_pause: bool = False
    reset_at: int | None = None


def let_pass(draft: Draft) -> None:
    """Let the time up to the command pass, in the zone the user was in, and follow the user into a new one.

    What an event places in history is decided as of its own time; its past is repaired, not relived.
    """
    settings, user = draft.rules.settings, draft.before.user
    if user is None:
        draft.user = endowed(settings.freezes, draft.user, draft.now)
        return
    if is_due(settings, user, draft.streaks, draft.at):
        _pass(draft, lapse(settings, user, draft.streaks, draft.pauses, draft.at))
    if draft.profile.moved:
        follow(draft, revive=True)
    if user.paused_until is not None and user.paused_until >= draft.day:
        draft.pauses()  # read now: the answer tells until when the streak lasts


def _pass(draft: Draft, passed: Lapse) -> None:
    draft.lapse = passed.moves
    draft.rows = {(row.frequency, row.period): row for row in passed.rows}
    if passed.streaks:
        draft.streaks = {**draft.streaks, **passed.streaks}
    hold_freezes(draft, passed.user)


def hold_freezes(draft: Draft, user: UserState) -> None:
    """Let the drafted user hold the freezes of ``user``."""
    held = (user.freezes, user.freezes_granted, user.freezes_at)
    if held != (draft.user.freezes, draft.user.freezes_granted, draft.user.freezes_at):
        draft.user = replace(draft.user, freezes=held[0], freezes_granted=held[1], freezes_at=held[2])
        draft.profile_changed = True


def follow(draft: Draft, *, revive: bool = False) -> None:
    """Move the expiry of streaks with a new zone or new days off: later if it helps, never earlier.

    A zone in which the missed period is not over yet brings a lost streak back (``revive``).
    """
    settings, moved = draft.rules.settings, {}
    for frequency, state in draft.streaks.items():
        expires_at = expiry(frequency, state.last_period, draft.zone, settings.days_off)
        back = state.lost and revive and state.days > 0 and expires_at > draft.at
        if expires_at > state.expires_at and (back or not state.lost):
            moved[frequency] = replace(state, expires_at=expires_at, lost=False)
            if back and frequency is settings.frequency:
                draft.lapse = replace(draft.lapse, lost=0)
    if moved:
        draft.streaks = {**draft.streaks, **moved}


def count_event(draft: Draft, metric: int, value: int) -> None:
    """Let a positive change of a metric count toward the periods it falls into, at all frequencies."""
    rules = draft.rules
    if value <= 0 or (rules.metrics and metric not in rules.metrics) or not has_streaks(draft.user):
        return
    for frequency, period in periods_of(draft.day, rules.settings.week_start):
        state = draft.streaks.get(frequency)
        if state is not None:
            if state.last_period == period and state.days and not state.bridged:
                continue  # it counts already, as for nearly every event
            state = aligned(state, frequency, rules.settings, draft.zone)
        if state is None or period > state.last_period:
            _count_next(draft, frequency, period, state)
        elif _may_repair(draft, period, state):
            _count_late(draft, frequency, period, state)


def _may_repair(draft: Draft, period: int, state: StreakState) -> bool:
    """Tell whether a period not later than the last one may count still: late, bridged, or after a reset."""
    if period == state.last_period:
        return state.bridged > 0 or state.days == 0
    return draft.at < state.extended_at or state.bridged > 0


def _count_next(draft: Draft, frequency: Frequency, period: int, state: StreakState | None) -> None:
    if _counts(draft, frequency, period):
        row = _row(draft, frequency, period)
        _put(draft, row, count(state, row, draft.rules.settings.days_off))


def _count_late(draft: Draft, frequency: Frequency, period: int, known: StreakState) -> None:
    rows = draft.periods_of(frequency)
    before = tuple(rows)
    held = next((row for row in rows if covers(row, period)), None)
    if not _is_open(draft, held, known) or not _counts(draft, frequency, period):
        return
    row = _row(draft, frequency, period)
    if held is not None:
        row = replace(row, period=held.period, reset_at=held.reset_at, restored=held.restored)
        _give_back(draft, held)
        rows.remove(held)
    rows.append(row)
    rows.sort(key=lambda each: each.period)
    settings = draft.rules.settings
    if frequency is settings.frequency:
        draft.lengths = lengths_reached(rows, settings, known)
        draft.joined = joined(before, rows, settings, known)
    _put(draft, row, refolded(rows, settings, known))


def _is_open(draft: Draft, held: StreakPeriod | None, known: StreakState) -> bool:
    """Tell whether a period may still be earned: nobody counted it, or it was bridged or reset before."""
    if held is None:
        return draft.at < known.extended_at
    if held.reset_at is not None:
        return (held.kind == RESET or held.counted_at < held.reset_at) and draft.at >= held.reset_at
    return held.kind != EARNED


def _give_back(draft: Draft, held: StreakPeriod) -> None:
    """Give back the freeze of a period that is earned after all, as far as the user may hold it."""
    freezes = draft.rules.settings.freezes
    if held.kind != FREEZE or freezes is None:
        return
    user = draft.user
    if user.freezes < freezes.most:
        hold_freezes(draft, replace(user, freezes=user.freezes + 1))
    else:
        hold_freezes(draft, replace(user, freezes_granted=user.freezes_granted - 1))


def _row(draft: Draft, frequency: Frequency, period: int) -> StreakPeriod:
    expires_at = expiry(frequency, period, draft.zone, draft.rules.settings.days_off)
    return StreakPeriod(frequency, period, draft.at, expires_at, draft.day)


def _put(draft: Draft, row: StreakPeriod, state: StreakState) -> None:
    if row.frequency is draft.rules.settings.frequency:
        old = draft.streaks.get(row.frequency)
        alive = old is not None and old.days > 0 and draft.at < old.expires_at
        draft.extended = old is None or not alive or state.length > old.length
        draft.started = draft.extended and state.days == 1
    put_period(draft, row, state)


def put_period(draft: Draft, row: StreakPeriod, state: StreakState) -> None:
    """Write a period and the streak it leads to."""
    draft.rows = {**draft.rows, (row.frequency, row.period): row}
    draft.streaks = {**draft.streaks, row.frequency: state}


def moves_of(draft: Draft) -> StreakMoves:
    """Give what the command did to the streak, what the time before it brought included."""
    if not draft.extended:
        return draft.lapse
    return replace(draft.lapse, started=draft.started, extended=not draft.started)


def _counts(draft: Draft, frequency: Frequency, period: int) -> bool:
    rules = draft.rules
    if not rules.measures:
        return True
    met = (
        _sum(draft, measure, period, period_end(frequency, period)) >= max(threshold, 1)
        for measure, threshold in rules.measures
    )
    return all(met) if rules.settings.mode is EvaluationMode.ALL else any(met)


def _sum(draft: Draft, measure: int, first: int, last: int) -> int:
    since = min(start for _, start in periods_of(draft.day, draft.rules.settings.week_start))
    days = draft.require(Depth(days_since=since, some=())).days.get(measure, {})
    held = sum(moved.change for day, moved in days.items() if first <= day <= last)
    return held + sum(change.change for change in draft.changes if change.measure == measure)


def length_at(settings: StreakSettings, snapshot: Snapshot, now: int) -> int:
    """Give the length of a user's streak at ``now`` (Unix ms), 0 when there is none or it is lost."""
    streaks, _ = lapsed(settings_for(settings, snapshot.user), snapshot, now)
    state = streaks.get(settings.frequency)
    return state.length if state is not None and _alive(state, snapshot.user, now) else 0


def _alive(state: StreakState, user: UserState | None, now: int) -> bool:
    return now < state.expires_at and has_streaks(user)


def current(settings: StreakSettings, snapshot: Snapshot, now: int) -> StreakView:
    """Give a user's streak at the settings' frequency as it reads at ``now`` (Unix ms).

    What the time has brought since it was written is told too: freezes used or earned, and losses.
    """
    own = settings_for(settings, snapshot.user)
    streaks, passed = lapsed(own, snapshot, now)
    user = snapshot.user if passed is None else passed.user
    frequency, freezes = settings.frequency, _freezes(settings, user)
    state = streaks.get(frequency)
    if state is None or user is None or not _alive(state, user, now):
        return StreakView(0, frequency, **freezes)
    zone = zone_of(user.tz)
    start = period_start(frequency, local_day(now, zone), settings.week_start)
    return StreakView(
        state.length,
        frequency,
        state.started,
        start,
        period_end(frequency, start),
        last_day(own, user, _pauses(snapshot), local_day(state.expires_at - 1, zone)),
        state.extended_at,
        **freezes,
    )


def _pauses(snapshot: Snapshot) -> tuple[StreakPause, ...]:
    return () if snapshot.details is None else snapshot.details.pauses


def _freezes(settings: StreakSettings, user: UserState | None) -> dict[str, int | None]:
    freezes = settings.freezes
    if freezes is None:
        return {}
    return {
        "freezes": 0 if user is None else user.freezes,
        "most_freezes": freezes.most,
        "freeze_interval": freezes.interval,
        "freeze_amount": freezes.amount,
    }


def history(settings: StreakSettings, snapshot: Snapshot, now: int, n: int) -> tuple[HistoryPeriod, ...]:
    """Give the last ``n`` periods, oldest first, up to and including the current one.

    ``snapshot`` must have been read with its periods. A period without activity shows the length of
    the run it lies in (a day off, or the current period of a live streak), else 0.
    """
    settings = settings_for(settings, snapshot.user)
    frequency = settings.frequency
    zone = zone_of(None if snapshot.user is None else snapshot.user.tz)
    day, ends = local_day(now, zone), []
    for _ in range(n):
        start = period_start(frequency, day, settings.week_start)
        ends.append(start)
        day = start - 1
    spans = _spans(settings, snapshot, now) if has_streaks(snapshot.user) else []
    return tuple(_past_period(frequency, start, spans) for start in reversed(ends))


class _Span(Struct, frozen=True):
    """From a counted period up to (not including) the next one; ``carry`` is the length between."""

    first: int
    link: Link
    carry: int


def _spans(settings: StreakSettings, snapshot: Snapshot, now: int) -> list[_Span]:
    streaks, passed = lapsed(settings, snapshot, now)
    known = streaks.get(settings.frequency)
    held = snapshot.details.periods if snapshot.details is not None else ()
    held = held if passed is None else (*held, *passed.rows)
    rows = [row for row in held if row.frequency is settings.frequency]
    links = list(chain(rows, settings, known))
    spans = [
        _Span(_first(link.row, settings), link, _between(link, after, settings, known))
        for link, after in pairwise(links)
    ]
    if links and known is not None:
        alive = now < known.expires_at
        spans.append(_Span(_first(links[-1].row, settings), links[-1], known.length if alive else 0))
    return spans


def _first(row: StreakPeriod, settings: StreakSettings) -> int:
    """Give the first day of a counted period, in the weeks of the settings."""
    if row.frequency is Frequency.WEEKLY and (row.period - settings.week_start) % 7:
        return period_start(row.frequency, row.day, settings.week_start)
    return row.period


def _between(link: Link, after: Link, settings: StreakSettings, known: StreakState | None) -> int:
    """Give the length of the run in the periods between two counted ones."""
    if link.state.days == 0 or after.row.restored is not None:
        return 0
    goes_on = after.row.kind != EARNED or linked(link.row, after.row, settings, known)
    return link.state.length if goes_on else 0


def _past_period(frequency: Frequency, start: int, spans: list[_Span]) -> HistoryPeriod:
    end = period_end(frequency, start)
    span = next((each for each in reversed(spans) if each.first <= end), None)
    if span is None:
        return HistoryPeriod(start, end, 0)
    row = span.link.row
    if span.first < start:
        return HistoryPeriod(start, end, span.carry)
    length = span.link.state.length
    return HistoryPeriod(start, end, length, row.kind == FREEZE, row.kind == PAUSE, row.reset_at)
