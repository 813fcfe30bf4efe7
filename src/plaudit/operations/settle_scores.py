"""Builds one user's scores on boards that are younger than the user's settling, from what happened before.

Refuses to touch what live events feed already; a lost streak leaves its board here as well.
"""

from msgspec.structs import replace

from plaudit.engine.board_rules import BoardBook
from plaudit.engine.board_runs import Phase, current_run, phase, run_at
from plaudit.engine.leaderboards import rebuilt
from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.rulebook import Rulebook
from plaudit.model.leaderboards import RankBy, Score, ScoreChange, same_place
from plaudit.model.outcome import Writes
from plaudit.model.state import Snapshot, UserState
from plaudit.operations.board_writes import Scores, put_ranks
from plaudit.operations.rank_boards import Move, count_ranks
from plaudit.storage.port import Transaction


async def settle_scores(
    tx: Transaction,
    rulebook: Rulebook,
    snapshot: Snapshot,
    now: int,
    writes: Writes,
) -> Scores:
    """Write the scores a user should have on boards that are not built for the user yet.

    Gives the user's scores after that, of each board at least the newest run's.

    Args:
        tx: the open transaction, in which the user is locked.
        rulebook: the definitions to settle to.
        snapshot: the user as it will be written.
        now: Unix milliseconds.
        writes: gets the scores and entries.
    """
    book, user = rulebook.boards, snapshot.user
    young = set() if book is None or user is None else _young(book, user, now)
    if book is None or user is None or not young:
        return snapshot.scores
    subject = snapshot.who.subject
    old = {key: score for key, score in (await tx.boards.scores_of(subject)).items() if key[0] in young}
    settled = replace(snapshot, user=replace(user, settled=rulebook.version))
    events = await tx.events_of(subject) if book.by_metric else []
    awards = await tx.boards.awards_of(subject) if book.by_system else []
    new = {k: s for k, s in rebuilt(rulebook, settled, events, awards, now).items() if k[0] in young}
    moves = [
        Move(subject, book.boards[key[0]].definition.max_participants, _change(book, user, key, old, new))
        for key in sorted(old.keys() | new.keys())
        if not same_place(old.get(key), new.get(key))
    ]
    held: Scores = {**snapshot.scores, **old}
    return put_ranks(snapshot.who, held, await count_ranks(tx, moves), writes, days=False)


def _young(book: BoardBook, user: UserState, now: int) -> set[int]:
    return {
        rule.number
        for rule in book.counting
        if rule.definition.since > user.settled
        or (rule.definition.rank_by is RankBy.STREAK and phase(rule.definition, now) is Phase.ACTIVE)
    }


def _change(
    book: BoardBook,
    user: UserState,
    key: tuple[int, int],
    old: dict[tuple[int, int], Score],
    new: dict[tuple[int, int], Score],
) -> ScoreChange:
    rule = book.boards[key[0]]
    before = old.get(key)
    after = new.get(key) or Score(None, 0, 0 if before is None else before.reached_at)
    run = run_at(rule.definition, key[1]) or current_run(rule.definition, after.reached_at)
    run = replace(run, start=key[1])
    day = local_day(after.reached_at, zone_of(user.tz))
    return ScoreChange(key[0], run, before, after, rule.values(user.attributes) or (), day)
