"""PostgreSQL's schema: what the migrations come to, from nothing and from the schema before."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from tests.storage.people import NOON, birth, found, person, read, write
from tests.support.postgres import empty_database, fresh_database, shared_cluster

from plaudit.storage.migrate import Migration
from plaudit.storage.port import StoreError
from plaudit.storage.postgres import schema
from plaudit.storage.postgres.schema import MIGRATIONS, migrate
from plaudit.storage.postgres.store import open_postgres

SCHEMA = Path(schema.__file__).with_name("schema.sql")
NOTE = Migration(
    len(MIGRATIONS) + 1, "note", "ALTER TABLE users ADD COLUMN note TEXT; UPDATE users SET note = name;"
)
BROKEN = Migration(len(MIGRATIONS) + 1, "broken", "CREATE TABLE extra (a INTEGER); SELECT * FROM nowhere;")
LISTING = """
SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, o.collname,
                 c.reloptions)
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
LEFT JOIN pg_collation o ON o.oid = a.attcollation
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
UNION ALL
SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid)
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
ORDER BY 1
"""


@pytest.fixture
async def empty():
    connection = await asyncpg.connect(empty_database())
    yield connection
    await connection.close()


@pytest.fixture
async def lived_in():
    """A database of this release with Ada in it, opened again with the bare driver."""
    dsn = fresh_database(shared_cluster(fast=True))
    store = await open_postgres(dsn, allow_unsafe=True)
    here = await found(store, "here")
    await write(store, users=[birth(person(here.number, "ada"), name="Ada")])
    await store.close()
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def listing(connection) -> list[str]:
    return [line for (line,) in await connection.fetch(LISTING)]


async def test_the_schema_file_is_what_the_migrations_come_to(empty):
    other = await asyncpg.connect(empty_database())
    await migrate(empty, NOON)
    await other.execute(SCHEMA.read_text(encoding="utf-8"))
    assert await listing(other) == await listing(empty), (
        "The schema file is stale. Write the change of the migration into it too."
    )
    await other.close()


async def test_migrations_run_once_and_say_when(empty):
    assert await migrate(empty, NOON) == [step.name for step in MIGRATIONS]
    assert await migrate(empty, NOON + 1) == []
    applied = await empty.fetch("SELECT number, name, applied FROM migrations ORDER BY number")
    assert [tuple(row) for row in applied] == [(step.number, step.name, NOON) for step in MIGRATIONS]


async def test_a_new_migration_keeps_what_is_there(lived_in):
    assert await migrate(lived_in, NOON, (*MIGRATIONS, NOTE)) == ["note"]
    assert await lived_in.fetchval("SELECT note FROM users") == "Ada"


async def test_a_broken_migration_leaves_nothing_behind(lived_in):
    before = await listing(lived_in)
    with pytest.raises(asyncpg.UndefinedTableError):
        await migrate(lived_in, NOON, (*MIGRATIONS, BROKEN))
    assert await listing(lived_in) == before
    assert await migrate(lived_in, NOON, (*MIGRATIONS, NOTE)) == ["note"]


async def test_a_database_of_a_newer_release_is_refused(lived_in):
    await migrate(lived_in, NOON, (*MIGRATIONS, NOTE))
    with pytest.raises(StoreError, match="newer Plaudit"):
        await migrate(lived_in, NOON)


async def test_processes_that_start_together_migrate_once():
    dsn = empty_database()
    stores = await asyncio.gather(*(open_postgres(dsn, pool_size=1, allow_unsafe=True) for _ in range(4)))
    here = await found(stores[0], "here")
    ada = person(here.number, "ada")
    await write(stores[1], users=[birth(ada)])
    assert (await read(stores[2], ada)).user is not None
    for store in stores:
        await store.close()
