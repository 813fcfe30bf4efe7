"""One ranking in memory: its entries sorted in blocks that are counted, 32 bytes each.

Refuses to know where entries come from; what is there is not added again, what is not there not removed.
"""

from array import array
from bisect import bisect_left, bisect_right

from plaudit.model.leaderboards import RankKey

MOST = 1024
"""Entries at which a block is divided: few enough to be moved at once, enough to keep blocks few."""

FEW = MOST // 8
"""Entries below which a block joins its neighbour, if that has room."""

SPAN = 32
"""Blocks that are counted together, so that a million entries are summed in some fifty steps of C."""

MEMBER = 16
"""Bytes of a member."""


class _Block:
    """A stretch of a ranking, column by column."""

    __slots__ = ("members", "negated", "reached")

    def __init__(self, negated: "array[int]", reached: "array[int]", members: bytearray) -> None:
        self.negated = negated
        self.reached = reached
        self.members = members

    def place(self, key: RankKey) -> int:
        """Count the entries before a key."""
        negated, score = self.negated, key.negated
        low = bisect_left(negated, score)
        if low == len(negated) or negated[low] != score:
            return low
        high = bisect_right(negated, score, low)
        low = bisect_left(self.reached, key.reached_at, low, high)
        high = bisect_right(self.reached, key.reached_at, low, high)
        while low < high:
            middle = (low + high) // 2
            if self.member(middle) < key.member:
                low = middle + 1
            else:
                high = middle
        return low

    def member(self, place: int) -> bytearray:
        return self.members[MEMBER * place : MEMBER * place + MEMBER]

    def has(self, place: int, key: RankKey) -> bool:
        return (
            place < len(self.negated)
            and self.negated[place] == key.negated
            and self.reached[place] == key.reached_at
            and self.member(place) == key.member
        )

    def insert(self, place: int, key: RankKey) -> None:
        self.negated.insert(place, key.negated)
        self.reached.insert(place, key.reached_at)
        self.members[MEMBER * place : MEMBER * place] = key.member

    def delete(self, first: int, last: int) -> None:
        del self.negated[first:last]
        del self.reached[first:last]
        del self.members[MEMBER * first : MEMBER * last]

    def tail(self, place: int) -> "_Block":
        """Cut off the entries from a place on."""
        block = _Block(self.negated[place:], self.reached[place:], self.members[MEMBER * place :])
        self.delete(place, len(self.negated))
        return block

    def extend(self, other: "_Block") -> None:
        self.negated.extend(other.negated)
        self.reached.extend(other.reached)
        self.members += other.members

    def first(self) -> tuple[int, int, bytes]:
        return self.negated[0], self.reached[0], bytes(self.members[:MEMBER])


class Ranked:
    """The entries of one ranking, best first."""

    def __init__(self, number: int) -> None:
        """Begin with none."""
        self.number = number
        self._blocks = [_Block(array("q"), array("q"), bytearray())]
        self._bounds: list[tuple[int, int, bytes]] = []  # of the second block and those after it
        self._sizes = [0]
        self._sums = [0]  # of SPAN blocks each

    def __len__(self) -> int:
        """Count the entries."""
        return sum(self._sums)

    def __contains__(self, key: RankKey) -> bool:
        """Tell whether an entry is there."""
        block = self._blocks[self._find(key)]
        return block.has(block.place(key), key)

    def ahead(self, key: RankKey) -> int:
        """Count the entries that are better than a key, which need not be there itself."""
        at = self._find(key)
        span = at // SPAN
        before = sum(self._sums[:span]) + sum(self._sizes[span * SPAN : at])
        return before + self._blocks[at].place(key)

    def part(self, skip: int, limit: int) -> list[RankKey]:
        """Give the entries from a place on, best first."""
        found: list[RankKey] = []
        at = 0
        while at < len(self._blocks) and len(found) < limit:
            if at % SPAN == 0 and skip >= self._sums[at // SPAN]:
                skip -= self._sums[at // SPAN]
                at += SPAN
                continue
            last = min(self._sizes[at], skip + limit - len(found))
            found += [self._key(at, place) for place in range(skip, last)]
            skip = max(0, skip - self._sizes[at])
            at += 1
        return found

    def add(self, key: RankKey) -> None:
        """Put an entry in."""
        at = self._find(key)
        block = self._blocks[at]
        place = block.place(key)
        if block.has(place, key):
            return
        block.insert(place, key)
        self._count(at, 1)
        if self._sizes[at] >= MOST:
            self._divide(at)

    def fill(self, rows: list[tuple[int, int, bytes]]) -> None:
        """Put many entries in; sorted, since a block that was just moved is near at hand."""
        for row in sorted(rows):
            self.add(RankKey(self.number, *row))

    def remove(self, key: RankKey) -> None:
        """Take an entry out."""
        at = self._find(key)
        block = self._blocks[at]
        place = block.place(key)
        if not block.has(place, key):
            return
        block.delete(place, place + 1)
        self._count(at, -1)
        if self._sizes[at] < FEW and len(self._blocks) > 1:
            self._join(max(at, 1))

    def _find(self, key: RankKey) -> int:
        if not self._bounds:
            return 0
        return bisect_right(self._bounds, (key.negated, key.reached_at, key.member))

    def _key(self, at: int, place: int) -> RankKey:
        block = self._blocks[at]
        return RankKey(self.number, block.negated[place], block.reached[place], bytes(block.member(place)))

    def _count(self, at: int, change: int) -> None:
        self._sizes[at] += change
        self._sums[at // SPAN] += change

    def _divide(self, at: int) -> None:
        half = self._blocks[at].tail(MOST // 2)
        self._blocks.insert(at + 1, half)
        self._bounds.insert(at, half.first())
        self._sum_up()

    def _join(self, at: int) -> None:
        """Let a block become part of the one before it, if the two are small."""
        if self._sizes[at - 1] + self._sizes[at] > MOST // 2:
            return
        self._blocks[at - 1].extend(self._blocks.pop(at))
        del self._bounds[at - 1]
        self._sum_up()

    def _sum_up(self) -> None:
        self._sizes = [len(block.negated) for block in self._blocks]
        self._sums = [sum(self._sizes[n : n + SPAN]) for n in range(0, len(self._sizes), SPAN)]
