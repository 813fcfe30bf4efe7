"""What the one file that knows every room makes itself: ids."""

import os

from plaudit.compose import new_id

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
