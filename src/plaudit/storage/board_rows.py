"""Leaderboards as rows: what a group writes of them, and rows read back.

Refuses SQL; a row is a tuple of values both drivers take.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from itertools import accumulate

import msgspec

from plaudit.model.leaderboards import Ranking, RankKey, Score, Standing
from plaudit.model.outcome import Writes
from plaudit.storage.rows import Row, to_json

_values = msgspec.json.Decoder(tuple[str, ...]).decode


def key_row(key: RankKey) -> Row:
    """Give a key's columns."""
    return (key.ranking, key.negated, key.reached_at, key.member)


def ranking(row: Row) -> Ranking:
    """Read a row of ``rankings_of``."""
    return Ranking(row[0], row[1], row[2], row[3], row[4], _values(row[5]))


def standing(of: int, row: Row | None) -> Standing:
    """Read a row of ``standing`` about a key of a ranking."""
    if row is None or row[0] is None:
        return Standing(None, 0, 0)
    return Standing(RankKey(of, *row[:3]), row[3], row[4])


def score(row: Row) -> Score:
    """Read the last three columns of a score."""
    return Score(*row[-3:])


def _scores(writes: Writes) -> list[Row]:
    return [
        (w.subject, w.board, w.run, w.score.ranking, w.score.score, w.score.reached_at) for w in writes.scores
    ]


def _rank_days(writes: Writes) -> list[Row]:
    return [(w.subject, w.board, w.run, w.day, w.rank, w.score) for w in writes.rank_days]


def _left(writes: Writes) -> list[Row]:
    return [key_row(key) for key in writes.left]


def _entered(writes: Writes) -> list[Row]:
    return [key_row(key) for key in writes.entered]


def ranking_rows(writes: Writes) -> list[Row]:
    """Give the rows of rankings that get their first entry."""
    return [(r.number, r.environment, r.tenant, r.board, r.run, to_json(r.values)) for r in writes.rankings]


def bucket_rows(writes: Writes) -> list[Row]:
    """Give the entries to add to buckets, summed and in the order of their keys."""
    counted: Counter[RankKey] = Counter()
    for key, count in writes.buckets:
        counted[key] += count
    return [(*key_row(key), count) for key, count in sorted(counted.items()) if count]


BOARD_STEPS: tuple[tuple[str, Callable[[Writes], list[Row]]], ...] = (
    ("put_scores", _scores),
    ("put_rank_days", _rank_days),
    ("leave_rankings", _left),
    ("enter_rankings", _entered),
)
"""Statement names and their rows of what one user has in rankings."""

SHARED_BOARD_STEPS: tuple[tuple[str, Callable[[Writes], list[Row]]], ...] = (
    ("insert_rankings", ranking_rows),
    ("move_buckets", bucket_rows),
)
"""Statement names and their rows that groups share, so they are run last and in the order of their keys."""


NEAR = 1000
"""Places from the top that are counted off one by one; farther ones are found by the buckets."""


def place(buckets: list[tuple[RankKey, int]], skip: int) -> tuple[RankKey | None, int]:
    """Find the bucket in which the entry after ``skip`` others lies, and how many to skip inside it."""
    for bound, count in buckets:
        if skip < count:
            return bound, skip
        skip -= count
    return None, 0


def compared(
    buckets: list[tuple[RankKey, int]], entries: list[RankKey]
) -> list[tuple[RankKey, int, list[RankKey]]]:
    """Lay the entries of a ranking into its buckets."""
    ends = [bisect_left(entries, bound) for bound, _ in buckets[1:]] + [len(entries)]
    starts = [0, *ends[:-1]]
    return [
        (bound, count, entries[first:end])
        for (bound, count), first, end in zip(buckets, starts, ends, strict=True)
    ]


class Sums:
    """The buckets of one ranking with the number of entries before each, for many keys at once."""

    def __init__(self, buckets: list[tuple[RankKey, int]]) -> None:
        """Add the buckets up."""
        self._bounds = [bound for bound, _ in buckets]
        self._sizes = [size for _, size in buckets]
        self._before = list(accumulate(self._sizes, initial=0))

    def find(self, key: RankKey) -> tuple[RankKey, int, int] | None:
        """Give a key's bucket, its entries and those before it; None in a ranking without buckets."""
        place = bisect_right(self._bounds, key) - 1
        return None if place < 0 else (self._bounds[place], self._sizes[place], self._before[place])
