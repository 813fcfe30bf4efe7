"""Reads leaderboards: pages of rankings, and where one user stands with the days on which that changed.

Refuses boards that are inactive, and groups nobody named.
"""

from collections.abc import Mapping

from msgspec import Struct

from plaudit.engine.board_rules import BoardRule, counts
from plaudit.engine.board_runs import current_run, run_at
from plaudit.engine.leaderboards import value_of
from plaudit.engine.rulebook import Rulebook
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import subject_key
from plaudit.model.leaderboards import RankBy, Run
from plaudit.model.state import Identity
from plaudit.operations.read_user import read_known
from plaudit.storage.port import Ledger


class Place(Struct, frozen=True):
    """One place of a ranking."""

    user_id: str
    name: str | None
    rank: int
    value: int


class HistoryDay(Struct, frozen=True):
    """A day on which a user's score changed: rank and value after its last change, and before its first."""

    day: int
    previous_rank: int | None
    rank: int | None
    previous_value: int | None
    value: int


class UserPlace(Struct, frozen=True):
    """Where a user stands in a run; None twice while the user is not on the board."""

    rank: int | None
    value: int | None
    history: list[HistoryDay]


def boards_shown(rulebook: Rulebook) -> list[BoardRule]:
    """Give the boards that callers may see, by number."""
    return [] if rulebook.boards is None else rulebook.boards.counting


def board_of(rulebook: Rulebook, key: str) -> BoardRule:
    """Find a board by its key.

    Raises:
        PlauditError: ``UNKNOWN_LEADERBOARD``.
    """
    found = None if rulebook.boards is None else rulebook.boards.by_key.get(key)
    if found is None or not counts(found):
        raise PlauditError(Code.UNKNOWN_LEADERBOARD, key=key[:64])
    return found


def run_of(rule: BoardRule, day: int | None, now: int) -> Run:
    """Give the run of a day, or the current one.

    Raises:
        PlauditError: ``NO_RUN``: the board has none on that day.
    """
    if day is None:
        return current_run(rule.definition, now)
    found = run_at(rule.definition, day)
    if found is None:
        raise PlauditError(Code.NO_RUN, key=rule.definition.key)
    return found


def group_of(rule: BoardRule, attributes: Mapping[str, str] | None) -> tuple[str, ...] | None:
    """Give the values that name a group, None when they were not sent.

    Raises:
        PlauditError: ``WRONG_GROUP``: they do not name every breakdown attribute, and only these.
    """
    given = attributes or {}
    if not given and rule.breakdown:
        return None
    if set(given) != set(rule.breakdown):
        needed = ", ".join(rule.breakdown) or "none, since this leaderboard has no breakdown"
        raise PlauditError(Code.WRONG_GROUP, needed=needed)
    return tuple(given[key] for key in rule.breakdown)


async def read_places(
    ledger: Ledger,
    rule: BoardRule,
    run: Run,
    caller: tuple[int, str],
    group: tuple[str, ...] | None,
    user_id: str | None,
    offset: int,
    limit: int,
) -> list[Place]:
    """Read a page of a ranking.

    Args:
        ledger: where to read.
        rule: the board.
        run: its run.
        caller: environment and tenant.
        group: the breakdown values; None takes those of the user.
        user_id: whose place the offset counts from, if given; nothing is found when the user has none.
        offset: places left out first.
        limit: most places given; never more than the board holds.

    Raises:
        PlauditError: ``WRONG_GROUP``: neither a group nor a user says which ranking is meant.
    """
    board = rule.definition
    first, ranking = 0, None if group is None else rule.ranking_of(caller[1], run.start, group)
    if user_id is not None:
        held = await ledger.boards.score(subject_key(*caller, user_id), rule.number, run.start)
        if held is None or held[0].ranking is None or ranking not in (None, held[0].ranking):
            return []
        first, ranking = held[1], held[0].ranking
        if board.max_participants is not None and first >= board.max_participants:
            return []
    if ranking is None:
        raise PlauditError(Code.WRONG_GROUP, needed=", ".join(rule.breakdown))
    skip = first + offset
    most = limit if board.max_participants is None else min(limit, max(0, board.max_participants - skip))
    found = await ledger.boards.page(ranking, skip, most) if most else []
    return [
        Place(user, name, skip + n, value_of(rule, key.score)) for n, (key, user, name) in enumerate(found, 1)
    ]


async def read_user_place(ledger: Ledger, rule: BoardRule, run: Run, who: Identity, days: int) -> UserPlace:
    """Read where a user stands in a run, and the last days on which the score changed, oldest first.

    Raises:
        PlauditError: ``UNKNOWN_USER``.
    """
    await read_known(ledger, who, None)
    rank, value = await rank_and_value(ledger, rule, run, who)
    kept = (await ledger.boards.days(who.subject, rule.number, run.start, days + 1))[::-1]
    history = []
    for n, (day, then, score) in enumerate(kept):
        before = kept[n - 1] if n else None
        history.append(
            HistoryDay(
                day,
                None if before is None else before[1],
                then,
                None if before is None else value_of(rule, before[2]),
                value_of(rule, score),
            )
        )
    return UserPlace(rank, value, history[max(0, len(history) - days) :] if days else [])


async def rank_and_value(
    ledger: Ledger, rule: BoardRule, run: Run, who: Identity
) -> tuple[int | None, int | None]:
    """Read a user's rank and value in a run; both None while the user is not on the board."""
    held = await ledger.boards.score(who.subject, rule.number, run.start)
    most = rule.definition.max_participants
    if held is None or held[0].ranking is None or (most is not None and held[1] >= most):
        return None, None
    if rule.definition.rank_by is RankBy.STREAK and held[0].score <= 0:
        return None, None
    return held[1] + 1, value_of(rule, held[0].score)
