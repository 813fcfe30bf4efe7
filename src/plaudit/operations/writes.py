"""Turns the outcomes of a group into the rows to write: one row per key, sorted by subject."""

from collections.abc import Iterable

from plaudit.model.catalog import Frequency
from plaudit.model.outcome import (
    CompletionWrite,
    EventWrite,
    Outcome,
    PauseWrite,
    PeriodWrite,
    RevocationWrite,
    StreakWrite,
    UserWrite,
    Writes,
)
from plaudit.model.state import Snapshot, StreakPeriod, StreakState
from plaudit.model.tally import tally_of
from plaudit.operations.board_writes import Scores, put_ranks
from plaudit.operations.day_writes import Moved, put_days
from plaudit.operations.points_writes import gather_points


def gather(folds: Iterable[tuple[Snapshot, list[Outcome]]], *, ranked: bool = True) -> Writes:
    """Join what each user's outcomes caused; ``folds`` come sorted by subject, replays left out.

    Unless ``ranked``, scores that moved are left out, of the tally too, since their ranks are to be counted.
    """
    writes = Writes()
    for before, outcomes in folds:
        if outcomes:
            _gather_user(before, outcomes, writes, ranked=ranked)
    return writes


def _gather_user(before: Snapshot, outcomes: list[Outcome], writes: Writes, *, ranked: bool) -> None:
    who, after = before.who, outcomes[-1].after
    if after.user is None:
        return
    profile = False
    days: list[Moved] = []
    streaks: dict[Frequency, StreakState] = {}
    periods: dict[tuple[Frequency, int], StreakPeriod] = {}
    for outcome in outcomes:
        profile = profile or outcome.profile_changed
        for row in outcome.periods:
            periods[row.frequency, row.period] = row
        _gather_days(outcome, days)
        streaks.update(outcome.streaks)
        _gather_rows(before, outcome, writes)
    scores: Scores = before.scores
    if after.scores is not scores and not ranked:
        scores = {}
    elif after.scores is not scores:
        scores = put_ranks(who, scores, [rank for outcome in outcomes for rank in outcome.ranks], writes)
    subject = who.subject
    newest = put_days(subject, before.days, days, writes)
    points_days = gather_points(before, outcomes, writes)
    if before.user is None or profile or _moved(before, after):
        tally = tally_of(after, scores, newest, points_days)
        writes.users.append(UserWrite(who, after.user, before.user is None, profile, tally))
    for row in periods.values():
        writes.periods.append(PeriodWrite(subject, row))
    for frequency, state in streaks.items():
        writes.streaks.append(StreakWrite(subject, frequency, state))


def _moved(before: Snapshot, after: Snapshot) -> bool:
    """Tell whether the number of events or anything in the tally is another one."""
    return (
        after.totals is not before.totals
        or after.points is not before.points
        or after.streaks is not before.streaks
        or after.marks is not before.marks
        or after.scores is not before.scores
        or after.user is not before.user
    )


def _gather_days(outcome: Outcome, days: list[Moved]) -> None:
    for moved in outcome.changes:
        at = outcome.event.at if outcome.event else moved.total.last_at
        days.append((moved.measure, moved.day, moved.change, at))


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
