"""SQLite's schema: what the migrations come to, from nothing and from the schema before."""

import apsw
import pytest
from tests.storage.people import NOON, a_metric, an_event, birth, found, person, write

from plaudit.storage.migrate import Migration
from plaudit.storage.port import StoreError
from plaudit.storage.sqlite.schema import DUMP, MIGRATIONS, dump, migrate
from plaudit.storage.sqlite.store import open_sqlite

NOTE = Migration(
    len(MIGRATIONS) + 1, "note", "ALTER TABLE users ADD COLUMN note TEXT; UPDATE users SET note = name;"
)
BROKEN = Migration(len(MIGRATIONS) + 1, "broken", "CREATE TABLE extra (a INTEGER); SELECT * FROM nowhere;")
DANGLING = Migration(len(MIGRATIONS) + 1, "dangling", "DELETE FROM environments;")


def applied(connection: apsw.Connection) -> list[tuple]:
    return connection.execute("SELECT number, name, applied FROM migrations ORDER BY number").fetchall()


@pytest.fixture
async def lived_in(tmp_path):
    """A database of this release with Ada in it, opened again with the bare driver."""
    store = await open_sqlite(tmp_path / "plaudit.db", now=NOON)
    here = await found(store, "here")
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
    ada = person(here.number, "ada")
    await write(store, users=[birth(ada, name="Ada", seq=1)], events=[an_event(ada)])
    await store.close()
    connection = apsw.Connection(str(tmp_path / "plaudit.db"))
    yield connection
    connection.close()


def test_the_schema_file_is_what_the_migrations_come_to():
    connection = apsw.Connection("")
    migrate(connection, NOON)
    assert dump(connection) == DUMP.read_text(encoding="utf-8"), (
        "The schema file is stale. Write it anew with `python -m plaudit.storage.sqlite.schema`."
    )


def test_each_migration_is_recorded_once_with_its_time():
    connection = apsw.Connection("")
    assert migrate(connection, NOON) == [step.name for step in MIGRATIONS]
    assert migrate(connection, NOON + 1) == []
    assert applied(connection) == [(step.number, step.name, NOON) for step in MIGRATIONS]


def test_a_later_migration_keeps_what_was_there(lived_in):
    assert migrate(lived_in, NOON + 9, (*MIGRATIONS, NOTE)) == ["note"]
    assert lived_in.execute("SELECT user_id, note FROM users").fetchall() == [("ada", "Ada")]
    assert applied(lived_in)[-1] == (NOTE.number, "note", NOON + 9)


@pytest.mark.parametrize(("step", "error"), [(BROKEN, apsw.SQLError), (DANGLING, StoreError)])
def test_a_migration_that_fails_leaves_the_schema_before(lived_in, step, error):
    before = (dump(lived_in), applied(lived_in), lived_in.execute("SELECT count(*) FROM environments").get)
    with pytest.raises(error):
        migrate(lived_in, NOON, (*MIGRATIONS, step))
    assert (
        dump(lived_in),
        applied(lived_in),
        lived_in.execute("SELECT count(*) FROM environments").get,
    ) == before


async def test_the_database_of_a_newer_release_is_not_opened(lived_in, tmp_path):
    migrate(lived_in, NOON, (*MIGRATIONS, NOTE))
    with pytest.raises(StoreError, match="by a newer Plaudit"):
        await open_sqlite(tmp_path / "plaudit.db")
