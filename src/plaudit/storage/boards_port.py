"""The part of the port for leaderboards: as a transaction sees them, and as of the last commit.

Refuses to write scores and entries: they are written with their cause, through ``Transaction.apply``.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from plaudit.model.leaderboards import Ranking, RankKey, Score
from plaudit.model.points import PointsAward
from plaudit.storage.ranked import Ranked

Scores = dict[tuple[int, int], Score]
"""Scores of one user, by board and first day of the run."""

ToldRun = tuple[int, str, int, int | None]
"""``(run, tenant, started, finished)``: a run that was told to have started, and when to be finished."""


class Cold(Exception):
    """A ranking is still being read into memory, which takes too long for an open transaction.

    End it, wait inside ``read()``, and begin anew in there.
    """

    def __init__(self, read: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        """Keep how to wait for the rankings, and to hold them."""
        super().__init__("rankings are being read")
        self.read = read


class Boards(Protocol):
    """Leaderboards inside an open transaction."""

    async def scores(self, asked: Mapping[tuple[int, int], Sequence[bytes]]) -> dict[bytes, Scores]:
        """Read the scores of users that are locked, asked for as subjects by board and run."""
        ...

    async def scores_of(self, subject: bytes) -> Scores:
        """Read every score of a user."""
        ...

    async def awards_of(self, subject: bytes) -> list[PointsAward]:
        """Read every award of points a user got, in their order."""
        ...

    async def rankings(self, numbers: Collection[int]) -> dict[int, Ranked]:
        """Give rankings as of the last commit, after the locks; without what this transaction moves.

        They are this process's own: read them before the next await, and do not move them.

        Raises:
            Cold: one has to be read first; the transaction is over.
        """
        ...

    async def tell_run(self, board: int, run: int, tenant: str, started: int, finished: int | None) -> None:
        """Keep that a run was told to have started, or to be finished (Unix ms)."""
        ...

    async def told_runs(self, board: int) -> list[ToldRun]:
        """Read the told runs of a board."""
        ...


class BoardReader(Protocol):
    """Leaderboards without locks, right to the last commit."""

    async def scores_of(self, subject: bytes) -> Scores:
        """Read every score of a user."""
        ...

    async def score(self, subject: bytes, board: int, run: int) -> tuple[Score, int] | None:
        """Read a user's score in a run, and how many are before it in its ranking."""
        ...

    async def page(self, ranking: int, skip: int, limit: int) -> list[tuple[RankKey, str, str | None]]:
        """Read a page of a ranking, best first: entry, user id and name."""
        ...

    async def size(self, ranking: int) -> int:
        """Count a ranking's entries."""
        ...

    async def days(
        self, subject: bytes, board: int, run: int, limit: int
    ) -> list[tuple[int, int | None, int]]:
        """Read ``(day, rank, score)`` of the last days on which a user's score changed, newest first."""
        ...

    async def all_days(self, subject: bytes) -> list[tuple[int, int, int, int | None, int]]:
        """Read ``(board, run, day, rank, score)`` of every day on which a user's score changed."""
        ...

    async def rankings(self, board: int, run: int, tenant: str) -> list[Ranking]:
        """Read a tenant's rankings in a run, one per group."""
        ...

    async def tenants(self, board: int) -> list[str]:
        """Read the tenants that have a ranking of a board."""
        ...

    async def told_runs(self, board: int) -> list[ToldRun]:
        """Read the told runs of a board."""
        ...

    async def keep(self, now: int) -> None:
        """Bring the rankings in memory up to the present, and clear away what every process has followed.

        Called every few seconds; ``now`` (Unix ms) tells how long ago it was called before.
        """
        ...
