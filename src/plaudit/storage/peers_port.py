"""The part of the port that tells how everybody did in a span of days, for a user's year in review.

Refuses to hold up anybody: each reading visits every user of an environment and tenant, beside the
event loop.
"""

from collections.abc import Sequence
from typing import Protocol

from plaudit.model.spreads import Spread

Place = tuple[int, str]
"""An environment's number, and a tenant."""

Days = tuple[int, int]
"""The first and the last local day (ordinals), both included."""

Valued = tuple[int, str, str]
"""A metric's number, and the key and value of an event attribute."""


class Peers(Protocol):
    """How an amount changed for all users to whom anything happened in the span."""

    async def of_measure(self, place: Place, measure: int, days: Days) -> Spread:
        """Read how many users changed a measure by how much."""
        ...

    async def of_points(self, place: Place, system: int, days: Days) -> Spread:
        """Read how many users' points of a system changed by how much."""
        ...

    async def of_values(self, place: Place, asked: Sequence[Valued], days: Days) -> list[Spread]:
        """Read the same for metrics among events with a value of an attribute, in the order asked."""
        ...
