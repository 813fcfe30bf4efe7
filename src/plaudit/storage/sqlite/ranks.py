"""The rankings of the one serving process on SQLite: read once, then moved by its own commits.

Refuses to trust them when another process (an import beside the server) has written.
"""

import asyncio
import logging
from collections.abc import Collection

from plaudit.storage.board_rows import place
from plaudit.storage.rank_memory import Move, RankMemory, Saw, nothing
from plaudit.storage.ranked import Ranked
from plaudit.storage.sqlite.reader import Reader
from plaudit.storage.sqlite.statements import SQL
from plaudit.storage.sqlite.writer import Writer

_log = logging.getLogger(__name__)

PAGE = 5000
"""Scores read at once, so that the event loop is never held for long."""


class SqliteRanks:
    """Rankings that hold what is committed."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        """Share the connections of a store.

        Args:
            writer: tells when another process has written.
            reader: reads the scores of a ranking.
        """
        self._writer = writer
        self._reader = reader
        self._version: int | None = None
        self._memory = RankMemory(self._read)

    async def rankings(self, numbers: Collection[int], patience: float | None = None) -> dict[int, Ranked]:
        """Give rankings as of the last commit; to be used before the next await.

        Raises:
            Cold: one is not read within so many seconds.
        """
        version = self._writer.foreign_version()
        if version is not None and version != self._version:
            self._version = version
            self._memory.forget()
        return await self._memory.rankings(numbers, patience=patience)

    async def caught_up(self) -> None:
        """Wait for a commit on its way: readers see it a moment before this process knows of it."""
        await self._writer.rest()

    def move(self, moves: list[Move]) -> None:
        """Carry out what a transaction moved, once it is committed.

        Whatever breaks here is no failure of what is stored; the rankings are read anew.
        """
        try:
            self._memory.move(moves)
        except Exception:  # noqa: BLE001 - whatever it is, the caller's events are stored
            _log.exception("Moving the rankings in memory failed after a commit; they are read again")
            self._memory.forget()

    async def _read(self, ranked: Ranked) -> Saw:
        """Read the scores of a ranking, page by page.

        Commits come between two pages; their moves wait, and are carried out over whatever was read.
        """
        last = b""
        while page := self._page(ranked.number, last):
            ranked.fill([place(row) for row in page])
            last = page[-1][2]
            await asyncio.sleep(0)
        return nothing

    def _page(self, number: int, last: bytes) -> list[tuple[int, int, bytes]]:
        with self._reader.moment() as cursor:
            return list(cursor.execute(SQL["ranked_after"], (number, last, PAGE)))
