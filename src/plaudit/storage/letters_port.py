"""The part of the outbox's port that finds to whom e-mails may be due, by indexes on instants.

Refuses to look at anybody else.
"""

from typing import Protocol

from plaudit.model.state import Identity

Ending = tuple[Identity, int]
"""A user, and the instant a streak of theirs ends at (Unix ms)."""


class Letters(Protocol):
    """Users whom the job that tells letters has to look at."""

    async def letters_due(self, environment: int, now: int, limit: int) -> list[Identity]:
        """Read users of an environment whose ``letter_at`` has come by ``now``, the longest waiting first."""
        ...

    async def streaks_ending(self, after: tuple[int, bytes], until: int, limit: int) -> list[Ending]:
        """Read users with a live streak that ends after an instant (and subject) and not after another."""
        ...
