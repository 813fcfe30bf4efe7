"""The schema: applies pending migrations, each whole or not at all, and dumps what they come to.

Refuses to run against a database that a newer release has migrated.
"""

from collections.abc import Sequence
from pathlib import Path

import apsw

from plaudit.storage.migrate import Migration, list_migrations, pending
from plaudit.storage.port import StoreError
from plaudit.storage.schema_port import Tell, quietly

MIGRATIONS = list_migrations(Path(__file__).with_name("migrations"))
"""Every migration of this release."""

DUMP = Path(__file__).with_name("schema.sql")
"""The whole schema in one file, to be read; a test holds it against the migrations."""

_RECORD = """CREATE TABLE IF NOT EXISTS migrations (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied INTEGER NOT NULL
) STRICT"""


def migrate(
    connection: apsw.Connection, now: int, migrations: Sequence[Migration] = MIGRATIONS, tell: Tell = quietly
) -> list[str]:
    """Apply what the database lacks, one transaction per migration.

    Args:
        connection: the writer, foreign keys still off so that tables can be rebuilt.
        now: Unix milliseconds, recorded beside each migration.
        migrations: the steps to reach; tests hand in their own.
        tell: hears of each step when it begins.

    Returns:
        The names of the migrations applied now.

    Raises:
        StoreError: a newer release wrote the database, or a migration left dangling references.
    """
    done: list[str] = []
    while step := _apply_next(connection, now, migrations, tell):
        done.append(step)
    return done


def _apply_next(
    connection: apsw.Connection, now: int, migrations: Sequence[Migration], tell: Tell
) -> str | None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        name = _apply_one(connection, now, migrations, tell)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    return name


def _apply_one(
    connection: apsw.Connection, now: int, migrations: Sequence[Migration], tell: Tell
) -> str | None:
    connection.execute(_RECORD)
    applied = [number for (number,) in connection.execute("SELECT number FROM migrations")]
    missing = pending(migrations, applied)
    if not missing:
        return None
    step = missing[0]
    tell(step.label)
    connection.execute(step.sql)
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise StoreError(
            f"Migration {step.name} would leave dangling references. Report this with your release."
        )
    connection.execute("INSERT INTO migrations VALUES (?, ?, ?)", (step.number, step.name, now))
    return step.name


def dump(connection: apsw.Connection) -> str:
    """Write the whole schema as SQL, in the order its parts were made."""
    statements = connection.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
    return "\n".join(f"{sql};\n" for (sql,) in statements)


def write_dump() -> None:
    """Write ``schema.sql`` anew from the migrations: ``python -m plaudit.storage.sqlite.schema``."""
    connection = apsw.Connection("")
    migrate(connection, 0)
    DUMP.write_text(dump(connection), encoding="utf-8")


if __name__ == "__main__":
    write_dump()
