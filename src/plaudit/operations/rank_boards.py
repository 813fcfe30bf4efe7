"""Counts the ranks that a group's changes of score lead to, before the write.

Refuses to move rankings: how the group's own changes move each other lies over them, until it is committed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.leaderboards import earlier_runs
from plaudit.engine.rulebook import Rulebook
from plaudit.model.commands import Command
from plaudit.model.leaderboards import RankChange, ScoreChange, rank_key, score_at
from plaudit.model.outcome import Outcome, Refusal
from plaudit.model.state import Snapshot
from plaudit.storage.port import Transaction
from plaudit.storage.ranked import Ranked

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
    """Give the snapshots with the scores of earlier runs that deciding the commands may move, seldom any."""
    asked: dict[tuple[int, int], list[bytes]] = {}
    for snapshot, commands in zip(snapshots, groups, strict=True):
        book = books[snapshot.who.environment].seen_by(snapshot.who.tenant)
        if book.boards is not None:
            for run in earlier_runs(book, book.boards, snapshot, commands):
                asked.setdefault(run, []).append(snapshot.who.subject)
    if not asked:
        return snapshots
    found = await tx.boards.scores(asked)
    return [
        replace(each, scores={**each.scores, **found[each.who.subject]})
        if each.who.subject in found
        else each
        for each in snapshots
    ]


async def with_ranks(tx: Transaction, books: Books, folds: list[Fold], *, joined: bool = False) -> list[Fold]:
    """Give the outcomes with the ranks their changes of score lead to, as if they came one by one.

    Args:
        tx: the transaction the outcomes belong to.
        books: the rules, by environment.
        folds: users, and what their commands caused.
        joined: each user is answered for all commands at once. Then where they led together is counted
            and told by the last of the outcomes that move scores, and no rank in between is.
    """
    told = [told_changes(given, joined=joined) for _, given in folds]
    moves = [
        Move(before.who.subject, limit_of(book, change), change)
        for (before, _), parts in zip(folds, told, strict=True)
        if parts
        for book in (books[before.who.environment].seen_by(before.who.tenant),)
        for changes in parts.values()
        for change in changes
    ]
    if not moves:
        return folds
    ranks = iter(await count_ranks(tx, moves))
    for (_, given), parts in zip(folds, told, strict=True):
        for place, changes in parts.items():
            given[place] = replace(given[place], ranks=tuple([next(ranks) for _ in changes]))
    return folds


def told_changes(given: Sequence[Outcome | Refusal], *, joined: bool) -> dict[int, Sequence[ScoreChange]]:
    """Give the changes of score whose ranks are told, by the place of the outcome that tells them."""
    moving: dict[int, Sequence[ScoreChange]] = {
        n: each.scores for n, each in enumerate(given) if type(each) is Outcome and each.scores
    }
    if not joined or len(moving) < 2:  # noqa: PLR2004 - one alone has nothing to be joined with
        return moving
    return {max(moving): join_changes(change for changes in moving.values() for change in changes)}


def join_changes(changes: Iterable[ScoreChange]) -> list[ScoreChange]:
    """Make one change of those that follow each other in one run on one day, the history's smallest step."""
    first: list[ScoreChange] = []
    last: list[ScoreChange] = []
    newest: dict[tuple[int, int], int] = {}
    for each in changes:
        run = (each.board, each.run.start)
        place = newest.get(run)
        if place is not None and last[place].day == each.day:
            last[place] = each
        else:
            newest[run] = len(first)
            first.append(each)
            last.append(each)
    return [
        end if start is end else replace(end, before=start.before)
        for start, end in zip(first, last, strict=True)
    ]


def limit_of(book: Rulebook, change: ScoreChange) -> int | None:
    """Give how many a board shows of each group, if not all."""
    return None if book.boards is None else book.boards.boards[change.board].definition.max_participants


async def count_ranks(tx: Transaction, moves: Sequence[Move]) -> list[RankChange]:
    """Count the ranks before and after each change, in their order.

    Everybody's score is kept; on the board are the best ``limit``, and others have no rank.
    """
    pairs = [(rank_key(m.subject, m.change.before), rank_key(m.subject, m.change.after)) for m in moves]
    asked = {key.ranking for pair in pairs for key in pair if key is not None}
    rankings = await tx.boards.rankings(sorted(asked))
    # No await from here on: the rankings move as soon as another transaction has committed.
    flows = {number: Flow(ranked) for number, ranked in rankings.items()}
    ranks = []
    for move, (old, new) in zip(moves, pairs, strict=True):
        before = None if old is None else flows[old.ranking].leave(old.place)
        after = None if new is None else flows[new.ranking].enter(new.place)
        ranks.append((_within(move.limit, before), _within(move.limit, after)))
    thresholds = _thresholds(flows, moves)
    return [
        RankChange(
            move.change,
            before,
            after,
            thresholds.get(move.change.after.ranking, 0),
            new is not None and flows[new.ranking].fresh,
            old,
            new,
        )
        for move, (before, after), (old, new) in zip(moves, ranks, pairs, strict=True)
    ]


def _within(limit: int | None, rank: int | None) -> int | None:
    """Give a rank if it is on a board that shows so many."""
    return rank if limit is None or rank is None or rank <= limit else None


class Flow:
    """One ranking as it stands while a group's changes come in one after the other."""

    __slots__ = ("_come", "_gone", "_ranked", "fresh")

    def __init__(self, ranked: Ranked) -> None:
        """Begin with what is committed; ``fresh`` is a ranking without entries before the group."""
        self.fresh = not ranked
        self._ranked = ranked
        self._come: list[bytes] = []
        self._gone: list[bytes] = []

    def leave(self, place: bytes) -> int:
        """Take an entry out, and give the rank it had."""
        return self._ranked.ahead(place) + 1 + _swap(self._come, self._gone, place)

    def enter(self, place: bytes) -> int:
        """Put an entry in, and give the rank it has."""
        return self._ranked.ahead(place) + 1 - _swap(self._gone, self._come, place)

    def last_on(self, limit: int) -> int:
        """Give the score of the last one on a board of so many, 0 while there is room."""
        come, gone = self._come, self._gone
        first = max(0, limit - 1 - len(come))
        part = self._ranked.part(first, limit + len(gone) - first)
        start = part[0] if part and first else None
        before = first
        if start is not None:
            before += bisect_left(come, start) - bisect_left(gone, start)
        inside = set(part).difference(gone)
        inside |= {place for place in come if start is None or place >= start}
        last = limit - 1 - before
        standing = sorted(inside)
        return score_at(standing[last]) if 0 <= last < len(standing) else 0


def _swap(back: list[bytes], forth: list[bytes], place: bytes) -> int:
    """Undo what one list says about a place, or else write it into the other.

    Gives how many more entries the first had before it than the second.
    """
    undone, done = bisect_left(back, place), bisect_left(forth, place)
    if undone < len(back) and back[undone] == place:
        del back[undone]
    else:
        forth.insert(done, place)
    return undone - done


def _thresholds(flows: Mapping[int, Flow], moves: Sequence[Move]) -> dict[int | None, int]:
    """Give the score of the last one on each full board, after all changes of the group."""
    limits = {move.change.after.ranking: move.limit for move in moves if move.limit is not None}
    return {
        ranking: flows[ranking].last_on(limit) for ranking, limit in limits.items() if ranking is not None
    }
