"""Readings under way: each once, whoever asks for it meanwhile, and one after the other.

Refuses to remember what was read; whoever begins a reading does.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")

logger = logging.getLogger("plaudit.readings")


class Readings(Generic[K, T]):
    """The readings of one process that are so costly that no two of them may run at a time."""

    def __init__(self) -> None:
        """Begin with none."""
        self._turn = asyncio.Lock()
        self._tasks: dict[K, asyncio.Task[T]] = {}

    def of(self, key: K) -> asyncio.Task[T] | None:
        """Give the reading that will bring a key, if one is under way."""
        return self._tasks.get(key)

    def begin(self, keys: Sequence[K], read: Callable[[], Awaitable[T]]) -> asyncio.Task[T]:
        """Begin a reading that brings some keys, once those before it have ended."""
        task = asyncio.get_running_loop().create_task(self._alone(read))
        self._tasks |= dict.fromkeys(keys, task)
        task.add_done_callback(partial(self._end, keys))
        return task

    async def finish(self) -> None:
        """Wait for what is under way, which holds connections."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def give_up(self) -> None:
        """End what is under way."""
        for task in self._tasks.values():
            task.cancel()
        await self.finish()

    async def _alone(self, read: Callable[[], Awaitable[T]]) -> T:
        async with self._turn:
            return await read()

    def _end(self, keys: Iterable[K], task: asyncio.Task[T]) -> None:
        for key in keys:
            if self._tasks.get(key) is task:
                del self._tasks[key]
        if not task.cancelled() and (fault := task.exception()) is not None:
            # Whoever still waits is told; the next one who asks tries again.
            logger.warning("a statistic could not be read: %s", type(fault).__name__)
