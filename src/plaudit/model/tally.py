"""A user's tally: every number an event reads and moves, kept as one value beside the user.

The log and the history have rows of their own; the tally is where they led to.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from plaudit.model.catalog import Frequency
from plaudit.model.leaderboards import NewestScore, Score, in_run
from plaudit.model.points import PointsState
from plaudit.model.state import MeasureTotal, NewestDay, Snapshot, StreakState


class Tally(Struct, frozen=True, gc=False, omit_defaults=True):
    """Totals and marks by measure, streaks, points by system; the newest score by board; newest days.

    Scores of earlier runs of a board and changes on earlier days stand in rows: they are seldom read and
    hardly ever move. ``days`` are by measure, ``points_days`` by system. Scores come last, since their ranks
    may be counted by another process than the rest.
    """

    totals: dict[int, MeasureTotal] = {}
    streaks: dict[Frequency, StreakState] = {}
    points: dict[int, PointsState] = {}
    marks: dict[int, int] = {}
    days: dict[int, NewestDay] = {}
    points_days: dict[int, NewestDay] = {}
    scores: dict[int, NewestScore] = {}


def tally_of(
    it: Snapshot,
    scores: Mapping[tuple[int, int], Score],
    days: dict[int, NewestDay] | None = None,
    points_days: dict[int, NewestDay] | None = None,
) -> Tally:
    """Give the tally of a user as it will be written.

    Args:
        it: the user after everything.
        scores: by board and first day of the run; the newest of each board has to be among them.
        days: the newest day of each measure, if it is not as it was read.
        points_days: the same of each points system.
    """
    return Tally(
        it.totals,
        it.streaks,
        it.points,
        it.marks,
        it.days if days is None else days,
        it.points_days if points_days is None else points_days,
        newest_of(scores),
    )


def newest_runs(scores: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Give the newest run (its first day) of each board, of scores by board and run."""
    found: dict[int, int] = {}
    for board, run in scores:
        if found.get(board, run) <= run:
            found[board] = run
    return found


def newest_of(scores: Mapping[tuple[int, int], Score]) -> dict[int, NewestScore]:
    """Give the score of each board's newest run."""
    found: dict[int, NewestScore] = {}
    for (board, run), it in scores.items():
        known = found.get(board)
        if known is None or known.run <= run:
            found[board] = in_run(it, run)
    return found
