"""Statistics are kept for a while: the costlier, the longer."""

import asyncio

from plaudit.operations.keep_insights import FRESH_SECONDS, InsightsKeeper


class Desk:
    """A keeper, a clock set by hand, and a reading that takes as long as it is told."""

    def __init__(self) -> None:
        self.time, self.cost, self.readings = 0.0, 0.0, 0
        self.keeper = InsightsKeeper(tick=lambda: self.time)

    async def _read(self) -> int:
        await asyncio.sleep(0)
        self.time += self.cost
        self.readings += 1
        return self.readings

    async def ask(self) -> int:
        return await self.keeper.get("it", self._read)


async def _cheap() -> None:
    desk = Desk()
    assert list(await asyncio.gather(desk.ask(), desk.ask(), desk.ask())) == [1, 1, 1]
    desk.time = FRESH_SECONDS - 1
    assert await desk.ask() == 1
    desk.time = FRESH_SECONDS + 1
    assert await desk.ask() == 1
    await desk.keeper.close()
    assert await desk.ask() == 2
    desk.time += FRESH_SECONDS * 10
    assert await desk.ask() == 3


async def _costly() -> None:
    desk = Desk()
    desk.cost = 2.0
    assert await desk.ask() == 1
    desk.time = 2.0 + 99
    assert await desk.ask() == 1
    await desk.keeper.close()
    assert desk.readings == 1
    desk.time = 2.0 + 101
    assert await desk.ask() == 1
    await desk.keeper.close()
    assert desk.readings == 2


def test_old_news_is_told_while_new_is_read_and_very_old_is_not() -> None:
    asyncio.run(_cheap())


def test_a_costly_reading_is_made_seldom() -> None:
    asyncio.run(_costly())
