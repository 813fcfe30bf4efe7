"""The wire between processes: NOTIFY on one connection of its own, which also listens.

Refuses the pools: a session that listens must be kept, and none of theirs is.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import asyncpg

from plaudit.storage.port import Unavailable
from plaudit.storage.postgres.connection import Connection, translated

CHANNEL = "plaudit_feed"

SECONDS = 5
"""A connection that takes longer to answer is given up."""

SESSION = {
    "application_name": "plaudit feed",
    "jit": "off",
    # A notice leaves nothing behind, so nobody need wait for the disk.
    "synchronous_commit": "off",
}


class PostgresWire:
    """One connection to the database, opened again when it is lost."""

    def __init__(self, dsn: str) -> None:
        """Describe it; ``open`` connects."""
        self._dsn = dsn
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()

    async def open(self, heard: Callable[[str], None]) -> bool:
        """Connect and listen, or ask the connection there is whether it still lives."""
        async with self._turn:
            with contextlib.suppress(Unavailable):
                if self._connection is not None and not self._connection.is_closed():
                    await self._execute("SELECT 1")
                    return False

            def on_notice(_connection: object, _process: int, _channel: str, text: str) -> None:
                heard(text)

            with translated(retry=False):
                self._connection = await asyncpg.connect(
                    self._dsn, timeout=SECONDS, command_timeout=SECONDS, server_settings=SESSION
                )
                await self._connection.add_listener(CHANNEL, on_notice)
            return True

    async def send(self, texts: Sequence[str]) -> None:
        """Send each text as a notice."""
        async with self._turn:
            for text in texts:
                await self._execute("SELECT pg_notify($1, $2)", CHANNEL, text)

    async def close(self) -> None:
        """Let the connection go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def _execute(self, statement: str, *arguments: str) -> None:
        connection = self._connection
        if connection is None or connection.is_closed():
            raise Unavailable("the connection that notices come by is lost")
        try:
            with translated(retry=False):
                await connection.execute(statement, *arguments)
        except Unavailable:
            connection.terminate()
            raise
