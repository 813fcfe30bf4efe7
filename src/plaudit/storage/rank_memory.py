"""The rankings a process holds in memory: read when they are first asked for, and moved by what is committed.

Refuses to know the database: how a ranking is read, and what that reading saw, it is told.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from functools import partial

from plaudit.model.leaderboards import RankKey
from plaudit.storage.boards_port import Cold
from plaudit.storage.ranked import Ranked

MOST = 6_000_000
"""Entries held, some 450 MB: six boards of a million users, more than one process serves well.

What was not asked for longest goes first, such as runs that are over; what was asked for last stays,
however big, or every event would read it anew.
"""

SHORT = 0.25
"""Seconds for which an open transaction, with all its locks, waits for a ranking to be read."""

OVERHEAD = 32
"""Entries that take as much memory as a ranking without any."""

Move = tuple[int, RankKey, int]
"""What caused a move (a number of a transaction), an entry, and 1 if it came or -1 if it left."""

Saw = Callable[[int], bool]
"""Whether a reading of a ranking saw what a transaction wrote."""


def nothing(_cause: int) -> bool:
    """Say of every transaction that it was not seen, so that its moves are carried out, maybe again."""
    return False


def _notice(reading: asyncio.Task[None]) -> None:
    """Take notice of an error whose callers have lost patience; whoever asks next reads anew."""
    if not reading.cancelled():
        reading.exception()


class _Held:
    """A ranking, and while it is being read the moves that come meanwhile."""

    __slots__ = ("ranked", "reading", "saw", "waiting")

    def __init__(self, number: int) -> None:
        self.ranked = Ranked(number)
        self.reading: asyncio.Task[None] | None = None
        self.saw: Saw = nothing
        self.waiting: list[list[Move]] | None = []

    def finish(self, saw: Saw) -> None:
        """Carry out what has come while the ranking was read."""
        waiting, self.waiting, self.saw = self.waiting, None, saw
        for moves in waiting or ():
            self.move(moves)

    def move(self, moves: list[Move]) -> None:
        """Carry out moves that became visible together; their order says nothing, so they are summed."""
        if self.waiting is not None:
            self.waiting.append(moves)
            return
        saw = self.saw
        if saw is not nothing:
            seen = {cause for cause in {move[0] for move in moves} if saw(cause)}
            moves = [move for move in moves if move[0] not in seen]
        summed: dict[bytes, int] = {}
        for _, key, change in moves:
            place = key.place
            summed[place] = summed.get(place, 0) + change
        for place, change in summed.items():
            if change > 0:
                self.ranked.add(place)
            elif change < 0:
                self.ranked.remove(place)


class RankMemory:
    """Rankings by number, those asked for last at the end."""

    def __init__(self, read: Callable[[Ranked], Awaitable[Saw]], most: int = MOST) -> None:
        """Begin with none.

        Args:
            read: puts every entry into an empty ranking, and tells which transactions it saw.
            most: entries held.
        """
        self._read = read
        self._most = most
        self._held: dict[int, _Held] = {}
        self._asked: Counter[int] = Counter()
        self._grown = False

    async def rankings(
        self,
        numbers: Collection[int],
        follow: Callable[[], Awaitable[None]] | None = None,
        patience: float | None = None,
    ) -> dict[int, Ranked]:
        """Give rankings that hold everything committed before the call; to be used before the next await.

        Args:
            numbers: which.
            follow: brings what is held up to the present, where this process does not see every commit.
            patience: seconds to wait for a ranking that is being read; None waits for it.

        Raises:
            Cold: patience has ended; the reading goes on.
        """
        self._asked.update(numbers)
        try:
            while True:
                await self._read_all(numbers, patience)
                if follow is not None:
                    await follow()
                if (found := self._found(numbers)) is not None:
                    return found
        finally:
            self._release(numbers)

    @asynccontextmanager
    async def held(self, numbers: Collection[int]) -> AsyncIterator[None]:
        """Wait until rankings are read, and let none of them be dropped inside."""
        self._asked.update(numbers)
        try:
            await self._read_all(numbers, None)
            yield
        finally:
            self._release(numbers)

    def move(self, moves: Iterable[Move]) -> None:
        """Carry out what became visible together, once it is committed."""
        by_ranking: dict[int, list[Move]] = {}
        for move in moves:
            by_ranking.setdefault(move[1].ranking, []).append(move)
        for number, part in by_ranking.items():
            held = self._held.get(number)
            if held is not None:
                held.move(part)

    def forget(self) -> None:
        """Drop every ranking; they are read again when they are asked for."""
        self._held.clear()

    async def _read_all(self, numbers: Collection[int], patience: float | None) -> None:
        """Read what is not held yet, or wait for whoever reads it."""
        for number in numbers:
            while (held := self._held.get(number)) is None or held.waiting is not None:
                if held is None:
                    held = self._held[number] = _Held(number)
                    held.reading = asyncio.create_task(self._fill(number, held))
                    held.reading.add_done_callback(_notice)
                assert held.reading is not None  # noqa: S101 - it was set at once
                done, _ = await asyncio.wait([held.reading], timeout=patience)
                if not done:
                    raise Cold(partial(self.held, numbers))
                held.reading.result()

    async def _fill(self, number: int, held: _Held) -> None:
        try:
            held.finish(await self._read(held.ranked))
            self._grown = True
        except BaseException:
            if self._held.get(number) is held:
                del self._held[number]
            raise

    def _release(self, numbers: Collection[int]) -> None:
        self._asked.subtract(numbers)
        self._shrink()

    def _found(self, numbers: Collection[int]) -> dict[int, Ranked] | None:
        """Give rankings and mark them as used; None if one was dropped meanwhile."""
        found = {}
        for number in numbers:
            held = self._held.pop(number, None)
            if held is None:
                return None
            self._held[number] = held
            if held.waiting is not None:
                return None
            found[number] = held.ranked
        return found

    def _shrink(self) -> None:
        """Drop what was not asked for longest, while there is too much; never what is being gathered."""
        if not self._grown:
            return
        self._grown = False
        self._asked = +self._asked
        sizes = {n: len(held.ranked) + OVERHEAD for n, held in self._held.items() if held.waiting is None}
        total = sum(sizes.values())
        for number, size in list(sizes.items())[:-1]:
            if total > self._most and not self._asked[number]:
                del self._held[number]
                total -= size
