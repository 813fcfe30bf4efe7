"""Turns the points that a user's outcomes moved into the rows to write: one row per key.

Refuses environments without points at once, so that their events pay nothing.
"""

from collections.abc import Sequence

from plaudit.model.outcome import Outcome, PointsDayWrite, Writes
from plaudit.model.state import Snapshot


def gather_points(before: Snapshot, outcomes: Sequence[Outcome], writes: Writes) -> None:
    """Add what a user's outcomes awarded, and the due instants they moved."""
    subject = before.who.subject
    if outcomes[-1].after.points is not before.points:
        _gather_awards(subject, outcomes, writes)
    for outcome in outcomes:
        for trigger, due in outcome.dues:
            _plan(subject, trigger, due, writes, born=outcome.created)


def _gather_awards(subject: bytes, outcomes: Sequence[Outcome], writes: Writes) -> None:
    days: dict[tuple[int, int], int] = {}
    for outcome in outcomes:
        for award in outcome.awards:
            writes.awards.append((subject, award))
            key = (award.system, award.day)
            days[key] = days.get(key, 0) + award.awarded
    for (system, day), change in days.items():
        writes.points_days.append(PointsDayWrite(subject, system, day, change))


def _plan(subject: bytes, trigger: int, due: int | None, writes: Writes, *, born: bool) -> None:
    if due is None:
        writes.ended_dues.append((subject, trigger))
    elif born:
        writes.new_dues.append((subject, trigger, due))
    else:
        writes.moved_dues.append((subject, trigger, due))
