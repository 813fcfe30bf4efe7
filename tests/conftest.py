"""Fixtures of every room: one server per database and test process, and a fresh world for each test.

Refuses state between tests: each world is an environment of its own.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests.support.server import Server, on_postgres, on_sqlite
from tests.support.world import World

from plaudit.model.catalog import EnvironmentSettings

POOL = 16

# How long an example takes says what else the machine does, not what is wrong.
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests that share an id: where workers divide the tests, all but one of them would never run."""
    shared = [node for node, times in Counter(item.nodeid for item in items).items() if times > 1]
    assert not shared, f"Several tests have the id {shared[0]}."


class Worlds:
    """Makes worlds on one server; environments of the usual settings are made many at a time."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._spare: list[str] = []

    def make(self, settings: EnvironmentSettings | None = None) -> World:
        if settings is not None:
            return World(self.server, self.server.new_environment(settings))
        if not self._spare:
            self._spare = self.server.new_environments([EnvironmentSettings()] * POOL)
        return World(self.server, self._spare.pop())


@pytest.fixture(scope="session")
def sqlite_worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    folder: Path = tmp_path_factory.mktemp("sqlite-server")
    with on_sqlite(folder) as server:
        yield Worlds(server)
    _audit(server)


@pytest.fixture(scope="session")
def postgres_worlds() -> Iterator[Worlds]:
    with on_postgres(workers=2) as server:
        yield Worlds(server)
    _audit(server)


def _audit(server: Server) -> None:
    """Whatever the tests did, every derived number still follows from the event log."""
    audited = server.run("verify")
    assert audited.returncode == 0, audited.stdout + audited.stderr


@pytest.fixture(params=["sqlite", "postgres"])
def worlds(request: pytest.FixtureRequest) -> Worlds:
    """Every test that asks for it runs on both databases."""
    found: Worlds = request.getfixturevalue(f"{request.param}_worlds")
    return found


@pytest.fixture
def world(worlds: Worlds) -> Iterator[World]:
    """A world with one metric, ``words``; Ada and Ben live here."""
    made = worlds.make()
    made.words = made.metric("words")
    yield made
    made.close()


@pytest.fixture
def elsewhere(worlds: Worlds) -> Iterator[World]:
    """Another environment of the same server, with a metric of the same key; Cleo lives here."""
    made = worlds.make()
    made.words = made.metric("words")
    yield made
    made.close()
