"""Leaderboards on SQLite: scores, places and pages.

Refuses to decide who stands where; it counts what was put there.
"""

from collections.abc import Collection, Mapping, Sequence

import apsw

from plaudit.model.leaderboards import Ranking, RankKey, Score
from plaudit.model.points import PointsAward
from plaudit.storage import board_rows
from plaudit.storage.points_rows import award
from plaudit.storage.rank_memory import SHORT
from plaudit.storage.rank_reading import Names, page_of, place_of
from plaudit.storage.ranked import Ranked
from plaudit.storage.sqlite.ranks import SqliteRanks
from plaudit.storage.sqlite.reader import Reader
from plaudit.storage.sqlite.statements import SQL

_READ = SQL["read_scores"]


class SqliteBoards:
    """The leaderboards as an open transaction sees them."""

    def __init__(self, cursor: apsw.Cursor, ranks: SqliteRanks) -> None:
        """Work in a transaction that is open."""
        self._cursor = cursor
        self._ranks = ranks

    async def scores(
        self, asked: Mapping[tuple[int, int], Sequence[bytes]]
    ) -> dict[bytes, dict[tuple[int, int], Score]]:
        """Read the scores asked for as subjects by board and run."""
        found: dict[bytes, dict[tuple[int, int], Score]] = {}
        for run, subjects in asked.items():
            for row in self._cursor.execute(_READ, (apsw.carray(tuple(subjects)), *run)):
                found.setdefault(row[0], {})[run] = board_rows.score(row)
        return found

    async def scores_of(self, subject: bytes) -> dict[tuple[int, int], Score]:
        """Read every score of a user, by board and run."""
        return scores_of(self._cursor, subject)

    async def awards_of(self, subject: bytes) -> list[PointsAward]:
        """Read every award of points a user got, in their order."""
        return [award(row) for row in self._cursor.execute(SQL["all_awards"], (subject,))]

    async def rankings(self, numbers: Collection[int]) -> dict[int, Ranked]:
        """Give rankings as of the last commit; nobody else writes meanwhile.

        Raises:
            Cold: one has to be read first.
        """
        return await self._ranks.rankings(numbers, SHORT)

    async def tell_run(self, board: int, run: int, tenant: str, started: int, finished: int | None) -> None:
        """Keep that a run was told to have started, or to be finished."""
        self._cursor.execute(SQL["tell_run"], (board, run, tenant, started, finished))

    async def told_runs(self, board: int) -> list[tuple[int, str, int, int | None]]:
        """Read the told runs of a board: ``(run, tenant, started, finished)``."""
        return list(self._cursor.execute(SQL["told_runs"], (board,)))


class SqliteBoardReader:
    """The leaderboards as of the last commit."""

    def __init__(self, reader: Reader, ranks: SqliteRanks) -> None:
        """Share the reader and the rankings of a store."""
        self._reader = reader
        self._ranks = ranks

    async def scores_of(self, subject: bytes) -> dict[tuple[int, int], Score]:
        """Read every score of a user, by board and run."""
        with self._reader.moment() as cursor:
            return scores_of(cursor, subject)

    async def score(self, subject: bytes, board: int, run: int) -> tuple[Score, int] | None:
        """Read a user's score in a run, and the place it has in its ranking from 0 on."""

        async def read() -> Score | None:
            with self._reader.moment() as cursor:
                row = cursor.execute(_READ, (apsw.carray((subject,)), board, run)).fetchone()
                return None if row is None else board_rows.score(row)

        return await place_of(self._ranks, subject, read)

    async def page(self, ranking: int, skip: int, limit: int) -> list[tuple[RankKey, str, str | None]]:
        """Read a page of a ranking, best first: entry, user id and name."""

        async def read(members: list[bytes]) -> Names:
            with self._reader.moment() as cursor:
                found = cursor.execute(SQL["read_members"], (apsw.carray(tuple(members)),))
                return {row[0]: row[1:] for row in found}

        return await page_of(self._ranks, ranking, skip, limit, read)

    async def size(self, ranking: int) -> int:
        """Count a ranking's entries."""
        return len((await self._ranks.rankings([ranking]))[ranking])

    async def keep(self, now: int) -> None:
        """Do nothing: this process knows of every commit."""

    async def days(
        self, subject: bytes, board: int, run: int, limit: int
    ) -> list[tuple[int, int | None, int]]:
        """Read ``(day, rank, score)`` of a user's last days of change, newest first."""
        with self._reader.moment() as cursor:
            return list(cursor.execute(SQL["rank_days_of"], (subject, board, run, limit)))

    async def all_days(self, subject: bytes) -> list[tuple[int, int, int, int | None, int]]:
        """Read ``(board, run, day, rank, score)`` of every day on which a user's score changed."""
        with self._reader.moment() as cursor:
            return list(cursor.execute(SQL["all_rank_days"], (subject,)))

    async def rankings(self, board: int, run: int, tenant: str) -> list[Ranking]:
        """Read a tenant's rankings in a run, one per group."""
        with self._reader.moment() as cursor:
            return [board_rows.ranking(r) for r in cursor.execute(SQL["rankings_of"], (board, run, tenant))]

    async def tenants(self, board: int) -> list[str]:
        """Read the tenants that have a ranking of a board."""
        with self._reader.moment() as cursor:
            return [tenant for (tenant,) in cursor.execute(SQL["tenants_of_board"], (board,))]

    async def told_runs(self, board: int) -> list[tuple[int, str, int, int | None]]:
        """Read the told runs of a board: ``(run, tenant, started, finished)``."""
        with self._reader.moment() as cursor:
            return list(cursor.execute(SQL["told_runs"], (board,)))


def scores_of(cursor: apsw.Cursor, subject: bytes) -> dict[tuple[int, int], Score]:
    """Read every score of a user, by board and run."""
    return {row[:2]: Score(*row[2:]) for row in cursor.execute(SQL["scores_of_user"], (subject,))}
