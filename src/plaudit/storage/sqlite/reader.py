"""The one reader: every reading sees one moment, the last commit, while the writer goes on.

Refuses writes, and waiting inside a reading: an open one would keep the write-ahead log from shrinking.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from plaudit.storage.sqlite.connection import translated


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
