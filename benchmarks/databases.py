"""The throw-away databases of the benchmarks: a SQLite file, and a PostgreSQL cluster that flushes to disk.

Refuses databases that exist already, and settings a careful operator would not use.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import apsw
from msgspec import Struct
from tests.support.postgres import Cluster, fresh_database

from benchmarks.raw import Raw, postgres_loop, sqlite_loop
from benchmarks.world import World, make_world


class Loaded(Struct, frozen=True):
    """A loaded database: the world in it, how to count its events, and its bare loop.

    ``processes`` are the database's own; SQLite has none.
    """

    name: str
    world: World
    workers: int
    processes: list[int]
    raw: Callable[[float], Raw]
    events: Callable[[], int]
    version: str


@contextmanager
def sqlite(directory: Path, *, quick: bool) -> Iterator[Loaded]:
    """Make and load a SQLite database, and a copy of it for the bare loop."""
    path, copy = directory / "world.db", directory / "raw.db"
    world = make_world(f"sqlite:{path}", quick=quick)
    shutil.copyfile(path, copy)
    raw = partial(sqlite_loop, copy, world.users["events"])
    yield Loaded("SQLite", world, 1, [], raw, partial(_sqlite_events, path), "")


def _memory() -> str:
    """Give a quarter of the machine's memory, as PostgreSQL's manual advises, but no more than 1 GB."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{min(machine // 4, 2**30) // 2**20}MB"


@contextmanager
def postgres(*, quick: bool) -> Iterator[Loaded]:
    """Start a cluster with fsync on, make and load a database in it, and a copy for the bare loop."""
    cluster = Cluster(memory=_memory())
    try:
        dsn = fresh_database(cluster)
        world = make_world(dsn, quick=quick)
        name = dsn.rpartition("/")[2]
        copy = cluster.new_name()
        cluster.sql(f"CREATE DATABASE {copy} TEMPLATE {name}")
        cluster.sql("CHECKPOINT")
        postmaster = int(Path(cluster.sql("SHOW data_directory"), "postmaster.pid").read_text().split()[0])
        raw = partial(postgres_loop, cluster.dsn_for(copy), postmaster, world.users["events"])
        count = partial(_postgres_events, cluster, name)
        version = "PostgreSQL " + cluster.sql("SHOW server_version")
        yield Loaded("PostgreSQL", world, 2, [postmaster], raw, count, version)
    finally:
        cluster.stop()


def _sqlite_events(path: Path) -> int:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return int(connection.execute("SELECT count(*) FROM events").get)
    finally:
        connection.close()


def _postgres_events(cluster: Cluster, database: str) -> int:
    return int(cluster.sql("SELECT count(*) FROM events", database))
