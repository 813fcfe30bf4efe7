"""With a unique constraint taken out, the test that rests on it fails: so it is a test of it.

The constraints are a second belt. The first is the lock under which a user is read and decided (the rows
of PostgreSQL, the one writer of SQLite): while it holds, a number, a key or a completion that is there is
seen before the write. Whoever writes without having looked, by a bug or without the lock, meets these.
"""

import pytest
from tests.storage import exam_writing
from tests.storage.people import found, person
from tests.support.postgres import fresh_database, shared_cluster
from tests.support.unsafe import CONSTRAINTS, drop_constraints

from plaudit.compose import open_store
from plaudit.config import Settings


async def the_exam_of_events(store, ada, _ben):
    """A user's events are numbered without doubles: two that were decided at once cannot both be counted."""
    await exam_writing.test_a_number_of_a_users_log_is_used_once(store, ada)


async def the_exam_of_idempotency_keys(store, ada, ben):
    """A key is used once, though it was looked up before: the second belt behind the look at used keys."""
    await exam_writing.test_a_key_used_twice_is_refused_and_nothing_of_the_group_stays(store, ada, ben)


async def the_exam_of_completions(store, ada, _ben):
    """An achievement is completed once per user, though the engine knows what the user has."""
    await exam_writing.test_a_second_completion_is_refused_and_not_counted(store, ada)


EXAMS = {
    "events": the_exam_of_events,
    "completions": the_exam_of_completions,
    "idempotency_keys": the_exam_of_idempotency_keys,
}


@pytest.fixture(params=["sqlite", "postgres"])
def database(request, tmp_path):
    """Give the address of an empty database of each kind; SQLite makes it when it is opened."""
    if request.param == "sqlite":
        return f"sqlite:{tmp_path / 'plaudit.db'}"
    return fresh_database(shared_cluster(fast=True))


async def sit(exam, database):
    """Let a store on a database sit a part of the storage exam."""
    store = await open_store(Settings(database, unsafe_database=True))
    try:
        here = await found(store, "here")
        await exam(store, person(here.number, "ada"), person(here.number, "ben"))
    finally:
        await store.close()


@pytest.mark.parametrize("table", CONSTRAINTS)
async def test_the_exam_passes_without_the_constraints_of_others(database, table):
    await (await open_store(Settings(database, unsafe_database=True))).close()
    drop_constraints(database, tuple(other for other in CONSTRAINTS if other != table))
    await sit(EXAMS[table], database)


@pytest.mark.parametrize("table", CONSTRAINTS)
async def test_the_exam_fails_without_the_constraint_it_rests_on(database, table):
    await (await open_store(Settings(database, unsafe_database=True))).close()
    drop_constraints(database, (table,))
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        await sit(EXAMS[table], database)
