"""Gathered readings: together where calls come together, and never older than the call."""

import asyncio

import pytest

from plaudit.storage.postgres.gather import MOST, Gatherer


class Shelf:
    """Reads slowly, and remembers what each reading was asked for."""

    def __init__(self) -> None:
        self.value = 0
        self.readings: list[list[str]] = []

    async def read(self, keys: list[str]) -> list[tuple[str, int]]:
        self.readings.append(keys)
        seen = self.value
        await asyncio.sleep(0.01)
        if "broken" in keys:
            raise LookupError("broken")
        return [(key, seen) for key in keys]


async def test_what_comes_while_a_reading_is_under_way_is_read_together_next():
    shelf = Shelf()
    gatherer = Gatherer(shelf.read, lanes=1)
    names = ["ada", "ben", "cleo", "ada"]
    answers = await asyncio.gather(*(gatherer.get(name) for name in names))
    assert [name for name, _ in answers] == names
    assert shelf.readings == [["ada", "ben", "cleo"]]


async def test_a_call_is_never_answered_by_a_reading_that_began_before_it():
    shelf = Shelf()
    gatherer = Gatherer(shelf.read, lanes=1)
    first = asyncio.create_task(gatherer.get("ada"))
    await asyncio.sleep(0.005)
    shelf.value = 1
    assert await gatherer.get("ada") == ("ada", 1)
    assert await first == ("ada", 0)


async def test_a_broken_reading_is_told_to_each_of_its_callers_and_to_nobody_else():
    shelf = Shelf()
    gatherer = Gatherer(shelf.read, lanes=1)
    with pytest.raises(LookupError):
        await gatherer.get("broken")
    assert await gatherer.get("ada") == ("ada", 0)


async def test_one_reading_is_bounded_and_a_caller_may_leave():
    shelf = Shelf()
    gatherer = Gatherer(shelf.read, lanes=1)
    calls = [asyncio.create_task(gatherer.get(str(n))) for n in range(MOST + 1)]
    await asyncio.sleep(0)
    calls[0].cancel()
    await asyncio.gather(*calls[1:])
    assert [len(keys) for keys in shelf.readings] == [MOST, 1]
