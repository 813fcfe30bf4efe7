"""The pace of statistics: in parts of users, each a few milliseconds long, with rests while events come.

Refuses to know what is read. Users are spread evenly over their subjects: a share of these is one of those.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from plaudit.storage.insights_port import Part

T = TypeVar("T")

PART_SECONDS = 0.01
"""How long a part may take: who sends an event waits for a core that long at most, if all are taken."""

REST = 4
"""Rests after a part, as a multiple of what it took: while events come, statistics have a fifth of a core."""

WORTH = 4
"""How often what a part costs however small it is has to be in what it takes, so that parts stay worth it."""

WHOLE = 2**32
"""All users, by the first four bytes of their subjects."""

FIRST = WHOLE // 64
MOST_STEP = 8

Carried = Callable[[], int]
"""How many groups of commands were begun so far."""


def no_events() -> int:
    """Stand in where no events come."""
    return 0


class Gauge:
    """How big the next part of one kind of reading may be: ``step``."""

    def __init__(self) -> None:
        """Begin small."""
        self.step = FIRST
        self._fixed = 0.0
        self._before: tuple[int, float] | None = None

    def note(self, took: float) -> None:
        """Hear how many seconds a part of this size took, and come nearer to what takes ``PART_SECONDS``.

        A database may go through all users for any part of them, where it knows too little of a table or
        very much stands in it that is not asked for; then parts as small as can be would take for ever.
        So what two parts of different sizes have in common counts as the cost of any part.
        """
        if self._before is not None:
            step, took_before = self._before
            if max(step, self.step) >= 2 * min(step, self.step):
                fixed = (took_before * self.step - took * step) / (self.step - step)
                self._fixed = max(0.0, fixed)
        self._before = (self.step, took)
        aim = max(PART_SECONDS, WORTH * self._fixed)
        change = aim / took if took > 0 else MOST_STEP
        step = int(self.step * min(max(change, 1 / MOST_STEP), MOST_STEP))
        self.step = max(1, min(WHOLE, step))


class Pace:
    """How the statistics of one process share the machine with its events."""

    def __init__(
        self,
        carried: Carried = no_events,
        tick: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take what tells whether events come, a clock in seconds, and what lets them pass."""
        self.rested = 0.0
        self._carried = carried
        self._seen = carried()
        self._tick = tick
        self._sleep = sleep
        self._hurried = False
        self._gauges: dict[str, Gauge] = {}

    def hurry(self) -> None:
        """Rest no more: the process is about to end."""
        self._hurried = True

    async def in_parts(self, name: str, read: Callable[[Part], Awaitable[T]]) -> list[T]:
        """Read all users part by part, and give what each part gave.

        Args:
            name: of what is read; its next reading begins with parts as big as these became.
            read: reads the users whose subjects lie in a part.
        """
        found: list[T] = []
        first, gauge = 0, self._gauges.setdefault(name, Gauge())
        while first < WHOLE:
            step = gauge.step
            after = min(first + step, WHOLE)
            began = self._tick()
            found.append(await read(_part(first, after)))
            took = self._tick() - began
            if after - first == step:
                gauge.note(took)
            await self._rest(took)
            first = after
        return found

    async def one(self, part: Awaitable[T]) -> T:
        """Read one part, and rest after it."""
        began = self._tick()
        found = await part
        await self._rest(self._tick() - began)
        return found

    async def _rest(self, took: float) -> None:
        """Let events pass, if any came since the last rest, after something that took so many seconds."""
        carried, seen = self._carried(), self._seen
        self._seen = carried
        if carried == seen or self._hurried:
            return
        began = self._tick()
        await self._sleep(REST * took)
        self.rested += self._tick() - began


def _part(first: int, after: int) -> Part:
    return first.to_bytes(4, "big") + bytes(12), (after - 1).to_bytes(4, "big") + b"\xff" * 12
