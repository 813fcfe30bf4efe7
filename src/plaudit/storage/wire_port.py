"""Short texts from one process to all others on the same database.

Refuses to keep anything: who does not listen misses it, and nothing rests on it.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

LONGEST_TEXT = 7500
"""Bytes that one text may have."""


class Wire(Protocol):
    """Leads to the other processes; one for each process."""

    async def open(self, heard: Callable[[str], None]) -> bool:
        """Connect, or make sure of the connection there is; tell whether it is a new one.

        Args:
            heard: is called with each text of any process, this one included.

        Raises:
            Unavailable: it cannot be had now.
        """
        ...

    async def send(self, texts: Sequence[str]) -> None:
        """Send texts to every process that listens.

        Raises:
            Unavailable: they were not, or not all, sent.
        """
        ...

    async def close(self) -> None: ...
