"""Keeps the buckets of rankings small: divides the crowded ones and joins the sparse ones.

Refuses to move entries: only the bounds change, while every writer of the board waits.
"""

from collections.abc import Iterable

from plaudit.model.leaderboards import RankKey
from plaudit.operations.afterwards import afterwards
from plaudit.operations.board_writes import bucket_limit
from plaudit.storage.boards_port import Boards
from plaudit.storage.port import Ledger


async def mend_rankings(ledger: Ledger, crowded: Iterable[tuple[int, int]]) -> None:
    """Divide and join buckets of rankings, given as ``(board, ranking)``, one after the other.

    What fails is left for the next event: crowded buckets are slow, not wrong.
    """
    for board, ranking in sorted(crowded):
        with afterwards("Dividing a ranking's buckets"):
            async with ledger.transaction() as tx:
                await tx.boards.hold(board)
                await _mend(tx.boards, ranking)


async def _mend(boards: Boards, ranking: int) -> None:
    """Divide what has reached its limit into halves of it; join neighbours that have less than a quarter."""
    kept: tuple[RankKey, int] | None = None
    before = 0
    for bound, count in await boards.buckets(ranking):
        limit = bucket_limit(before)
        before += count
        if kept is not None and kept[1] + count < limit // 4:
            await boards.drop_bucket(bound)
            kept = (kept[0], kept[1] + count)
            await boards.set_bucket(*kept)
            continue
        kept = (bound, count)
        if count >= limit:
            kept = await _divide(boards, bound, count, before - count)


async def _divide(boards: Boards, bound: RankKey, count: int, before: int) -> tuple[RankKey, int]:
    """Divide one bucket; gives the last of its parts."""
    while count >= (limit := bucket_limit(before)):
        part = limit // 2
        await boards.set_bucket(bound, part)
        (bound,) = await boards.entries_from(bound, part, 1)
        count, before = count - part, before + part
    await boards.set_bucket(bound, count)
    return bound, count
