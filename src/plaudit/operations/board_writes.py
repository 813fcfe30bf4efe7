"""Turns counted changes of rank into the rows to write: scores, their past days, and the moves of rankings.

Refuses to count: what is written was worked out before (see ``rank_boards``).
"""

from collections.abc import Sequence

from plaudit.model.leaderboards import RankChange, Ranking, Score, rank_key
from plaudit.model.outcome import RankDayWrite, ScoreWrite, Writes
from plaudit.model.state import Identity

Days = dict[int, tuple[int | None, int]]
"""Rank and score after a day's last change, by day."""


def put_ranks(who: Identity, ranks: Sequence[RankChange], writes: Writes, *, days: bool = True) -> None:
    """Write one user's changes: the last score of each run, and the way from the first entry to the last."""
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
        stays = before is not None and before.ranking == score.ranking
        writes.scores.append(ScoreWrite(who.subject, board, run, score, stays))
        for day, it in kept.items():
            writes.rank_days.append(RankDayWrite(who.subject, board, run, day, *it))
        _move(who, before, last, writes)


def _days_before(score: Score | None) -> Days:
    """Give the day that a score holds beside itself, to be kept apart once it ends."""
    return {} if score is None or score.day is None else {score.day: (score.rank, score.score)}


def _move(who: Identity, before: Score | None, last: RankChange, writes: Writes) -> None:
    old, new = rank_key(who.subject, before), rank_key(who.subject, last.change.after)
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
