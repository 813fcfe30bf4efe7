"""A user's tally: every number an event reads and moves, kept as one value beside the user.

The log and the history have rows of their own; the tally is where they led to.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from plaudit.model.catalog import Frequency
from plaudit.model.leaderboards import NewestScore, Score, in_run
from plaudit.model.points import PointsState
from plaudit.model.state import MeasureTotal, Snapshot, StreakState


class Tally(Struct, frozen=True, gc=False, omit_defaults=True):
    """Totals by measure, streaks, points by system, marks by measure; and of each board the newest score.

    Scores of earlier runs of a board stand in rows: they are seldom read and hardly ever move.
    """

    totals: dict[int, MeasureTotal] = {}
    streaks: dict[Frequency, StreakState] = {}
    points: dict[int, PointsState] = {}
    marks: dict[int, int] = {}
    scores: dict[int, NewestScore] = {}


def tally_of(it: Snapshot, scores: Mapping[tuple[int, int], Score]) -> Tally:
    """Give the tally of a user as it will be written.

    Args:
        it: the user after everything.
        scores: by board and first day of the run; the newest of each board has to be among them.
    """
    return Tally(it.totals, it.streaks, it.points, it.marks, newest_of(scores))


def newest_runs(scores: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Give the newest run (its first day) of each board, of scores by board and run."""
    found: dict[int, int] = {}
    for board, run in scores:
        if found.get(board, run) <= run:
            found[board] = run
    return found


def newest_of(scores: Mapping[tuple[int, int], Score]) -> dict[int, NewestScore]:
    """Give the score of each board's newest run."""
    return {board: in_run(scores[board, run], run) for board, run in newest_runs(scores).items()}
