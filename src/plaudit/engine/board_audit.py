"""The audit of one user's scores: built anew from what happened, and held against what is kept.

Refuses to repair; it names each drift in one sentence.
"""

from collections.abc import Iterator, Sequence

from plaudit.engine.board_rules import BoardRule
from plaudit.engine.board_runs import is_open, run_at
from plaudit.engine.leaderboards import rebuilt
from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.rulebook import Rulebook
from plaudit.model.leaderboards import RankBy, Score
from plaudit.model.points import PointsAward
from plaudit.model.state import Event, Snapshot

Key = tuple[int, int]


def audit_scores(
    rulebook: Rulebook,
    snapshot: Snapshot,
    events: Sequence[Event],
    awards: Sequence[PointsAward],
    kept: dict[Key, Score],
    now: int,
) -> list[str]:
    """Give one sentence per score that does not follow from what happened.

    Boards that the backdate job has not come to are not judged, nor hours of the day for users whose
    zone has changed: the log keeps local days, not local hours.

    Args:
        rulebook: the newest definitions of the user's environment.
        snapshot: the user, read with every detail.
        events: the whole log by ``seq``.
        awards: every award of points.
        kept: the scores as they are kept, from the same moment.
        now: Unix milliseconds.
    """
    book, user = rulebook.boards, snapshot.user
    if book is None or user is None:
        return []
    should = rebuilt(rulebook, snapshot, events, awards, now)
    travelled = any(local_day(event.at, zone_of(user.tz)) != event.day for event in events)
    found: list[str] = []
    for key in sorted(should.keys() | kept.keys()):
        rule = book.boards.get(key[0])
        if rule is not None and rule.definition.since <= user.settled and _judged(rule, key, travelled, now):
            found.extend(_drifts(rule, key, kept.get(key), should.get(key), now))
    return [f"user {user.id}: {drift}" for drift in found]


def _judged(rule: BoardRule, key: Key, travelled: bool, now: int) -> bool:
    board = rule.definition
    run = run_at(board, key[1])
    if board.status == "inactive" or run is None:
        return False
    if board.rank_by is RankBy.STREAK:
        return is_open(board, run, now)
    return not travelled or (board.start_time is None and board.end_time is None)


def _drifts(rule: BoardRule, key: Key, kept: Score | None, should: Score | None, now: int) -> Iterator[str]:
    board = rule.definition
    has = 0 if kept is None else kept.score
    is_due = 0 if should is None else should.score
    name = f"the score on '{board.key}' in run {key[1]}"
    if has != is_due and not (board.rank_by is RankBy.STREAK and is_due < has):
        yield f"{name} is kept as {has}, what happened makes {is_due}"  # a lost streak leaves within seconds
    elif kept is not None and should is not None and has == is_due:
        run = run_at(board, key[1])
        if kept.reached_at != should.reached_at:
            yield f"{name} is said to be reached at {kept.reached_at}, not {should.reached_at}"
        if run is not None and is_open(board, run, now) and kept.ranking != should.ranking:
            yield f"{name} stands in another ranking than the user's attributes say"
