"""Turns counted changes of rank into the rows to write: scores, their past days, and the moves of rankings.

Refuses to count: what is written was worked out before (see ``rank_boards``).
"""

from collections.abc import Collection, Mapping, Sequence

from plaudit.model.leaderboards import RankChange, Ranking, RankKey, Score
from plaudit.model.outcome import RankDayWrite, ScoreWrite, Writes
from plaudit.model.state import Identity
from plaudit.model.tally import newest_runs

Days = dict[int, tuple[int | None, int]]
"""Rank and score after a day's last change, by day."""


Scores = Mapping[tuple[int, int], Score]
"""Scores by board and first day of the run."""


def put_ranks(
    who: Identity, held: Scores, ranks: Sequence[RankChange], writes: Writes, *, days: bool = True
) -> Scores:
    """Write one user's changes: the last score of each run, and the way from the first entry to the last.

    Args:
        who: the user.
        held: the user's scores before, of each board at least the newest run's and those that change.
        ranks: the changes, counted.
        writes: gets the rows; the tally is the caller's to write.
        days: keep the days on which the rank changed.

    Returns:
        The scores after the changes.
    """
    after = dict(held)
    by_run: dict[tuple[int, int], list[RankChange]] = {}
    for each in ranks:
        by_run.setdefault((each.change.board, each.change.run.start), []).append(each)
    for (board, run), several in by_run.items():
        before, last = several[0].change.before, several[-1]
        kept = _days_before(before)
        score = last.change.after
        if days:
            for each in several:
                kept[each.change.day] = (each.rank, each.change.after.score)
            rank, _ = kept.pop(last.change.day)
            score = Score(score.ranking, score.score, score.reached_at, last.change.day, rank)
        after[board, run] = score
        for day, it in kept.items():
            writes.rank_days.append(RankDayWrite(who.subject, board, run, day, *it))
        _move(who, several[0].left, last, writes)
    _put_rows(who.subject, held, after, by_run.keys(), writes)
    return after


def _put_rows(
    subject: bytes, held: Scores, after: Scores, moved: Collection[tuple[int, int]], writes: Writes
) -> None:
    """Write the rows of scores: the numbers of a board's newest run stand in the tally instead."""
    last = newest_runs(held)
    newest = last if len(after) == len(held) else newest_runs(after)
    for key in moved:
        board, run = key
        is_newest, was_newest = newest[board] == run, last.get(board) == run
        if not (is_newest and was_newest and held[key].ranking == after[key].ranking):
            writes.scores.append(ScoreWrite(subject, board, run, after[key], is_newest))
    for board, run in last.items():
        if newest[board] != run and (board, run) not in moved:
            writes.scores.append(ScoreWrite(subject, board, run, after[board, run]))


def _days_before(score: Score | None) -> Days:
    """Give the day that a score holds beside itself, to be kept apart once it ends."""
    return {} if score is None or score.day is None else {score.day: (score.rank, score.score)}


def _move(who: Identity, old: RankKey | None, last: RankChange, writes: Writes) -> None:
    new = last.entered
    if old == new:
        return
    if old is not None:
        writes.left.append(old)
    if new is not None:
        writes.entered.append(new)
        if last.first:
            it = last.change
            writes.rankings.append(
                Ranking(new.ranking, who.environment, who.tenant, it.board, it.run.start, it.values)
            )
