"""Spreads: how many users hold each amount, all counted.

Refuses estimates.
"""

from collections.abc import Iterable
from itertools import accumulate

from msgspec import Struct


class Spread(Struct, frozen=True):
    """How many hold each amount.

    ``amounts`` ascend; ``upto`` has as many numbers, which count the holders of each amount and of
    every smaller one.
    """

    amounts: tuple[int, ...] = ()
    upto: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many numbers are kept."""
        return 2 * len(self.amounts)


def spread_of(amounts: Iterable[int], holders: Iterable[int]) -> Spread:
    """Make a spread of ascending amounts, and how many hold each."""
    return Spread(tuple(amounts), tuple(accumulate(holders)))
