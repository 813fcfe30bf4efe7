"""What becomes of leaderboards when a user goes or is merged: entries leave, or move to what the log makes.

Refuses to touch other users' entries; their ranks follow by counting.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.board_rules import BoardBook
from plaudit.engine.board_runs import current_run, run_at
from plaudit.engine.leaderboards import rebuilt
from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.rulebook import Rulebook
from plaudit.model.leaderboards import RankChange, Score, ScoreChange, rank_key, same_place
from plaudit.model.outcome import Writes
from plaudit.model.points import PointsAward
from plaudit.model.state import Event, Identity, Snapshot
from plaudit.operations.board_writes import Scores, put_ranks
from plaudit.operations.rank_boards import Move, count_ranks
from plaudit.storage.port import Transaction

Key = tuple[int, int]
"""A board and the start of its run."""


class Staying(Struct, frozen=True):
    """The user others become part of, as it will be, with its log and its awards."""

    snapshot: Snapshot
    events: Sequence[Event]
    awards: Sequence[PointsAward]


async def leave_boards(
    tx: Transaction,
    rulebook: Rulebook,
    leaving: Sequence[Identity],
    staying: Staying | None,
    now: int,
    writes: Writes,
) -> Scores:
    """Write what becomes of leaderboards when users (locked in ``tx``) go, or become part of another one.

    Who goes leaves every board, also those that are deleted; the scores are erased apart. Gives the scores
    of the one who stays.
    """
    for who in leaving:
        await _leave(tx, who.subject, writes)
    if staying is None:
        return {}
    held = await tx.boards.scores_of(staying.snapshot.who.subject)
    if rulebook.boards is None:
        return held
    ranks = await _move(tx, rulebook, rulebook.boards, staying, held, now)
    return put_ranks(staying.snapshot.who, held, ranks, writes, days=False)


async def _leave(tx: Transaction, subject: bytes, writes: Writes) -> None:
    scores = await tx.boards.scores_of(subject)
    writes.left.extend(key for it in scores.values() if (key := rank_key(subject, it)) is not None)


async def _move(
    tx: Transaction, rulebook: Rulebook, book: BoardBook, staying: Staying, old: Scores, now: int
) -> list[RankChange]:
    subject = staying.snapshot.who.subject
    new = dict(rebuilt(rulebook, staying.snapshot, staying.events, staying.awards, now))
    keys = sorted(key for key in old.keys() | new.keys() if key[0] in book.boards)
    changes = [
        _change(book, staying.snapshot, key, old.get(key), new.get(key))
        for key in keys
        if not same_place(old.get(key), new.get(key))
    ]
    limits = {number: rule.definition.max_participants for number, rule in book.boards.items()}
    return await count_ranks(tx, [Move(subject, limits[each.board], each) for each in changes])


def _change(book: BoardBook, it: Snapshot, key: Key, before: Score | None, new: Score | None) -> ScoreChange:
    rule, user = book.boards[key[0]], it.user
    after = new or Score(None, 0, 0 if before is None else before.reached_at)
    run = run_at(rule.definition, key[1]) or current_run(rule.definition, after.reached_at)
    attributes = {} if user is None else user.attributes
    day = local_day(after.reached_at, zone_of(None if user is None else user.tz))
    return ScoreChange(key[0], replace(run, start=key[1]), before, after, rule.values(attributes) or (), day)
