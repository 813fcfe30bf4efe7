"""Statistics kept for a while: the costlier one is, the more seldom it is read anew.

Refuses to let callers wait for what is only a little old, and to read two things at once.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct

from plaudit.operations.pace import Pace
from plaudit.operations.readings import Readings

T = TypeVar("T")

FRESH_SECONDS = 10.0
"""How long a statistic is told without a new reading, at least."""

COST_FACTOR = 50
"""A reading may take one part in so many of the time, its rests left out."""

PATIENCE = 6
"""What is older than so many times its cadence is read anew while the caller waits."""

MOST_KEPT = 256


class Kept(Struct):
    """A statistic, when it was read (seconds of a monotonic clock), and how long it holds."""

    value: Any
    read: float
    holds: float


class InsightsKeeper:
    """Remembers statistics of one process."""

    def __init__(self, pace: Pace | None = None, tick: Callable[[], float] = time.monotonic) -> None:
        """Start empty; ``pace`` is that of what is read, and by default knows of no events."""
        self.pace = Pace() if pace is None else pace
        self._tick = tick
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._readings: Readings[Hashable, Any] = Readings()

    async def get(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """Give a statistic: as kept while it holds, a little older while it is read anew, else new.

        Raises:
            Unavailable: the database cannot be read, and nothing is kept.
        """
        known = self._kept.get(key)
        age = 0.0 if known is None else self._tick() - known.read
        if known is not None and age < known.holds:
            self._kept.move_to_end(key)
            found: T = known.value
            return found
        task = self._readings.of(key) or self._readings.begin([key], partial(self._read, key, read))
        if known is None or age > known.holds * PATIENCE:
            anew: T = await asyncio.shield(task)
            return anew
        old: T = known.value
        return old

    async def close(self) -> None:
        """Wait for the readings under way, which hold connections."""
        self.pace.hurry()
        await self._readings.finish()

    async def _read(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        began, rested = self._tick(), self.pace.rested
        value = await read()
        now = self._tick()
        cost = now - began - (self.pace.rested - rested)
        self._kept[key] = Kept(value, now, max(FRESH_SECONDS, COST_FACTOR * cost))
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return value
