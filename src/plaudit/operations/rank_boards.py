"""Counts the ranks that a group's changes of score lead to: one reading for all of them, before the write.

Refuses to ask the database twice: how the group's own changes move each other is worked out here.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.leaderboards import asked_scores
from plaudit.engine.rulebook import Rulebook
from plaudit.model.commands import Command
from plaudit.model.leaderboards import RankChange, RankKey, Score, ScoreChange, Standing
from plaudit.model.outcome import Outcome, Refusal
from plaudit.model.state import Snapshot
from plaudit.storage.port import Transaction

Books = Mapping[int, Rulebook]
Fold = tuple[Snapshot, list[Outcome | Refusal]]


class Move(Struct, frozen=True):
    """A change of one user's score on a board that shows at most ``limit`` users per group."""

    subject: bytes
    limit: int | None
    change: ScoreChange


async def with_scores(
    tx: Transaction, books: Books, snapshots: list[Snapshot], groups: Sequence[Sequence[Command]]
) -> list[Snapshot]:
    """Give the snapshots with the scores that deciding the commands may move; nothing without boards."""
    asked = [
        (snapshot.who.subject, *key)
        for snapshot, commands in zip(snapshots, groups, strict=True)
        if (book := books[snapshot.who.environment].seen_by(snapshot.who.tenant)).boards is not None
        for key in sorted(asked_scores(book, book.boards, snapshot, commands))
    ]
    if not asked:
        return snapshots
    found = await tx.boards.scores(asked)
    return [
        replace(each, scores=found[each.who.subject]) if each.who.subject in found else each
        for each in snapshots
    ]


async def with_ranks(tx: Transaction, books: Books, folds: list[Fold]) -> list[Fold]:
    """Give the outcomes with the ranks their changes of score lead to, as if they came one by one."""
    moves = [
        Move(
            before.who.subject,
            _limit(books[before.who.environment].seen_by(before.who.tenant), change),
            change,
        )
        for before, given in folds
        for outcome in given
        if type(outcome) is Outcome
        for change in outcome.scores
    ]
    if not moves:
        return folds
    ranks = iter(await count_ranks(tx, moves))
    return [
        (
            before,
            [
                replace(each, ranks=tuple([next(ranks) for _ in each.scores]))
                if type(each) is Outcome and each.scores
                else each
                for each in given
            ],
        )
        for before, given in folds
    ]


def _limit(book: Rulebook, change: ScoreChange) -> int | None:
    return None if book.boards is None else book.boards.boards[change.board].definition.max_participants


async def count_ranks(tx: Transaction, moves: Sequence[Move]) -> list[RankChange]:
    """Count the ranks before and after each change, in their order.

    Everybody's score is kept; on the board are the best ``limit``, and others have no rank.
    """
    pairs = [(_key(m.subject, m.change.before), _key(m.subject, m.change.after)) for m in moves]
    keys = list(dict.fromkeys(key for pair in pairs for key in pair if key is not None))
    hall = Hall(dict(zip(keys, await tx.boards.standings(keys), strict=True)))
    ranks = []
    for move, (old, new) in zip(moves, pairs, strict=True):
        before = hall.rank(old, move.limit)
        hall.move(old, new)
        ranks.append((before, hall.rank(new, move.limit)))
    thresholds = await _thresholds(tx, hall, moves)
    return [
        RankChange(
            move.change, *rank, thresholds.get(move.change.after.ranking, 0), hall.told(old), hall.told(new)
        )
        for move, rank, (old, new) in zip(moves, ranks, pairs, strict=True)
    ]


def _key(subject: bytes, score: Score | None) -> RankKey | None:
    if score is None or score.ranking is None:
        return None
    return RankKey(score.ranking, -score.score, score.reached_at, subject)


class Hall:
    """Rankings as they stand while a group's changes come in one after the other."""

    def __init__(self, standings: dict[RankKey, Standing]) -> None:
        """Begin with what the database holds."""
        self._standings = standings
        self._gone: dict[int, list[RankKey]] = {}
        self._come: dict[int, list[RankKey]] = {}

    def rank(self, key: RankKey | None, limit: int | None) -> int | None:
        """Give the rank of a key, None beyond the limit."""
        if key is None:
            return None
        come, gone = self.changes(key.ranking)
        rank = self._standings[key].ahead + 1 + bisect_left(come, key) - bisect_left(gone, key)
        return rank if limit is None or rank <= limit else None

    def move(self, old: RankKey | None, new: RankKey | None) -> None:
        """Take an entry out and put one in."""
        if old == new:
            return
        if old is not None:
            _swap(self._come.setdefault(old.ranking, []), self._gone.setdefault(old.ranking, []), old)
        if new is not None:
            _swap(self._gone.setdefault(new.ranking, []), self._come.setdefault(new.ranking, []), new)

    def changes(self, ranking: int) -> tuple[list[RankKey], list[RankKey]]:
        """Give the entries of a ranking that came and those that went, ascending."""
        return self._come.get(ranking, []), self._gone.get(ranking, [])

    def told(self, key: RankKey | None) -> tuple[RankKey, Standing] | None:
        """Give a key with its standing before the group."""
        return None if key is None else (key, self._standings[key])


def _swap(back: list[RankKey], forth: list[RankKey], key: RankKey) -> None:
    """Undo what one list says about a key, or else write it into the other."""
    place = bisect_left(back, key)
    if place < len(back) and back[place] == key:
        del back[place]
    else:
        insort(forth, key)


async def _thresholds(tx: Transaction, hall: Hall, moves: Sequence[Move]) -> dict[int | None, int]:
    """Give the score of the last one on each full board, after all changes of the group."""
    counted = Counter(
        (move.change.after.ranking, move.limit)
        for move in moves
        if move.change.after.ranking is not None and move.limit is not None
    )
    asked = []
    for (ranking, limit), changes in counted.items():
        first = max(0, (limit or 0) - 1 - changes)
        asked.append((ranking or 0, first, (limit or 0) + changes - first))
    found: dict[int | None, int] = {}
    parts = await tx.boards.windows(asked)
    for (ranking, first, _), part, (_, limit) in zip(asked, parts, counted, strict=True):
        found[ranking] = _last_on(hall, ranking, part, first, limit or 0)
    return found


def _last_on(hall: Hall, ranking: int, part: list[RankKey], first: int, limit: int) -> int:
    come, gone = hall.changes(ranking)
    start = part[0] if part and first else None
    before = first
    if start is not None:
        before += bisect_left(come, start) - bisect_left(gone, start)
    inside = {key for key in part if key not in gone}
    inside |= {key for key in come if start is None or key >= start}
    place = limit - 1 - before
    standing = sorted(inside)
    return -standing[place].negated if 0 <= place < len(standing) else 0
