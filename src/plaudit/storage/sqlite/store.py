"""Opening one SQLite database: checked, migrated, and shared by ledger and catalog.

Refuses SQLite libraries older than 3.51.3, and databases of a newer release.
"""

import time
from pathlib import Path

import apsw

from plaudit.storage.insights_port import Insights
from plaudit.storage.members_port import Members
from plaudit.storage.migrate import schema_of
from plaudit.storage.peers_port import Peers
from plaudit.storage.points_port import Points
from plaudit.storage.port import Catalog, Ledger, Outbox, Schema, Store
from plaudit.storage.requests_port import Requests
from plaudit.storage.schema_port import Tell, quietly
from plaudit.storage.sqlite.catalog import SqliteCatalog
from plaudit.storage.sqlite.claim import Claim, claim_writer
from plaudit.storage.sqlite.connection import (
    check_release,
    open_mover,
    open_reader,
    open_writer,
    translated,
)
from plaudit.storage.sqlite.insights import SqliteInsights
from plaudit.storage.sqlite.ledger import SqliteLedger
from plaudit.storage.sqlite.members import SqliteMembers
from plaudit.storage.sqlite.outbox import SqliteOutbox
from plaudit.storage.sqlite.peers import SqlitePeers
from plaudit.storage.sqlite.points import SqlitePoints
from plaudit.storage.sqlite.reader import Reader
from plaudit.storage.sqlite.requests import SqliteRequests
from plaudit.storage.sqlite.schema import MIGRATIONS, migrate
from plaudit.storage.sqlite.writer import Writer


class SqliteStore:
    """One opened database file."""

    def __init__(
        self, writer: Writer, reader: Reader, claim: Claim | None, path: Path, schema: Schema
    ) -> None:
        """Share two connections between ledger and catalog.

        Args:
            writer: the only connection of this process that writes.
            reader: sees the last commit.
            claim: of a serving process, given up at the end.
            path: of the file, for long readings.
            schema: where the schema stands.
        """
        self.schema = schema
        self.ledger: Ledger = SqliteLedger(writer, reader)
        self.catalog: Catalog = SqliteCatalog(writer, reader)
        self.peers: Peers = SqlitePeers(path)
        self.points: Points = SqlitePoints(reader, path)
        self.outbox: Outbox = SqliteOutbox(writer, reader)
        self.requests: Requests = SqliteRequests(writer, path)
        self.insights: Insights = SqliteInsights(path)
        self.members: Members = SqliteMembers(writer, reader)
        self._writer = writer
        self._reader = reader
        self._claim = claim

    async def close(self) -> None:
        """Empty the write-ahead log into the database file and close both connections."""
        self._reader.close()
        await self._writer.close()
        if self._claim is not None:
            self._claim.release()


async def open_sqlite(
    path: Path | str, *, serve: bool = False, now: int | None = None, tell: Tell = quietly
) -> Store:
    """Open a database file, making and migrating it as needed.

    Args:
        path: of the file; its folder must exist.
        serve: claim the file for this process; a second server is refused.
        now: Unix milliseconds to record beside new migrations; the system's clock if not given.
        tell: hears of each migration when it begins.

    Raises:
        StoreError: the library, the file or its disk will not do; the sentence says what to do.
        Unavailable: another process holds the write lock for too long.
    """
    check_release(apsw.sqlite_lib_version(), apsw.compile_options)
    claim = claim_writer(path) if serve else None
    try:
        moment = time.time_ns() // 1_000_000 if now is None else now
        writer, reader, done = _connect(Path(path), moment, tell)
    except BaseException:
        if claim is not None:
            claim.release()
        raise
    return SqliteStore(writer, reader, claim, Path(path), schema_of(MIGRATIONS, done))


def _connect(path: Path, now: int, tell: Tell) -> tuple[Writer, Reader, list[str]]:
    connection = open_writer(path)
    with translated():
        done = migrate(connection, now, tell=tell)
        connection.execute("PRAGMA foreign_keys = ON")
        return Writer(connection, open_mover(path)), Reader(open_reader(path)), done
