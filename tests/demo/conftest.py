"""The demo, loaded whole and once for every test that only reads it."""

import time

import pytest
from tests.demo.loading import load_demo, run


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """A database with the whole demo: its path, what the load told, and the seconds of work it took.

    Work is processor time: a busy neighbour is not the demo's fault.
    """
    path = tmp_path_factory.mktemp("demo") / "plaudit.db"
    began = time.process_time()
    loaded = run(path, load_demo)
    return path, loaded, time.process_time() - began
