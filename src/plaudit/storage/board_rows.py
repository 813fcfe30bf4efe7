"""Leaderboards as rows: what a group writes of them, and rows read back.

Refuses SQL; a row is a tuple of values both drivers take.
"""

from collections.abc import Callable, Iterator
from struct import Struct

import msgspec

from plaudit.model.leaderboards import Ranking, RankKey, Score, place_of
from plaudit.model.outcome import ScoreWrite, Writes
from plaudit.storage.rows import Row, to_json

_MOVE = Struct(">q30sb")
_values = msgspec.json.Decoder(tuple[str, ...]).decode


def place(row: Row) -> bytes:
    """Read a row of ``ranked_after``."""
    return place_of(*row)


def ranking(row: Row) -> Ranking:
    """Read a row of ``rankings_of``."""
    return Ranking(row[0], row[1], row[2], row[3], row[4], _values(row[5]))


def score(row: Row) -> Score:
    """Read the last five columns of a score."""
    return Score(*row[-5:])


def _scores(writes: Writes) -> list[Row]:
    return [(w.subject, w.board, w.run, *_numbers(w)) for w in writes.scores]


def _numbers(write: ScoreWrite) -> Row:
    it = write.score
    if write.newest:
        return (it.ranking, None, None, None, None)
    return (it.ranking, it.score, it.reached_at, it.day, it.rank)


def _rank_days(writes: Writes) -> list[Row]:
    return [(w.subject, w.board, w.run, w.day, w.rank, w.score) for w in writes.rank_days]


def ranking_rows(writes: Writes) -> list[Row]:
    """Give the rows of rankings that get their first entry."""
    return [(r.number, r.environment, r.tenant, r.board, r.run, to_json(r.values)) for r in writes.rankings]


def moves(writes: Writes) -> list[tuple[RankKey, int]]:
    """Give the entries that leave rankings (-1) and that come into them (1)."""
    return [(key, -1) for key in writes.left] + [(key, 1) for key in writes.entered]


def packed_moves(writes: Writes) -> bytes:
    """Write moves of rankings as one value, 39 bytes each."""
    return b"".join([_MOVE.pack(key.ranking, key.place, change) for key, change in moves(writes)])


def unpacked_moves(packed: bytes) -> Iterator[tuple[RankKey, int]]:
    """Read what ``packed_moves`` wrote."""
    for ranking, place, change in _MOVE.iter_unpack(packed):
        yield RankKey(ranking, place), change


BOARD_STEPS: tuple[tuple[str, Callable[[Writes], list[Row]]], ...] = (
    ("put_scores", _scores),
    ("put_rank_days", _rank_days),
)
"""Statement names and their rows of what one user has in rankings."""

SHARED_BOARD_STEPS: tuple[tuple[str, Callable[[Writes], list[Row]]], ...] = (
    ("insert_rankings", ranking_rows),
)
"""Statement names and their rows that groups share, so they are run last and in the order of their keys."""
