"""The rankings a process holds in memory: read when they are first asked for, and moved by what is committed.

Refuses to know the database: how a ranking is read, and what that reading saw, it is told.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable

from plaudit.model.leaderboards import RankKey
from plaudit.storage.ranked import Ranked

MOST = 10_000_000
"""Entries held, some 400 MB: ten boards of a million users, more than one process serves well.

What was not asked for longest goes first, such as runs that are over; what was asked for last stays,
however big, or every event would read it anew.
"""

OVERHEAD = 32
"""Entries that take as much memory as a ranking without any."""

Move = tuple[int, RankKey, int]
"""What caused a move (a number of a transaction), an entry, and 1 if it came or -1 if it left."""

Saw = Callable[[int], bool]
"""Whether a reading of a ranking saw what a transaction wrote."""


def nothing(_cause: int) -> bool:
    """Say of every transaction that it was not seen, so that its moves are carried out, maybe again."""
    return False


class _Held:
    """A ranking, and while it is being read the moves that come meanwhile."""

    __slots__ = ("ranked", "ready", "saw", "waiting")

    def __init__(self, number: int) -> None:
        self.ranked = Ranked(number)
        self.ready = asyncio.Event()
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
        fresh = {cause: not self.saw(cause) for cause in {move[0] for move in moves}}
        summed: dict[RankKey, int] = {}
        for cause, key, change in moves:
            if fresh[cause]:
                summed[key] = summed.get(key, 0) + change
        for key, change in summed.items():
            if change > 0:
                self.ranked.add(key)
            elif change < 0:
                self.ranked.remove(key)


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
        self, numbers: Collection[int], follow: Callable[[], Awaitable[None]] | None = None
    ) -> dict[int, Ranked]:
        """Give rankings that hold everything committed before the call; to be used before the next await.

        Args:
            numbers: which.
            follow: brings what is held up to the present, where this process does not see every commit.
        """
        self._asked.update(numbers)
        try:
            while True:
                for number in numbers:
                    while (held := self._held.get(number)) is None or held.waiting is not None:
                        await self._load(number, held)
                if follow is not None:
                    await follow()
                if (found := self._found(numbers)) is not None:
                    return found
        finally:
            self._asked.subtract(numbers)
            self._shrink()

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

    async def _load(self, number: int, held: _Held | None) -> None:
        """Read a ranking, or wait for whoever reads it."""
        if held is not None:
            await held.ready.wait()
            return
        held = self._held[number] = _Held(number)
        try:
            held.finish(await self._read(held.ranked))
            self._grown = True
        except BaseException:
            if self._held.get(number) is held:
                del self._held[number]
            raise
        finally:
            held.ready.set()

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
