"""Runs: periods that count, strung together into streaks.

Refuses to decide whether a period counts; see ``streaks``. The rules: a run goes on while the next
period comes before the run expires; a zone change never breaks it; a daily length never exceeds the
whole 24 hours elapsed + 2, so that travelling mints no days.
"""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.peaks import Peaks
from plaudit.engine.periods import DAY_MS, next_period, period_start
from plaudit.model.catalog import Frequency, StreakSettings
from plaudit.model.state import StreakPeriod, StreakState

CARRIED = 0
"""The ``seq`` of a completion that a merge carried along or an admin gave: the log does not lead to it."""

EARNED = "earned"
"""Kind of a period earned by events; periods of other kinds bridge a run without lengthening it."""

FREEZE = "freeze"
"""Kind of a missed period bridged by a streak freeze."""

PAUSE = "pause"
"""Kind of a period covered by a streak pause."""

RESET = "reset"
"""Kind of a period without activity in which the streak was reset to zero."""

RESTORE = "restore"
"""Kind of a missed period as of which the streak was restored."""


class Link(Struct, frozen=True):
    """A period and the run as it stood when the period had counted."""

    row: StreakPeriod
    state: StreakState


def shown(frequency: Frequency, days: int, started_at: int, extended_at: int) -> int:
    """Give the length that is shown of a run of ``days`` periods (times in Unix ms)."""
    if frequency is not Frequency.DAILY:
        return days
    return min(days, (extended_at - started_at) // DAY_MS + 2)


def begun(row: StreakPeriod, longest: int) -> StreakState:
    """Start a run with its first period."""
    at = row.counted_at
    return StreakState(1, 1, max(longest, 1), row.day, at, row.period, at, row.expires_at)


def extended(state: StreakState, row: StreakPeriod) -> StreakState:
    """Lengthen a run by its next period; a bridged period only carries it on."""
    days, extended_at, bridged = state.days, state.extended_at, state.bridged + 1
    if row.kind == EARNED:
        days, extended_at, bridged = days + 1, max(extended_at, row.counted_at), 0
    length = max(state.length, shown(row.frequency, days, state.started_at, extended_at))
    longest = max(state.longest, length)
    expires_at = max(state.expires_at, row.expires_at)
    return StreakState(
        days,
        length,
        longest,
        state.started,
        state.started_at,
        row.period,
        extended_at,
        expires_at,
        bridged=bridged,
    )


def ended(state: StreakState, row: StreakPeriod, at: int) -> StreakState:
    """Give a run that was reset to zero in the period of ``row`` at ``at`` (Unix ms)."""
    return replace(state, days=0, length=0, last_period=row.period, expires_at=at, lost=True, bridged=0)


def restored(past: Sequence[Link], row: StreakPeriod, length: int) -> StreakState:
    """Give the run that reached ``length`` among the past ones, as if it went on with ``row``."""
    best = next((link for link in reversed(past) if link.state.length >= length), None)
    if best is None:
        return begun(row, past[-1].state.longest if past else 0)
    held = best.state
    earned = row.kind == EARNED
    return replace(
        held,
        length=length,
        longest=max(link.state.longest for link in past),
        last_period=row.period,
        extended_at=max(held.extended_at, row.counted_at) if earned else held.extended_at,
        expires_at=row.expires_at,
        lost=False,
        bridged=0 if earned else 1,
    )


def count(state: StreakState | None, row: StreakPeriod, days_off: tuple[int, ...]) -> StreakState:
    """Count a period later than every counted one: it goes on with the run, or starts a new one.

    The calendar's next period goes on even if the run's expiry was worked out under other zone rules,
    but never with a run that was reset.
    """
    if state is None:
        return begun(row, 0)
    following = next_period(row.frequency, state.last_period, days_off)
    if state.days and (row.counted_at < state.expires_at or row.period <= following):
        return extended(state, row)
    return begun(row, state.longest)


def chain(
    rows: Iterable[StreakPeriod], settings: StreakSettings, known: StreakState | None
) -> Iterator[Link]:
    """Fold all periods of one frequency, ascending, into runs again.

    ``known`` is the state the same periods had led to, except for those that came late: what it
    held together across zone changes stays together.
    """
    rows = tuple(rows)
    marks = (row.period for row in rows if row.reset_at is not None or row.restored is not None)
    marked = max(marks, default=0)
    links: list[Link] = []
    for row in rows:
        state = _next_state(links, row, settings, known, marked)
        if state is not None:
            links.append(Link(row, state))
            yield links[-1]


def _next_state(
    links: list[Link], row: StreakPeriod, settings: StreakSettings, known: StreakState | None, marked: int
) -> StreakState | None:
    """Give the run after a period; None for one that belongs to no run."""
    last = links[-1] if links else None
    if row.kind == RESET:
        return None if last is None or row.reset_at is None else ended(last.state, row, row.reset_at)
    if row.restored is not None:
        return restored(links, row, row.restored)
    goes_on = (
        last is not None
        and last.state.days > 0
        and (row.kind != EARNED or linked(last.row, row, settings, known, marked))
    )
    if row.reset_at is not None and row.counted_at >= row.reset_at:
        goes_on = False
    if last is None or not goes_on:
        if row.kind != EARNED:
            return None
        state = begun(row, 0 if last is None else last.state.longest)
    else:
        state = extended(last.state, row)
    if row.reset_at is not None and row.counted_at < row.reset_at:
        return ended(state, row, row.reset_at)
    return state


def linked(
    before: StreakPeriod,
    row: StreakPeriod,
    settings: StreakSettings,
    known: StreakState | None,
    marked: int = 0,
) -> bool:
    """Tell whether a period goes on with the run of the counted period before it.

    What ``known`` held together counts from ``marked`` on, the last period of a reset or restore.
    """
    period = before.period
    if row.frequency is Frequency.WEEKLY and (row.period - period) % 7:
        period = period_start(Frequency.WEEKLY, before.day, row.period % 7 or 7)
    return (
        row.period <= next_period(row.frequency, period, settings.days_off)
        or row.counted_at < before.expires_at
        or (
            known is not None
            and before.period >= marked
            and known.started <= before.day
            and row.period <= known.last_period
        )
    )


def covers(row: StreakPeriod, period: int) -> bool:
    """Tell whether a counted period is the one that begins on ``period``.

    Weeks counted under another first day of the week are told by the day on which they counted.
    """
    if row.frequency is Frequency.WEEKLY and (row.period - period) % 7:
        return period <= row.day < period + 7
    return row.period == period


def refolded(rows: Iterable[StreakPeriod], settings: StreakSettings, known: StreakState) -> StreakState:
    """Give the state after late periods were put among the rows."""
    last = known
    for link in chain(rows, settings, known):
        last = link.state
    if last.days == 0:
        return replace(last, longest=max(known.longest, last.longest))
    expires_at = max(known.expires_at, last.expires_at) if known.days else last.expires_at
    return replace(
        last,
        longest=max(known.longest, last.longest),
        extended_at=max(known.extended_at, last.extended_at),
        expires_at=expires_at,
        lost=known.lost and known.days > 0 and expires_at == known.expires_at,
    )


def lengths_reached(
    rows: Iterable[StreakPeriod], settings: StreakSettings, known: StreakState | None
) -> Peaks:
    """Give when each streak length was reached first, over all runs."""
    peaks = Peaks([], [])
    for link in chain(rows, settings, known):
        if not peaks.levels or link.state.longest > peaks.levels[-1]:
            peaks.levels.append(link.state.longest)
            peaks.ats.append(link.row.counted_at)
    return peaks


def joined(
    before: Sequence[StreakPeriod],
    after: Sequence[StreakPeriod],
    settings: StreakSettings,
    known: StreakState | None,
) -> tuple[int, ...]:
    """Give the lengths that runs had reached whose periods are all one run now, the latest one.

    Args:
        before: the periods of one frequency, ascending, as they were.
        after: the same with a period that came late.
        settings: how streaks are counted.
        known: the state the periods before had led to.
    """
    *_, (periods, _) = _runs(chain(after, settings, known))
    return tuple(reached for those, reached in _runs(chain(before, settings, known)) if those <= periods)


def _runs(links: Iterable[Link]) -> Iterator[tuple[set[int], int]]:
    """Give the periods of each run, and the length it reached."""
    periods: set[int] = set()
    reached = 0
    for link in links:
        fresh = link.state.days == 1 and link.row.kind == EARNED
        if periods and (fresh or link.row.restored is not None):
            yield periods, reached
            periods, reached = set(), 0
        periods.add(link.row.period)
        reached = max(reached, link.state.length)
    if periods:
        yield periods, reached
