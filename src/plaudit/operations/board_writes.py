"""Turns counted changes of rank into the rows to write: scores, entries of rankings and their buckets.

Refuses to count: what is written was worked out before (see ``rank_boards``).
"""

from collections.abc import Iterable, Sequence
from math import isqrt

from plaudit.model.leaderboards import RankChange, Ranking, RankKey, Standing, first_bound
from plaudit.model.outcome import RankDayWrite, ScoreWrite, Writes
from plaudit.model.state import Identity

LEAST = 128
"""Entries of a bucket near the top from which on it is divided."""

Told = tuple[RankKey, Standing]


def bucket_limit(before: int) -> int:
    """Give the entries from which on a bucket behind so many others is divided.

    Growing with the root, buckets stay few enough to be summed and small enough to be counted.
    """
    return max(LEAST, isqrt(before))


def put_ranks(who: Identity, ranks: Sequence[RankChange], writes: Writes, *, days: bool = True) -> None:
    """Write one user's changes: the last score of each run, and the way from the first entry to the last."""
    by_run: dict[tuple[int, int], list[RankChange]] = {}
    for each in ranks:
        by_run.setdefault((each.change.board, each.change.run.start), []).append(each)
    for (board, run), several in by_run.items():
        first, last = several[0], several[-1]
        writes.scores.append(ScoreWrite(who.subject, board, run, last.change.after))
        if days:
            kept = {each.change.day: (each.rank, each.change.after.score) for each in several}
            writes.rank_days.extend(
                RankDayWrite(who.subject, board, run, day, *it) for day, it in kept.items()
            )
        _move(who, last, first.left, last.entered, writes)


def _move(who: Identity, change: RankChange, old: Told | None, new: Told | None, writes: Writes) -> None:
    if old is not None and new is not None and old[0] == new[0]:
        return
    if old is not None:
        writes.left.append(old[0])
        writes.buckets.append((old[1].bucket or first_bound(old[0].ranking), -1))
    if new is not None:
        key, standing = new
        writes.entered.append(key)
        writes.buckets.append((standing.bucket or first_bound(key.ranking), 1))
        if standing.bucket is None:
            writes.rankings.append(_ranking(who, key.ranking, change))


def _ranking(who: Identity, number: int, change: RankChange) -> Ranking:
    it = change.change
    return Ranking(number, who.environment, who.tenant, it.board, it.run.start, it.values)


def crowded(ranks: Iterable[RankChange]) -> set[tuple[int, int]]:
    """Give ``(board, ranking)`` of the rankings with a bucket that should be divided."""
    return {
        (each.change.board, each.entered[0].ranking)
        for each in ranks
        if each.entered is not None and each.entered[1].size >= bucket_limit(each.entered[1].ahead)
    }
