"""Opening a PostgreSQL database: what is refused, with which sentence."""

import asyncio

import pytest
from tests.storage.people import birth, found, person, read, write
from tests.support.postgres import Cluster, fresh_database, shared_cluster

from plaudit.storage.port import StoreError
from plaudit.storage.postgres.connection import check_server
from plaudit.storage.postgres.store import open_postgres


class Told:
    """A connection to a server that says of itself what the test tells it to."""

    def __init__(self, **settings: str) -> None:
        self._settings = {
            "server_version_num": "150000",
            "server_encoding": "UTF8",
            "transaction_read_only": "off",
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
        } | settings

    async def fetchval(self, _sql: str, name: str) -> str:
        return self._settings[name]


@pytest.fixture(scope="module")
def durable() -> Cluster:
    return shared_cluster()


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
async def test_a_server_that_forgets_on_power_loss_is_refused(name):
    told = Told(**{name: "off"})
    with pytest.raises(StoreError, match=f"runs with {name} = off, so a power cut would lose events"):
        await check_server(told, allow_unsafe=False)
    await check_server(told, allow_unsafe=True)


@pytest.mark.parametrize(
    ("setting", "value", "sentence"),
    [
        ("server_version_num", "140012", "older than 15"),
        ("server_encoding", "LATIN1", "ENCODING 'UTF8'"),
        ("transaction_read_only", "on", "address of the primary"),
    ],
)
async def test_a_server_that_cannot_serve_is_refused(setting, value, sentence):
    with pytest.raises(StoreError, match=sentence):
        await check_server(Told(**{setting: value}), allow_unsafe=True)


@pytest.mark.parametrize("value", ["on", "local", "remote_write", "remote_apply"])
async def test_every_way_of_flushing_is_accepted(value):
    await check_server(Told(synchronous_commit=value), allow_unsafe=False)


async def test_a_real_server_without_fsync_is_refused():
    with pytest.raises(StoreError, match="fsync = off"):
        await open_postgres(fresh_database(shared_cluster(fast=True)))


async def test_a_role_that_commits_before_the_flush_is_refused(durable):
    dsn = fresh_database(durable)
    durable.sql(f"ALTER DATABASE {dsn.rsplit('/', 1)[1]} SET synchronous_commit = off")
    with pytest.raises(StoreError, match="synchronous_commit = off"):
        await open_postgres(dsn)


async def test_a_server_that_does_not_answer_is_named_as_such():
    with pytest.raises(StoreError, match=r"PostgreSQL cannot be opened: .* Check the database address"):
        await open_postgres("postgresql://plaudit@127.0.0.1:1/plaudit")


async def test_a_database_that_does_not_exist_is_named(durable):
    with pytest.raises(StoreError, match='"nowhere" does not exist'):
        await open_postgres(durable.dsn_for("nowhere"))


async def test_what_was_committed_outlives_a_killed_server():
    cluster = Cluster()
    dsn = fresh_database(cluster)
    store = await open_postgres(dsn)
    here = await found(store, "here")
    ada = person(here.number, "ada")
    await write(store, users=[birth(ada)])
    cluster.kill()
    cluster.start()
    await asyncio.sleep(0.1)  # the store notices that its connections are gone, and makes new ones
    assert (await read(store, ada)).user is not None
    await store.close()
    cluster.stop()
