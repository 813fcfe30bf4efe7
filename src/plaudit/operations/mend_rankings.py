"""Keeps the buckets of rankings small: divides the crowded ones and joins the sparse ones.

Refuses to move entries: only the bounds change, while every writer of the board waits.
"""

from collections.abc import Iterable
from contextlib import suppress

from plaudit.model.leaderboards import RankKey
from plaudit.operations.board_writes import BUCKET
from plaudit.storage.boards_port import Boards
from plaudit.storage.port import Ledger, Unavailable

PART = BUCKET // 2
"""Entries of the buckets a crowded one is divided into."""

SPARSE = BUCKET // 4
"""Neighbours that have fewer entries together become one bucket."""


async def mend_rankings(ledger: Ledger, crowded: Iterable[tuple[int, int]]) -> None:
    """Divide and join buckets of rankings, given as ``(board, ranking)``, one after the other.

    When the database cannot be written it is left for the next event: crowded buckets are slow, not wrong.
    """
    for board, ranking in sorted(crowded):
        with suppress(Unavailable):
            async with ledger.transaction() as tx:
                await tx.boards.hold(board)
                await _mend(tx.boards, ranking)


async def _mend(boards: Boards, ranking: int) -> None:
    kept: tuple[RankKey, int] | None = None
    for bound, count in await boards.buckets(ranking):
        if kept is not None and kept[1] + count < SPARSE:
            await boards.drop_bucket(bound)
            kept = (kept[0], kept[1] + count)
            await boards.set_bucket(*kept)
            continue
        kept = (bound, count)
        if count >= BUCKET:
            kept = await _divide(boards, bound, count)


async def _divide(boards: Boards, bound: RankKey, count: int) -> tuple[RankKey, int]:
    """Divide one bucket; gives the last of its parts."""
    while count >= BUCKET:
        await boards.set_bucket(bound, PART)
        (bound,) = await boards.entries_from(bound, PART, 1)
        count -= PART
    await boards.set_bucket(bound, count)
    return bound, count
