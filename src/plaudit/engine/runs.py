"""Runs: periods that count, strung together into streaks.

Refuses to decide whether a period counts; see ``streaks``. The rules: a run goes on while the next
period comes before the run expires; a zone change never breaks it; a daily length never exceeds the
whole 24 hours elapsed + 2, so that travelling mints no days.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from plaudit.engine.peaks import Peaks
from plaudit.engine.periods import DAY_MS, next_period
from plaudit.model.catalog import Frequency, StreakSettings
from plaudit.model.state import StreakPeriod, StreakState

EARNED = "earned"
"""Kind of a period earned by events; periods of other kinds bridge a run without lengthening it."""

FREEZE = "freeze"
"""Kind of a missed period bridged by a streak freeze."""

PAUSE = "pause"
"""Kind of a period covered by a streak pause."""


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
    days, extended_at = state.days, state.extended_at
    if row.kind == EARNED:
        days, extended_at = days + 1, max(extended_at, row.counted_at)
    length = max(state.length, shown(row.frequency, days, state.started_at, extended_at))
    longest = max(state.longest, length)
    expires_at = max(state.expires_at, row.expires_at)
    return StreakState(
        days, length, longest, state.started, state.started_at, row.period, extended_at, expires_at
    )


def count(state: StreakState | None, row: StreakPeriod, days_off: tuple[int, ...]) -> StreakState:
    """Count a period later than every counted one: it goes on with the run, or starts a new one.

    The calendar's next period goes on even if the run's expiry was worked out under other zone rules.
    """
    if state is None:
        return begun(row, 0)
    if row.counted_at < state.expires_at or row.period <= next_period(
        row.frequency, state.last_period, days_off
    ):
        return extended(state, row)
    return begun(row, state.longest)


def chain(
    rows: Iterable[StreakPeriod], settings: StreakSettings, known: StreakState | None
) -> Iterator[Link]:
    """Fold all periods of one frequency, ascending, into runs again.

    ``known`` is the state the same periods had led to, except for those that came late: what it
    held together across zone changes stays together.
    """
    before: StreakPeriod | None = None
    state: StreakState | None = None
    for row in rows:
        if state is not None and before is not None and linked(before, row, settings, known):
            state = extended(state, row)
        elif row.kind == EARNED:
            state = begun(row, 0 if state is None else state.longest)
        else:
            continue
        before = row
        yield Link(row, state)


def linked(
    before: StreakPeriod, row: StreakPeriod, settings: StreakSettings, known: StreakState | None
) -> bool:
    """Tell whether a period goes on with the run of the counted period before it."""
    return (
        row.period <= next_period(row.frequency, before.period, settings.days_off)
        or row.counted_at < before.expires_at
        or (known is not None and known.started <= before.day and row.period <= known.last_period)
    )


def refolded(rows: Iterable[StreakPeriod], settings: StreakSettings, known: StreakState) -> StreakState:
    """Give the state after late periods were put among the rows."""
    last = known
    for link in chain(rows, settings, known):
        last = link.state
    return StreakState(
        last.days,
        last.length,
        max(known.longest, last.longest),
        last.started,
        last.started_at,
        last.last_period,
        max(known.extended_at, last.extended_at),
        max(known.expires_at, last.expires_at),
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
