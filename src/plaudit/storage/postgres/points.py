"""Points on PostgreSQL: read for pages, the time job and verify.

Refuses locks: it reads beside the writers.
"""

from plaudit.model.points import NO_POINTS, PointsAward, PointsState
from plaudit.model.state import Identity
from plaudit.model.tally import Tally
from plaudit.storage.points_port import UserPoints
from plaudit.storage.points_rows import award
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.postgres.pool import Pool
from plaudit.storage.postgres.statements import SQL
from plaudit.storage.rows import tally_or_none_yet, to_json


class PostgresPoints:
    """The points of one database."""

    def __init__(self, readers: Pool) -> None:
        """Share the pool of a store.

        Args:
            readers: not the one groups of events wait for.
        """
        self._readers = readers

    async def standing(
        self, subject: bytes, system: int, awards: int
    ) -> tuple[PointsState, list[PointsAward]]:
        """Read a user's points in a system, and the newest awards, the newest first."""
        async with self._readers.moment() as connection:
            held = await _tally(connection, subject)
            newest = await connection.fetch(SQL["last_awards"], subject, system, awards)
            return held.points.get(system, NO_POINTS), [award(tuple(row)) for row in newest]

    async def held(self, subject: bytes) -> tuple[dict[int, PointsState], dict[int, int]]:
        """Read a user's points by system, and the marks up to which measures were paid for."""
        async with self._readers.lease() as connection:
            held = await _tally(connection, subject)
        return held.points, held.marks

    async def day_totals(
        self, subject: bytes, system: int, first: int, last: int
    ) -> tuple[int, list[tuple[int, int]]]:
        """Read ``(total before first, [(day, change)])`` of a system for days first..last."""
        async with self._readers.moment() as connection:
            before: int = await connection.fetchval(SQL["points_before"], subject, system, first)
            changes = await connection.fetch(SQL["points_changes"], subject, system, first, last)
            return before, [(day, change) for day, change in changes]

    async def histogram(
        self, environment: int, tenant: str, system: int, attributes: dict[str, str]
    ) -> dict[int, int]:
        """Count the users of each total, of those who have all ``attributes``."""
        asked = (environment, tenant, system, to_json(attributes))
        return dict(await self._readers.fetch("points_histogram", *asked))

    async def due(self, now: int, limit: int) -> list[Identity]:
        """Read users to whom the time brings points by ``now``, the longest waiting first."""
        return [Identity(*row) for row in await self._readers.fetch("points_due", now, limit)]

    async def of_user(self, subject: bytes) -> UserPoints:
        """Read everything of one user."""
        async with self._readers.moment() as connection:
            held = await _tally(connection, subject)
            awards = await connection.fetch(SQL["all_awards"], subject)
            days = await connection.fetch(SQL["all_points_days"], subject)
        return UserPoints(
            held.points,
            [award(tuple(row)) for row in awards],
            {(row[0], row[1]): row[2] for row in days},
        )


async def _tally(connection: Connection, subject: bytes) -> Tally:
    text: str | None = await connection.fetchval(SQL["read_tally"], subject)
    return tally_or_none_yet(text)
