"""Connections kept open and lent: for transactions, for readings of one moment, for single statements.

Refuses sessions with settings of their own; all of a pool are alike.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from plaudit.storage.postgres.connection import Connection, translated
from plaudit.storage.postgres.statements import SQL
from plaudit.storage.rows import Row

STATEMENT_SECONDS = 60
"""A statement that takes longer is given up; the longest ones read a page or write a group."""

SESSION = {
    "application_name": "plaudit",
    # A rival that holds a user this long is stuck; its caller may try again.
    "lock_timeout": "10s",
    # A process that freezes between two statements must not keep its users locked.
    "idle_in_transaction_session_timeout": "60s",
    # Every statement reaches its rows by a key. On tables that have just begun to grow, the
    # planner would guess otherwise, keep the plan, and read all of them ever after.
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
}


FREELY = {
    "application_name": "plaudit",
    "jit": "off",
    # A statistic can wait; with helpers it would take every core from those who send events.
    "max_parallel_workers_per_gather": "0",
    # How much of the tables a statement reads differs from one to the next.
    "plan_cache_mode": "force_custom_plan",
}
"""Sessions for statistics: they read much of some tables, so the planner chooses."""


class Pool:
    """A bounded number of connections, all alike."""

    def __init__(self, dsn: str, size: int, session: dict[str, str] | None = None) -> None:
        """Describe the pool; ``open`` connects.

        Args:
            dsn: the address of the database.
            size: most connections; one is opened at once, the others when they are needed.
            session: settings of sessions that are not like all others; they open when they are needed.
        """
        self._inner = asyncpg.create_pool(
            dsn,
            min_size=1 if session is None else 0,
            max_size=size,
            max_queries=2**31,
            reset=_end_transaction,
            server_settings=session or SESSION,
            statement_cache_size=200,
            max_cached_statement_lifetime=0,
            command_timeout=STATEMENT_SECONDS,
        )

    async def open(self) -> None:
        """Connect."""
        await self._inner

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[Connection]:
        """Lend a connection; a transaction left open ends when it comes back.

        Raises:
            Unavailable: none can be had.
        """
        with translated(retry=False):
            connection = await self._inner.acquire()
        try:
            yield connection
        finally:
            await self._inner.release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Open a write transaction: commits durably when left, rolls back on any exception.

        Raises:
            Unavailable: the connection was lost, a rival won, or the server cannot write.
            Conflict: a unique constraint refused a row.
        """
        async with self.lease() as connection:
            with translated(retry=True):
                await connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
                yield connection
            # Lost from here on, nobody knows whether it happened.
            with translated(retry=False):
                await connection.execute("COMMIT")

    @asynccontextmanager
    async def moment(self) -> AsyncIterator[Connection]:
        """Open a reading of several statements that all see one moment, the last commit.

        Raises:
            Unavailable: the connection was lost.
        """
        async with self.lease() as connection:
            with translated(retry=True):
                await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield connection
                await connection.execute("COMMIT")

    async def fetch(self, name: str, *arguments: object) -> list[Row]:
        """Run one named statement by itself and give its rows.

        Raises:
            Unavailable: the connection was lost.
        """
        async with self.lease() as connection:
            with translated(retry=True):
                found: list[Row] = await connection.fetch(SQL[name], *arguments)
                return found

    async def close(self) -> None:
        """Close every connection, after those lent have come back."""
        await self._inner.close()


async def _end_transaction(connection: Connection) -> None:
    """Stand in for the usual reset, which costs a round trip each time; our sessions are all alike."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")
