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
from plaudit.model.leaderboards import Score, ScoreChange
from plaudit.model.outcome import Writes
from plaudit.model.points import PointsAward
from plaudit.model.state import Event, Snapshot
from plaudit.operations.board_writes import put_ranks
from plaudit.operations.rank_boards import Move, count_ranks
from plaudit.storage.port import Transaction

Key = tuple[int, int]
"""``(board, start of the run)``."""


class Staying(Struct, frozen=True):
    """The user others become part of, as it will be, with its log and its awards."""

    snapshot: Snapshot
    events: Sequence[Event]
    awards: Sequence[PointsAward]


async def leave_boards(
    tx: Transaction,
    rulebook: Rulebook,
    leaving: Sequence[Snapshot],
    staying: Staying | None,
    now: int,
) -> Writes:
    """Give the writes of leaderboards when users (locked in ``tx``) go, or become part of another one."""
    writes, book = Writes(), rulebook.boards
    if book is None:
        return writes
    people = {each.who.subject: each for each in leaving}
    gone = set(people)
    if staying is not None:
        people[staying.snapshot.who.subject] = staying.snapshot
    moves: list[Move] = []
    for subject in sorted(people):
        old = dict(await tx.boards.scores_of(subject))
        new: dict[Key, Score] = {}
        if staying is not None and subject not in gone:
            new = dict(rebuilt(rulebook, staying.snapshot, staying.events, staying.awards, now))
        keys = sorted(key for key in old.keys() | new.keys() if key[0] in book.boards)
        await tx.boards.scores([(subject, *key) for key in keys])
        for key in keys:
            if old.get(key) != new.get(key):
                change = _change(book, people[subject], key, old.get(key), new.get(key))
                moves.append(Move(subject, book.boards[key[0]].definition.max_participants, change))
    ranks = await count_ranks(tx, moves)
    for move, rank in zip(moves, ranks, strict=True):
        put_ranks(people[move.subject].who, [rank], writes, days=False)
    writes.scores[:] = [score for score in writes.scores if score.subject not in gone]
    return writes


def _change(book: BoardBook, it: Snapshot, key: Key, before: Score | None, new: Score | None) -> ScoreChange:
    rule, user = book.boards[key[0]], it.user
    after = new or Score(None, 0, 0 if before is None else before.reached_at)
    run = run_at(rule.definition, key[1]) or current_run(rule.definition, after.reached_at)
    attributes = {} if user is None else user.attributes
    day = local_day(after.reached_at, zone_of(None if user is None else user.tz))
    return ScoreChange(key[0], replace(run, start=key[1]), before, after, rule.values(attributes) or (), day)
