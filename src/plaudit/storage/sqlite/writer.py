"""The one writer: transactions one at a time, commits in a thread; and the checkpoints behind it.

Refuses to touch the connection while the thread has it: statements run on the event loop, and only
the waiting for the disk is handed away. Most of a checkpoint is done beside the writer.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import apsw

from plaudit.storage.sqlite.connection import translated

MOVED_PAGES = 500
"""Pages the write-ahead log grows by before they move to the database file, beside the writer.

Few, since a commit waits for the disk behind them: with 16,000 at once one event in a hundred took 45 ms at
half of capacity, with 500 it takes 13. With 1,000 there are 2 % more events at full load, and later answers.
"""

CHECKPOINT_PAGES = 16_000
"""Length of the write-ahead log, in pages, at which the writer waits for the rest, so that it begins anew."""

TRUNCATE_PAGES = 65_536
"""Length at which readers are waited for, so that the log's file becomes empty again (256 MiB)."""

_log = logging.getLogger(__name__)


def _nothing() -> None:
    """Do nothing after a commit."""


class Writer:
    """Owns the writing connection, its lock and its thread."""

    def __init__(self, connection: apsw.Connection, mover: apsw.Connection) -> None:
        """Take over two connections that nothing else will use.

        Args:
            connection: in WAL mode, automatic checkpoints off.
            mover: to the same file; moves the log into the database while transactions go on.
        """
        self._connection = connection
        self._mover = mover
        self._mover_thread = ThreadPoolExecutor(1, thread_name_prefix="plaudit-checkpoint")
        self._moving: asyncio.Future[None] | None = None
        self._cursor = connection.cursor()
        self._lock = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="plaudit-sqlite")
        self._checkpoint: asyncio.Future[None] | None = None
        self._committing = False
        self._pages = self._moved = 0
        self._limit = CHECKPOINT_PAGES
        connection.set_wal_hook(self._note_pages)

    @asynccontextmanager
    async def transaction(self, landed: Callable[[], None] = _nothing) -> AsyncIterator[apsw.Cursor]:
        """Open a write transaction: commits durably when left, rolls back on any exception.

        Args:
            landed: called after the commit, before the next transaction begins, whoever was cancelled.

        Raises:
            Unavailable: the disk is full, failing or read-only, or another process holds the lock.
            Conflict: a unique constraint refused a row.
        """
        async with self._lock:
            await self._settled(self._checkpoint)
            with translated():
                self._cursor.execute("BEGIN IMMEDIATE")
                try:
                    yield self._cursor
                except BaseException:
                    self._roll_back()
                    raise
                await self._commit(landed)

    def foreign_version(self) -> int | None:
        """Give a number that changes when another process has written; None while a thread is at work."""
        if self._committing or not (self._checkpoint is None or self._checkpoint.done()):
            return None
        with translated():
            found: int = self._connection.execute("PRAGMA data_version").get
            return found

    async def rest(self) -> None:
        """Wait until the transaction that is open now has ended."""
        async with self._lock:
            pass

    async def close(self) -> None:
        """Empty the write-ahead log into the database file and close the connection."""
        async with self._lock:
            await self._settled(self._checkpoint)
            await self._settled(self._moving)
            await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()
        self._mover_thread.shutdown()

    async def _commit(self, landed: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        self._committing = True
        commit = loop.run_in_executor(self._thread, self._commit_now)
        try:
            await asyncio.shield(commit)
        except asyncio.CancelledError:
            await self._settled(commit)
            raise
        finally:
            self._committing = False
            if commit.exception() is None:
                landed()
        if self._moving is not None and not self._moving.done():
            return
        self._moved = min(self._moved, self._pages)  # a log that was moved whole begins anew by itself
        if self._pages >= self._limit:
            # What came since the last move is little. The answers of this group need not wait for it; the
            # next transaction does, and begins the log anew.
            self._checkpoint = loop.run_in_executor(self._thread, self._checkpoint_now)
        elif self._pages >= self._moved + MOVED_PAGES:
            self._moved = self._pages
            self._moving = loop.run_in_executor(self._mover_thread, self._move_beside)

    async def _settled(self, work: asyncio.Future[None] | None) -> None:
        """Wait until the thread has let go of the connection, even when cancelled meanwhile."""
        cancelled: asyncio.CancelledError | None = None
        while work is not None and not work.done():
            try:
                await asyncio.wait([work])
            except asyncio.CancelledError as error:
                cancelled = error
        if cancelled is not None:
            raise cancelled

    def _commit_now(self) -> None:
        try:
            self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        # After a full disk or an I/O error SQLite has rolled back by itself.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def _move_beside(self) -> None:
        try:
            self._mover.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except apsw.Error as error:
            _log.warning("The write-ahead log could not be moved into the database yet: %s", error)

    def _checkpoint_now(self) -> None:
        full = self._pages >= TRUNCATE_PAGES
        mode = apsw.SQLITE_CHECKPOINT_TRUNCATE if full else apsw.SQLITE_CHECKPOINT_PASSIVE
        try:
            length, moved = self._connection.wal_checkpoint(mode=mode)
        except apsw.Error as error:
            _log.warning("The write-ahead log could not be moved into the database yet: %s", error)
            length, moved = self._pages, 0
        # A reader or a failing disk held it up: try again when the log has grown by as much.
        self._limit = CHECKPOINT_PAGES if moved >= length else length + CHECKPOINT_PAGES

    def _close(self) -> None:
        try:
            self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error as error:
            _log.warning(
                "The write-ahead log stays beside the database and is read at the next start: %s", error
            )
        self._mover.close()
        self._connection.close()

    def _note_pages(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        self._pages = pages
        return apsw.SQLITE_OK
