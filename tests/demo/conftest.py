"""The demo, loaded whole and once for every test that only reads it."""

import time
from contextlib import nullcontext
from functools import partial

import pytest
from tests.demo.loading import load_demo, run


@pytest.fixture(scope="session")
def whole(tmp_path_factory):
    """A database with the whole demo: its path, what the load told, the seconds of work it took, its bars.

    Work is processor time: a busy neighbour is not the demo's fault.
    """
    path = tmp_path_factory.mktemp("demo") / "plaudit.db"
    bars = {}

    def bar(label, total):
        bars[label] = [total, 0]

        def step(count):
            bars[label][1] += count

        return nullcontext(step)

    began = time.process_time()
    loaded = run(path, partial(load_demo, bar=bar))
    return path, loaded, time.process_time() - began, bars
