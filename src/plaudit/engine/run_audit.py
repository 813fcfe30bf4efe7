"""The audit of runs that holds under any settings: periods stand on events, and streaks on their periods.

Settings that have changed since, or are a user's own, decide which periods count and which of them a
run strings together; they do not touch what is checked here. Refuses to judge what is missing.
"""

from collections.abc import Iterator, Sequence

from plaudit.engine.runs import EARNED, covers, shown
from plaudit.model.catalog import Frequency
from plaudit.model.state import Event, Snapshot, StreakPeriod, StreakState


def audit_runs(snapshot: Snapshot, events: Sequence[Event]) -> Iterator[str]:
    """Give one sentence per period without its event, and per streak its periods do not make.

    Args:
        snapshot: the user, read with every period.
        events: the whole log.
    """
    held = () if snapshot.details is None else snapshot.details.periods
    moments = {(event.day, event.at) for event in events if event.value > 0}
    for row in held:
        if row.kind == EARNED and (row.day, row.counted_at) not in moments:
            yield f"the {row.frequency} period {row.period} counts by an event that is not logged"
    for frequency, state in snapshot.streaks.items():
        rows = sorted((row for row in held if row.frequency is frequency), key=lambda row: row.period)
        why = _why_not(frequency, state, rows)
        if why is not None:
            yield f"the {frequency} streak is kept with {why}"


def _why_not(frequency: Frequency, state: StreakState, rows: list[StreakPeriod]) -> str | None:
    """Tell what the periods do not make of a kept streak; None when they make all of it."""
    if not rows:
        return "no period that counts"
    if not covers(rows[-1], state.last_period) and state.last_period != rows[-1].period:
        return f"the last period {state.last_period}, its periods end with {rows[-1].period}"
    if state.longest < state.length:
        return f"a length of {state.length} and {state.longest} as the longest"
    marked = max((row.period for row in rows if _is_marked(row)), default=0)
    run = [row for row in rows if row.day >= state.started]
    if not state.days or not run or run[0].period <= marked:
        return None  # a reset or a restore says what it stood at; the periods alone do not
    return _why_no_run(frequency, state, run)


def _why_no_run(frequency: Frequency, state: StreakState, run: list[StreakPeriod]) -> str | None:
    """Hold a run that nobody reset or restored against its periods, the first one first."""
    earned = [row for row in run if row.kind == EARNED]
    bridged = len(run) - 1 - max((place for place, row in enumerate(run) if row.kind == EARNED), default=-1)
    if state.days != len(earned):
        return f"{state.days} periods, it has {len(earned)}"
    if state.bridged != bridged:
        return f"{state.bridged} bridged periods at its end, there are {bridged}"
    if not earned or earned[0].day != state.started:
        return f"the first day {state.started}, on which no period came to count"
    least = shown(frequency, state.days, state.started_at, state.extended_at)
    if not least <= state.length <= state.days:
        return f"a length of {state.length}, its periods make {least}"
    return None


def _is_marked(row: StreakPeriod) -> bool:
    return row.reset_at is not None or row.restored is not None
