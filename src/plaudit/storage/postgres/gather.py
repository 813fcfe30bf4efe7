"""Gathers readings: what is asked while one reading is under way is answered together by the next.

Refuses to keep anything: a reading that answers a call begins after the call, so it sees the last commit.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST = 64
"""Most keys of one reading, so that none waits long."""


class Gatherer(Generic[K, V]):
    """Answers calls for one key each by readings of many.

    Args:
        read: reads the values of distinct keys, in their order.
        lanes: readings that may be under way at once.
    """

    def __init__(self, read: Callable[[list[K]], Awaitable[list[V]]], lanes: int = 2) -> None:
        self._read = read
        self._free = lanes
        self._waiting: dict[K, list[asyncio.Future[V]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def get(self, key: K) -> V:
        """Give the value of a key, as the next reading finds it.

        Raises:
            Exception: whatever the reading raised.
        """
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[V] = loop.create_future()
        self._waiting.setdefault(key, []).append(answer)
        if self._free:
            self._free -= 1
            task = loop.create_task(self._run())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                taken = [(key, self._waiting.pop(key)) for key in list(self._waiting)[:MOST]]
                await self._answer(taken)
        finally:
            self._free += 1

    async def _answer(self, taken: list[tuple[K, list[asyncio.Future[V]]]]) -> None:
        try:
            values = await self._read([key for key, _ in taken])
        except Exception as reason:  # noqa: BLE001 - every caller must be answered, whatever broke
            for _, answers in taken:
                _fail(answers, reason)
            return
        for (_, answers), value in zip(taken, values, strict=True):
            for answer in answers:
                if not answer.done():  # else the caller has gone
                    answer.set_result(value)


def _fail(answers: list[asyncio.Future[V]], reason: Exception) -> None:
    for answer in answers:
        if not answer.done():
            answer.set_exception(reason)
