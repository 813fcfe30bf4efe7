"""Opening one PostgreSQL database: checked, migrated, and shared by ledger and catalog.

Refuses servers that would lose acknowledged events, and databases of a newer release.
"""

import time

from plaudit.storage.insights_port import Insights
from plaudit.storage.members_port import Members
from plaudit.storage.migrate import schema_of
from plaudit.storage.peers_port import Peers
from plaudit.storage.points_port import Points
from plaudit.storage.port import Catalog, Ledger, Outbox, Schema
from plaudit.storage.postgres.catalog import PostgresCatalog
from plaudit.storage.postgres.connection import check_server, connect, reaching
from plaudit.storage.postgres.insights import PostgresInsights
from plaudit.storage.postgres.ledger import PostgresLedger
from plaudit.storage.postgres.members import PostgresMembers
from plaudit.storage.postgres.outbox import PostgresOutbox
from plaudit.storage.postgres.peers import PostgresPeers
from plaudit.storage.postgres.points import PostgresPoints
from plaudit.storage.postgres.pool import FREELY, Pool
from plaudit.storage.postgres.requests import PostgresRequests
from plaudit.storage.postgres.schema import MIGRATIONS, migrate
from plaudit.storage.requests_port import Requests
from plaudit.storage.schema_port import Tell, quietly


class PostgresStore:
    """One opened database, shared with any number of other processes."""

    def __init__(self, writers: Pool, readers: Pool, surveyors: Pool, slots: int, schema: Schema) -> None:
        """Share two pools between ledger and catalog, so that a waiting page never starves ingest.

        Args:
            writers: connections for transactions.
            readers: connections for everything else.
            surveyors: connections for statistics.
            slots: rows each global count is spread over.
            schema: where the schema stands.
        """
        self.schema = schema
        self.ledger: Ledger = PostgresLedger(writers, readers, slots)
        self.catalog: Catalog = PostgresCatalog(readers)
        self.peers: Peers = PostgresPeers(readers)
        self.points: Points = PostgresPoints(readers)
        self.outbox: Outbox = PostgresOutbox(readers)
        self.requests: Requests = PostgresRequests(readers)
        self.members: Members = PostgresMembers(readers)
        self.insights: Insights = PostgresInsights(surveyors)
        self._pools = (writers, readers, surveyors)

    async def close(self) -> None:
        """Close every connection, after the work on them has ended."""
        for pool in self._pools:
            await pool.close()


async def open_postgres(
    dsn: str,
    *,
    pool_size: int = 4,
    slots: int = 16,
    allow_unsafe: bool = False,
    now: int | None = None,
    tell: Tell = quietly,
) -> PostgresStore:
    """Open a database, migrating it as needed.

    Args:
        dsn: ``postgresql://USER:PASSWORD@HOST:PORT/NAME``.
        pool_size: connections for transactions, and as many again for reading.
        slots: rows each global count is spread over, so that groups seldom wait for each other.
        allow_unsafe: accept a server that does not flush its commits to disk, for tests only.
        now: Unix milliseconds to record beside new migrations; the system's clock if not given.
        tell: hears of each migration when it begins.

    Raises:
        StoreError: the server cannot be reached, is too old, unsafe or read-only, or a newer
            release has migrated the database; the sentence says what to do.
    """
    with reaching():
        connection = await connect(dsn)
        try:
            await check_server(connection, allow_unsafe=allow_unsafe)
            moment = time.time_ns() // 1_000_000 if now is None else now
            done = await migrate(connection, moment, tell=tell)
        finally:
            await connection.close()
        writers, readers = Pool(dsn, pool_size), Pool(dsn, pool_size)
        await writers.open()
        await readers.open()
        surveyors = Pool(dsn, 1, FREELY)
        await surveyors.open()
    return PostgresStore(writers, readers, surveyors, slots, schema_of(MIGRATIONS, done))
