"""The one reader, whose readings see one moment, the last commit, while the writer goes on; long ones aside.

Refuses writes, and waiting inside a reading: an open one would keep the write-ahead log from shrinking.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

import apsw

from plaudit.storage.rows import Row
from plaudit.storage.sqlite.connection import open_reader, translated
from plaudit.storage.sqlite.statements import SQL

T = TypeVar("T")


class Reader:
    """Owns the reading connection; used on the event loop's thread only."""

    def __init__(self, connection: apsw.Connection) -> None:
        """Take over a connection that nothing else will use.

        Args:
            connection: refused every write.
        """
        self._connection = connection
        self._cursor = connection.cursor()

    @contextmanager
    def moment(self) -> Iterator[apsw.Cursor]:
        """Read several statements of one moment.

        Raises:
            Unavailable: the disk fails.
        """
        with translated():
            self._cursor.execute("BEGIN")
            try:
                yield self._cursor
            finally:
                # After an I/O error SQLite has ended the reading by itself.
                if self._connection.in_transaction:
                    self._cursor.execute("ROLLBACK")

    @property
    def alone(self) -> apsw.Cursor:
        """The cursor for a reading of one statement, which is one moment by itself."""
        return self._cursor

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


class Aside:
    """Readings that visit very many rows: each in a thread, on a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Keep where the file is; each reading opens it."""
        self._path = path

    async def fetch(self, name: str, *asked: object) -> list[Row]:
        """Run one named statement and give its rows; the event loop goes on meanwhile.

        Raises:
            Unavailable: the disk fails.
        """
        return await self.run(lambda cursor: cursor.execute(SQL[name], asked).fetchall())

    async def run(self, act: Callable[[apsw.Cursor], T]) -> T:
        """Run several statements of one moment; the event loop goes on meanwhile.

        Raises:
            Unavailable: the disk fails.
        """
        return await asyncio.to_thread(self._run, act)

    def _run(self, act: Callable[[apsw.Cursor], T]) -> T:
        with translated(), closing(open_reader(self._path)) as connection:
            cursor = connection.cursor()
            cursor.execute("BEGIN")
            return act(cursor)
