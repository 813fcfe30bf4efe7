"""The log of requests on PostgreSQL.

Refuses the connections that groups of events wait for.
"""

from collections.abc import Sequence

from msgspec.structs import astuple

from plaudit.model.requests import Request, RequestFilter, RequestsKept
from plaudit.storage import requests_port
from plaudit.storage.postgres.pool import Pool
from plaudit.storage.postgres.statements import SQL
from plaudit.storage.requests_port import HOUR


class PostgresRequests:
    """The log of requests in one database."""

    def __init__(self, pool: Pool) -> None:
        """Share a pool of a store."""
        self._pool = pool

    async def add(self, requests: Sequence[Request], left_out: int, now: int) -> None:
        """Keep requests, and count those that were left out."""
        async with self._pool.transaction() as connection:
            await connection.executemany(SQL["insert_request"], [astuple(each) for each in requests])
            if left_out:
                await connection.execute(SQL["count_left_out"], now // HOUR, left_out)

    async def page(
        self, environments: tuple[int, int], wanted: RequestFilter, before: bytes, limit: int
    ) -> list[Request]:
        """Read a page of requests, the newest first."""
        asked = requests_port.asked(environments, wanted, before, limit)
        found = await self._pool.fetch(requests_port.statement(wanted), *asked)
        return [Request(*row) for row in found]

    async def kept(self, environments: tuple[int, int], tenant: str | None) -> RequestsKept:
        """Read what is kept."""
        ((rows, since),) = await self._pool.fetch("requests_kept", *environments, tenant)
        ((left_out,),) = await self._pool.fetch("left_out_since", (since or 0) // HOUR)
        return RequestsKept(rows, since, left_out)

    async def forget(self, environment: int, user: str, tenant: str) -> None:
        """Delete the requests of a user, also those that named no tenant."""
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["forget_requests"], environment, user, tenant)

    async def prune(self, before: bytes, hour: int, most: int, limit: int) -> int:
        """Delete what is old."""
        async with self._pool.transaction() as connection:
            await connection.execute(SQL["prune_left_out"], hour)
            gone = [
                await connection.execute(SQL["prune_old_requests"], before, limit),
                await connection.execute(SQL["prune_many_requests"], most, limit),
            ]
        return sum(int(status.rpartition(" ")[2]) for status in gone)
