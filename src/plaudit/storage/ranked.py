"""One ranking in memory: the places of its entries, sorted, in blocks that are counted.

Refuses to know where entries come from; what is there is not added again, what is not there not removed.
"""

from bisect import bisect_left, bisect_right

MOST = 256
"""Entries at which a block is divided: few enough to be moved at once, enough to keep blocks few."""

FEW = MOST // 8
"""Entries below which a block joins its neighbour, if that has room."""

SPAN = 64
"""Blocks that are counted together, so that a million entries are summed in some hundred steps of C."""


class Ranked:
    """The entries of one ranking, best first, each by its place (see ``model.leaderboards.place_of``).

    Bytes, since lists of them are searched by comparing memory: some 75 bytes an entry, with which a rank
    is found two to three times as fast as in columns of numbers, at 32.
    """

    def __init__(self, number: int) -> None:
        """Begin with none."""
        self.number = number
        self._blocks: list[list[bytes]] = [[]]
        self._bounds: list[bytes] = []  # the first places of the second block and those after it
        self._sizes = [0]
        self._sums = [0]  # of SPAN blocks each

    def __len__(self) -> int:
        """Count the entries."""
        return sum(self._sums)

    def __contains__(self, place: bytes) -> bool:
        """Tell whether an entry is there."""
        block = self._blocks[bisect_right(self._bounds, place)]
        return _has(block, bisect_left(block, place), place)

    def ahead(self, place: bytes) -> int:
        """Count the entries that are better than a place, which need not be there itself."""
        at = bisect_right(self._bounds, place)
        span = at // SPAN
        before = sum(self._sums[:span]) + sum(self._sizes[span * SPAN : at])
        return before + bisect_left(self._blocks[at], place)

    def part(self, skip: int, limit: int) -> list[bytes]:
        """Give the places from one on, best first."""
        found: list[bytes] = []
        at = 0
        while at < len(self._blocks) and len(found) < limit:
            if at % SPAN == 0 and skip >= self._sums[at // SPAN]:
                skip -= self._sums[at // SPAN]
                at += SPAN
                continue
            found += self._blocks[at][skip : skip + limit - len(found)]
            skip = max(0, skip - self._sizes[at])
            at += 1
        return found

    def add(self, place: bytes) -> None:
        """Put an entry in."""
        at = bisect_right(self._bounds, place)
        block = self._blocks[at]
        where = bisect_left(block, place)
        if _has(block, where, place):
            return
        block.insert(where, place)
        self._sizes[at] += 1
        self._sums[at // SPAN] += 1
        if len(block) >= MOST:
            self._divide(at)

    def fill(self, places: list[bytes]) -> None:
        """Put many entries in; sorted, since a block that was just moved is near at hand."""
        for place in sorted(places):
            self.add(place)

    def remove(self, place: bytes) -> None:
        """Take an entry out."""
        at = bisect_right(self._bounds, place)
        block = self._blocks[at]
        where = bisect_left(block, place)
        if not _has(block, where, place):
            return
        del block[where]
        self._sizes[at] -= 1
        self._sums[at // SPAN] -= 1
        if len(block) < FEW and len(self._blocks) > 1:
            self._join(max(at, 1))

    def _divide(self, at: int) -> None:
        block = self._blocks[at]
        half = block[MOST // 2 :]
        del block[MOST // 2 :]
        self._blocks.insert(at + 1, half)
        self._bounds.insert(at, half[0])
        self._sum_up()

    def _join(self, at: int) -> None:
        """Let a block become part of the one before it, if the two are small."""
        if self._sizes[at - 1] + self._sizes[at] > MOST // 2:
            return
        self._blocks[at - 1] += self._blocks.pop(at)
        del self._bounds[at - 1]
        self._sum_up()

    def _sum_up(self) -> None:
        self._sizes = [len(block) for block in self._blocks]
        self._sums = [sum(self._sizes[n : n + SPAN]) for n in range(0, len(self._sizes), SPAN)]


def _has(block: list[bytes], where: int, place: bytes) -> bool:
    return where < len(block) and block[where] == place
