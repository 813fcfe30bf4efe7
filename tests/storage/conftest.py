"""The candidates of the exam: a fresh, empty database of each kind for every test.

Refuses to skip one: without PostgreSQL the test fails with what to install.
"""

from pathlib import Path

import pytest
from tests.storage.people import found, person

from plaudit.storage.port import Store
from plaudit.storage.sqlite.store import open_sqlite

pytest.register_assert_rewrite(
    *(
        f"tests.storage.exam_{part}"
        for part in (
            "writing",
            "reading",
            "catalog",
            "backdates",
            "outbox",
            "boards",
            "runs",
            "streak_care",
            "expiry",
            "points",
            "peers",
            "merging",
            "turnstile",
        )
    )
)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Let pytest find the exam under its name in the plan of the house; one it is given it finds itself."""
    if file_path.name.startswith("exam") and not parent.session.isinitpath(file_path):
        module: pytest.Module = pytest.Module.from_parent(parent, path=file_path)
        return module
    return None


async def _sqlite(folder: Path) -> Store:
    return await open_sqlite(folder / "plaudit.db")


async def _postgres(_folder: Path) -> Store:
    from tests.support.postgres import fresh_database, shared_cluster  # noqa: PLC0415 - SQLite alone is tested without it

    from plaudit.storage.postgres.store import open_postgres  # noqa: PLC0415 - as above

    return await open_postgres(fresh_database(shared_cluster(fast=True)), allow_unsafe=True)


@pytest.fixture(params=[_sqlite, _postgres], ids=["sqlite", "postgres"])
async def store(request, tmp_path):
    opened = await request.param(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def here(store):
    return await found(store, "here")


@pytest.fixture
async def elsewhere(store, here):
    return await found(store, "elsewhere")


@pytest.fixture
def ada(here):
    return person(here.number, "ada")


@pytest.fixture
def ben(here):
    return person(here.number, "ben")


@pytest.fixture
def cleo(elsewhere):
    return person(elsewhere.number, "cleo")
