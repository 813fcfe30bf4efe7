"""The port of the log of requests, and its rows, the same on both databases.

Refuses to hold up events: on SQLite pages are read in a thread, on a connection of their own.
"""

from collections.abc import Sequence
from typing import Protocol

from plaudit.model.requests import Request, RequestFilter, RequestsKept
from plaudit.storage.rows import Row

HOUR = 3_600_000
FIRST_FAILURE = 400


class Requests(Protocol):
    """Requests and their outcomes, kept for a while."""

    async def add(self, requests: Sequence[Request], left_out: int, now: int) -> None:
        """Keep requests, and count those that were left out by ``now`` (Unix ms).

        Raises:
            Unavailable: the database cannot be written.
        """
        ...

    async def page(
        self, environments: tuple[int, int], wanted: RequestFilter, before: bytes, limit: int
    ) -> list[Request]:
        """Read requests of either environment, the newest first, with ids before one."""
        ...

    async def kept(self, environments: tuple[int, int], tenant: str | None) -> RequestsKept:
        """Read what is kept of either environment; of one tenant and of none, or with None of all."""
        ...

    async def forget(self, environment: int, user: str, tenant: str) -> None:
        """Delete the requests of a user of a tenant, and those about such an id that named none."""
        ...

    async def prune(self, before: bytes, hour: int, most: int, limit: int) -> int:
        """Delete what is old; gives how many rows went, at most ``limit`` of each reason.

        Args:
            before: requests with smaller ids go.
            hour: counts of what was left out in earlier hours (Unix hours) go.
            most: of newer requests, all but so many go.
            limit: most rows to delete for either reason.
        """
        ...


def statement(wanted: RequestFilter) -> str:
    """Name the query that reads a page by the index that fits."""
    if wanted.user is not None:
        return "requests_of_user"
    return "failed_requests" if wanted.first >= FIRST_FAILURE else "requests_before"


def asked(environments: tuple[int, int], it: RequestFilter, before: bytes, limit: int) -> Row:
    """Write what is asked for as the bindings of these queries."""
    wanted = (it.user, it.metric, it.key, it.method, it.tenant)
    return (*environments, before, it.first, it.last, *wanted, limit)
