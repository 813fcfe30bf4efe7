"""Percentile ranks: where an amount stands among everybody's, from how many hold each amount.

Refuses estimates: every amount counts.
"""

from bisect import bisect_left, bisect_right

from plaudit.model.spreads import Spread


def percentile(spread: Spread, amount: int) -> float:
    """Give the percentile rank of an amount, from above 0 to 100, in tenths and rounded down.

    It is the percentage of holders whose amount is at most this one; holders of the same amount get
    the mean of the ranks they share. So whoever leads alone has 100, and nobody else. One whose
    amount is newer than the spread is counted in addition.
    """
    below = _count(spread, bisect_left(spread.amounts, amount))
    upto = _count(spread, bisect_right(spread.amounts, amount))
    everybody = _count(spread, len(spread.amounts))
    if upto == below:
        upto, everybody = upto + 1, everybody + 1
    return 500 * (below + upto + 1) // everybody / 10


def _count(spread: Spread, place: int) -> int:
    return spread.upto[place - 1] if place else 0
