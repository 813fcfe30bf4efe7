"""Turns the outcomes of a group into the rows to write: one row per key, sorted by subject."""

from collections.abc import Iterable

from plaudit.model.catalog import Frequency
from plaudit.model.outcome import (
    CompletionWrite,
    DayWrite,
    EventWrite,
    Outcome,
    PauseWrite,
    PeriodWrite,
    RevocationWrite,
    StreakWrite,
    TotalWrite,
    UserWrite,
    Writes,
)
from plaudit.model.state import DayChange, MeasureTotal, Snapshot, StreakPeriod, StreakState
from plaudit.operations.board_writes import put_ranks
from plaudit.operations.points_writes import gather_points


def gather(folds: Iterable[tuple[Snapshot, list[Outcome]]]) -> Writes:
    """Join what each user's outcomes caused; ``folds`` come sorted by subject, replays left out."""
    writes = Writes()
    for before, outcomes in folds:
        if outcomes:
            _gather_user(before, outcomes, writes)
    return writes


def _gather_user(before: Snapshot, outcomes: list[Outcome], writes: Writes) -> None:
    who, after = before.who, outcomes[-1].after
    if after.user is None:
        return
    profile = False
    totals: dict[int, MeasureTotal] = {}
    days: dict[tuple[int, int], DayChange] = {}
    streaks: dict[Frequency, StreakState] = {}
    periods: dict[tuple[Frequency, int], StreakPeriod] = {}
    for outcome in outcomes:
        profile = profile or outcome.profile_changed
        for row in outcome.periods:
            periods[row.frequency, row.period] = row
        _gather_measures(outcome, totals, days)
        streaks.update(outcome.streaks)
        _gather_rows(before, outcome, writes)
    if before.user is None or profile or after.user.seq != before.user.seq:
        writes.users.append(UserWrite(who, after.user, before.user is None, profile))
    if after.scores is not before.scores:
        put_ranks(who, [rank for outcome in outcomes for rank in outcome.ranks], writes)
    subject = who.subject
    for measure, total in totals.items():
        writes.totals.append(TotalWrite(subject, measure, total.total, total.last_at))
    for (measure, day), moved in days.items():
        writes.days.append(DayWrite(subject, measure, day, moved.change, moved.last_at))
    for row in periods.values():
        writes.periods.append(PeriodWrite(subject, row))
    for frequency, state in streaks.items():
        writes.streaks.append(StreakWrite(subject, frequency, state))
    gather_points(before, outcomes, writes)


def _gather_measures(
    outcome: Outcome, totals: dict[int, MeasureTotal], days: dict[tuple[int, int], DayChange]
) -> None:
    for moved in outcome.changes:
        totals[moved.measure] = moved.total
        at = outcome.event.at if outcome.event else moved.total.last_at
        key = (moved.measure, moved.day)
        known = days.get(key)
        if known is None:
            days[key] = DayChange(moved.change, at)
        else:
            days[key] = DayChange(known.change + moved.change, max(known.last_at, at))


def _gather_rows(before: Snapshot, outcome: Outcome, writes: Writes) -> None:
    who = before.who
    for pause in outcome.pauses:
        writes.pauses.append(PauseWrite(who.subject, pause))
    for completion in outcome.completed:
        writes.completions.append(CompletionWrite(who, completion))
    if outcome.action is not None:
        writes.actions.append(outcome.action)
        at = outcome.action.at
        writes.revoked.extend(RevocationWrite(who, completion, at) for completion in outcome.revoked)
    event = outcome.event
    if event is not None and outcome.metric is not None:
        used = outcome.after.keys.get((outcome.metric, event.key)) if event.key is not None else None
        writes.events.append(EventWrite(who.subject, event, used.fingerprint if used else None))
