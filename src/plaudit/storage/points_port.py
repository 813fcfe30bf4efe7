"""The part of the port that reads points: for pages, the time job, verify and export.

Refuses writes: points are written with their cause, through ``Transaction.apply``.
"""

from typing import Protocol

from msgspec import Struct

from plaudit.model.points import PointsAward, PointsState
from plaudit.model.state import Identity


class UserPoints(Struct, frozen=True):
    """Everything one user holds of points, read at one moment."""

    states: dict[int, PointsState]
    awards: list[PointsAward]
    days: dict[tuple[int, int], int]
    """``(system, local day)`` to the change of that day."""


class Points(Protocol):
    """Readings of points without locks, right to the last commit."""

    async def standing(
        self, subject: bytes, system: int, awards: int
    ) -> tuple[PointsState, list[PointsAward]]:
        """Read a user's points in a system, and the newest awards, the newest first."""
        ...

    async def held(self, subject: bytes) -> tuple[dict[int, PointsState], dict[int, int]]:
        """Read a user's points by system, and the marks up to which measures were paid for."""
        ...

    async def day_totals(
        self, subject: bytes, system: int, first: int, last: int
    ) -> tuple[int, list[tuple[int, int]]]:
        """Read ``(total before first, [(day, change)])`` of a system for days first..last."""
        ...

    async def histogram(
        self, environment: int, tenant: str, system: int, attributes: dict[str, str]
    ) -> dict[int, int]:
        """Count the users of each total, of those who have all ``attributes``.

        It visits every user of the environment, beside the event loop, so that ingest never waits.
        """
        ...

    async def due(self, now: int, limit: int) -> list[Identity]:
        """Read users to whom the time brings points by ``now``, the longest waiting first."""
        ...

    async def of_user(self, subject: bytes) -> UserPoints:
        """Read everything of one user."""
        ...
