"""The log of requests on SQLite.

Refuses to hold up the event loop: pages are read in a thread, on a connection of its own.
"""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import astuple

from plaudit.model.requests import Request, RequestFilter, RequestsKept
from plaudit.storage import requests_port
from plaudit.storage.requests_port import HOUR
from plaudit.storage.sqlite.reader import Aside
from plaudit.storage.sqlite.statements import SQL
from plaudit.storage.sqlite.writer import Writer


class SqliteRequests:
    """The log of requests in one database file."""

    def __init__(self, writer: Writer, path: Path) -> None:
        """Share the writer of a store; readings open the file themselves."""
        self._writer = writer
        self._aside = Aside(path)

    async def add(self, requests: Sequence[Request], left_out: int, now: int) -> None:
        """Keep requests, and count those that were left out."""
        async with self._writer.transaction() as cursor:
            cursor.executemany(SQL["insert_request"], [astuple(each) for each in requests])
            if left_out:
                cursor.execute(SQL["count_left_out"], (now // HOUR, left_out))

    async def page(
        self, environments: tuple[int, int], wanted: RequestFilter, before: bytes, limit: int
    ) -> list[Request]:
        """Read a page of requests, the newest first."""
        asked = requests_port.asked(environments, wanted, before, limit)
        found = await self._aside.fetch(requests_port.statement(wanted), *asked)
        return [Request(*row) for row in found]

    async def kept(self, environments: tuple[int, int], tenant: str | None) -> RequestsKept:
        """Read what is kept."""
        ((rows, since),) = await self._aside.fetch("requests_kept", *environments, tenant)
        ((left_out,),) = await self._aside.fetch("left_out_since", (since or 0) // HOUR)
        return RequestsKept(rows, since, left_out)

    async def forget(self, environment: int, user: str, tenant: str) -> None:
        """Delete the requests of a user, also those that named no tenant."""
        async with self._writer.transaction() as cursor:
            cursor.execute(SQL["forget_requests"], (environment, user, tenant))

    async def prune(self, before: bytes, hour: int, most: int, limit: int) -> int:
        """Delete what is old."""
        async with self._writer.transaction() as cursor:
            cursor.execute(SQL["prune_left_out"], (hour,))
            return sum(
                cursor.execute(SQL[name], asked).connection.changes()
                for name, asked in (
                    ("prune_old_requests", (before, limit)),
                    ("prune_many_requests", (most, limit)),
                )
            )
