"""What the one file that knows every room makes itself: ids, and a second process where it is wanted."""

import os

import pytest

from plaudit.compose import new_id, running
from plaudit.config import Settings

MANY = 1_000


def test_ids_of_one_moment_are_all_different():
    assert len({new_id(5) for _ in range(MANY)}) == MANY


def test_a_child_process_makes_other_ids_than_its_parent():
    new_id(5)  # the parent holds random bytes that a child copies
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"".join(new_id(5) for _ in range(10)))
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reading, 1000)
    mine = [new_id(5) for _ in range(MANY)]
    assert not [each for each in mine if each in theirs]


@pytest.mark.parametrize(
    ("processors", "more", "wanted"), [(2, {}, True), (1, {}, False), (2, {"decide_beside": False}, False)]
)
async def test_events_are_decided_beside_where_there_is_a_processor_and_the_operator_lets_it(
    tmp_path, monkeypatch, processors, more, wanted
):
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    async with running(Settings(f"sqlite:{tmp_path / 'plaudit.db'}", log="off", **more)) as context:
        assert (context.turnstile._aside is not None) is wanted
