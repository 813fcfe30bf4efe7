"""Which transactions a reading saw, as PostgreSQL tells it; how two processes agree on what has happened.

Refuses clocks and the order of numbers: a smaller number may be committed later.
"""

from msgspec import Struct


class Moment(Struct, frozen=True):
    """What had ended: every transaction before ``least``, and those before ``next`` but the running ones."""

    least: int
    next: int
    running: frozenset[int]

    def saw(self, transaction: int) -> bool:
        """Tell whether a transaction that committed had done so by now."""
        return transaction < self.least or (transaction < self.next and transaction not in self.running)

    def is_after(self, other: "Moment") -> bool:
        """Tell whether this moment saw more; of two moments of one server one always saw all of the other."""
        return (self.next, -len(self.running)) > (other.next, -len(other.running))

    def __str__(self) -> str:
        """Write the moment as PostgreSQL reads it."""
        return f"{self.least}:{self.next}:{','.join(map(str, sorted(self.running)))}"


def moment(text: str, own: int | None = None) -> Moment:
    """Read ``LEAST:NEXT:RUNNING,...``.

    A transaction does not find itself among the running ones, though nobody else sees yet what it
    does; so who reads inside one hands in its number.
    """
    least, next_, running = text.split(":")
    found = {int(each) for each in running.split(",") if each}
    if own is not None and own < int(next_):
        found.add(own)
    return Moment(int(least), int(next_), frozenset(found))
