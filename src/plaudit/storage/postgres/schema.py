"""The schema: applies pending migrations, each whole or not at all, one process at a time.

Refuses to run against a database that a newer release has migrated.
"""

from collections.abc import Sequence
from pathlib import Path

from plaudit.storage.migrate import Migration, list_migrations, pending
from plaudit.storage.postgres.connection import Connection
from plaudit.storage.schema_port import Tell, quietly

MIGRATIONS = list_migrations(Path(__file__).parent / "migrations")

_RECORD = """CREATE TABLE migrations (
    number INTEGER PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    applied BIGINT NOT NULL
)"""

_LOCK = 0x504C4155444954  # "PLAUDIT" in ASCII: the advisory lock of this database's migrations


async def migrate(
    connection: Connection, now: int, migrations: Sequence[Migration] = MIGRATIONS, tell: Tell = quietly
) -> list[str]:
    """Apply what the database lacks; other processes that start meanwhile wait here.

    Args:
        connection: one outside any transaction.
        now: Unix milliseconds, recorded beside each migration.
        migrations: the steps to reach; tests hand in their own.
        tell: hears of each step when it begins.

    Returns:
        The names of the migrations applied now.

    Raises:
        StoreError: a newer release has migrated the database.
    """
    await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
    try:
        missing = pending(migrations, await _applied(connection))
        for migration in missing:
            tell(migration.label)
            async with connection.transaction():
                await connection.execute(migration.sql)
                await connection.execute(
                    "INSERT INTO migrations VALUES ($1, $2, $3)", migration.number, migration.name, now
                )
        return [migration.name for migration in missing]
    finally:
        await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def _applied(connection: Connection) -> set[int]:
    if await connection.fetchval("SELECT to_regclass('migrations')") is None:
        # Asked first, so that a role that may not create tables can still start on a finished schema.
        await connection.execute(_RECORD)
    return {row["number"] for row in await connection.fetch("SELECT number FROM migrations")}
