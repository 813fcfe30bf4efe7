"""How everybody did in a span of days, on PostgreSQL, which counts it.

Refuses locks: it reads beside the writers.
"""

from collections.abc import Sequence

from plaudit.model.spreads import Spread, spread_of
from plaudit.storage.peers_port import Days, Place, Valued
from plaudit.storage.postgres.pool import Pool


class PostgresPeers:
    """The users of one database."""

    def __init__(self, readers: Pool) -> None:
        """Share the pool of a store.

        Args:
            readers: not the one groups of events wait for.
        """
        self._readers = readers

    async def of_measure(self, place: Place, measure: int, days: Days) -> Spread:
        """Read how many users changed a measure by how much."""
        return (await self._read("measure_spread", *place, measure, *days))[0]

    async def of_points(self, place: Place, system: int, days: Days) -> Spread:
        """Read how many users' points of a system changed by how much."""
        return (await self._read("points_spread", *place, system, *days))[0]

    async def of_values(self, place: Place, asked: Sequence[Valued], days: Days) -> list[Spread]:
        """Read the same for metrics among events with a value of an attribute, in the order asked."""
        metrics, keys, values = zip(*asked, strict=True)
        found = await self._read("value_spreads", *place, metrics, keys, values, *days)
        return [found.get(number, Spread()) for number in range(len(asked))]

    async def _read(self, name: str, *arguments: object) -> dict[int, Spread]:
        found = await self._readers.fetch(name, *arguments)
        return {row[0]: spread_of(row[1] or (), row[2] or ()) for row in found}
