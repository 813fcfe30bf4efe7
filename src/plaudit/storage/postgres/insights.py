"""Statistics on PostgreSQL.

Refuses the connections that groups of events and pages wait for: its own ones plan freely.
"""

from collections.abc import Callable

from plaudit.model.state import Depth, Identity, Snapshot
from plaudit.storage.insights_port import Where
from plaudit.storage.insights_reading import InsightsReading
from plaudit.storage.postgres import snapshots
from plaudit.storage.postgres.connection import translated
from plaudit.storage.postgres.pool import Pool


class PostgresInsights(InsightsReading):
    """The statistics of one database."""

    def __init__(self, pool: Pool) -> None:
        """Take a pool whose sessions plan freely.

        Args:
            pool: for nothing else.
        """
        super().__init__(pool.fetch, list)
        self._pool = pool

    async def people_after(
        self, where: Where, cursor: bytes, limit: int, depth_of: Callable[[Snapshot], Depth]
    ) -> tuple[list[Snapshot], bytes | None]:
        """Read users in the order of their subjects, after one."""
        environment, tenant = where
        rows = await self._pool.fetch("subjects_after", cursor, limit, environment)
        seen = [Identity(*row) for row in rows]
        async with self._pool.lease() as connection:
            with translated(retry=True):
                found = await snapshots.view(connection, [who for who in seen if who.tenant == tenant], None)
                asked = [(each, depth_of(each)) for each in found if each.user is not None]
                deep = await snapshots.deepen(connection, asked) if asked else []
        return deep, seen[-1].subject if seen else None
