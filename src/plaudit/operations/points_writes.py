"""Turns the points that a user's outcomes moved into the rows to write: one row per key.

Refuses environments without points at once, so that their events pay nothing.
"""

from collections.abc import Sequence

from plaudit.model.outcome import Outcome, PointsDayWrite, Writes
from plaudit.model.points import PointsAward
from plaudit.model.state import NewestDay, Snapshot
from plaudit.operations.day_writes import part_days


def gather_points(before: Snapshot, outcomes: Sequence[Outcome], writes: Writes) -> dict[int, NewestDay]:
    """Add what a user's outcomes awarded and the dues they moved; give the newest days after them."""
    subject = before.who.subject
    for outcome in outcomes:
        for trigger, due in outcome.dues:
            _plan(subject, trigger, due, writes, born=outcome.created)
    if outcomes[-1].after.points is before.points:
        return before.points_days
    awards = [award for outcome in outcomes for award in outcome.awards]
    return put_awards(subject, awards, before.points_days, writes)


def put_awards(
    subject: bytes, awards: Sequence[PointsAward], held: dict[int, NewestDay], writes: Writes
) -> dict[int, NewestDay]:
    """Write awards and the days they belong to; give the newest day of each system after them."""
    writes.awards.extend([(subject, award) for award in awards])
    newest, rows = part_days(held, [(award.system, award.day, award.awarded, 0) for award in awards])
    for (system, day), it in rows.items():
        writes.points_days.append(PointsDayWrite(subject, system, day, it.change))
    return newest


def _plan(subject: bytes, trigger: int, due: int | None, writes: Writes, *, born: bool) -> None:
    if due is None:
        writes.ended_dues.append((subject, trigger))
    elif born:
        writes.new_dues.append((subject, trigger, due))
    else:
        writes.moved_dues.append((subject, trigger, due))
