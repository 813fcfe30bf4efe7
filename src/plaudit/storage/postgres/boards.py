"""Leaderboards on PostgreSQL: scores, places and pages.

Refuses to decide who stands where; it counts what was put there.
"""

from collections.abc import Collection, Mapping, Sequence

from plaudit.model.leaderboards import Ranking, RankKey, Score
from plaudit.model.points import PointsAward
from plaudit.storage import board_rows
from plaudit.storage.boards_port import Cold
from plaudit.storage.points_rows import award
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.pool import Pool
from plaudit.storage.postgres.ranks import PostgresRanks
from plaudit.storage.postgres.statements import SQL
from plaudit.storage.rank_reading import Names, page_of, place_of
from plaudit.storage.ranked import Ranked


class PostgresBoards:
    """The leaderboards as an open transaction sees them."""

    def __init__(self, connection: Connection, ranks: PostgresRanks) -> None:
        """Work in a transaction that is open."""
        self._connection = connection
        self._ranks = ranks

    async def scores(
        self, asked: Mapping[tuple[int, int], Sequence[bytes]]
    ) -> dict[bytes, dict[tuple[int, int], Score]]:
        """Read the scores asked for as subjects by board and run."""
        found: dict[bytes, dict[tuple[int, int], Score]] = {}
        several = [(subject, *run) for run, subjects in asked.items() for subject in subjects]
        if several:
            columns = [list(column) for column in zip(*several, strict=True)]
            for row in await self._connection.fetch(SQL["read_scores"], *columns):
                found.setdefault(row[0], {})[row[1], row[2]] = board_rows.score(row)
        return found

    async def scores_of(self, subject: bytes) -> dict[tuple[int, int], Score]:
        """Read every score of a user, by board and run."""
        return await scores_of(self._connection, subject)

    async def awards_of(self, subject: bytes) -> list[PointsAward]:
        """Read every award of points a user got, in their order."""
        return [award(row) for row in await self._connection.fetch(SQL["all_awards"], subject)]

    async def rankings(self, numbers: Collection[int]) -> dict[int, Ranked]:
        """Give rankings as of the last commit, which is after every commit these locks waited for.

        Raises:
            Cold: one has to be read first; the locks are free.
        """
        try:
            return await self._ranks.rankings(numbers, self._connection)
        except Cold:
            await self._connection.execute("ROLLBACK")
            raise

    async def tell_run(self, board: int, run: int, tenant: str, started: int, finished: int | None) -> None:
        """Keep that a run was told to have started, or to be finished."""
        await self._connection.execute(SQL["tell_run"], board, run, tenant, started, finished)

    async def told_runs(self, board: int) -> list[tuple[int, str, int, int | None]]:
        """Read the told runs of a board: ``(run, tenant, started, finished)``."""
        return [tuple(row) for row in await self._connection.fetch(SQL["told_runs"], board)]


class PostgresBoardReader:
    """The leaderboards as of the last commit."""

    def __init__(self, readers: Pool, ranks: PostgresRanks) -> None:
        """Share the readers and the rankings of a store."""
        self._readers = readers
        self._ranks = ranks

    async def scores_of(self, subject: bytes) -> dict[tuple[int, int], Score]:
        """Read every score of a user, by board and run."""
        async with self._readers.lease() as connection:
            return await scores_of(connection, subject)

    async def score(self, subject: bytes, board: int, run: int) -> tuple[Score, int] | None:
        """Read a user's score in a run, and the place it has in its ranking from 0 on."""

        async def read() -> Score | None:
            rows = await self._readers.fetch("read_scores", [subject], [board], [run])
            return board_rows.score(rows[0]) if rows else None

        return await place_of(self._ranks, subject, read)

    async def page(self, ranking: int, skip: int, limit: int) -> list[tuple[RankKey, str, str | None]]:
        """Read a page of a ranking, best first: entry, user id and name."""

        async def read(members: list[bytes]) -> Names:
            return {row[0]: (row[1], row[2]) for row in await self._readers.fetch("read_members", members)}

        return await page_of(self._ranks, ranking, skip, limit, read)

    async def size(self, ranking: int) -> int:
        """Count a ranking's entries."""
        return len((await self._ranks.rankings([ranking]))[ranking])

    async def keep(self, now: int) -> None:
        """Follow the log of moves, and clear away what is old by ``now`` (Unix ms)."""
        await self._ranks.keep(now)

    async def days(
        self, subject: bytes, board: int, run: int, limit: int
    ) -> list[tuple[int, int | None, int]]:
        """Read ``(day, rank, score)`` of a user's last days of change, newest first."""
        found = await self._readers.fetch("rank_days_of", subject, board, run, limit)
        return [(row[0], row[1], row[2]) for row in found]

    async def all_days(self, subject: bytes) -> list[tuple[int, int, int, int | None, int]]:
        """Read ``(board, run, day, rank, score)`` of every day on which a user's score changed."""
        found = await self._readers.fetch("all_rank_days", subject)
        return [(row[0], row[1], row[2], row[3], row[4]) for row in found]

    async def rankings(self, board: int, run: int, tenant: str) -> list[Ranking]:
        """Read a tenant's rankings in a run, one per group."""
        return [board_rows.ranking(r) for r in await self._readers.fetch("rankings_of", board, run, tenant)]

    async def tenants(self, board: int) -> list[str]:
        """Read the tenants that have a ranking of a board."""
        return [row[0] for row in await self._readers.fetch("tenants_of_board", board)]

    async def told_runs(self, board: int) -> list[tuple[int, str, int, int | None]]:
        """Read the told runs of a board: ``(run, tenant, started, finished)``."""
        return [(r[0], r[1], r[2], r[3]) for r in await self._readers.fetch("told_runs", board)]


async def scores_of(connection: Connection, subject: bytes) -> dict[tuple[int, int], Score]:
    """Read every score of a user, by board and run."""
    found = await connection.fetch(SQL["scores_of_user"], subject)
    return {(row[0], row[1]): board_rows.score(row) for row in found}
