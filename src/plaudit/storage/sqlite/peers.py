"""How everybody did in a span of days, on SQLite.

Refuses to hold up the event loop: it runs in a thread, on a connection of its own, and counts in SQL.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from plaudit.model.spreads import Spread, spread_of
from plaudit.storage.peers_port import Days, Place, Valued
from plaudit.storage.rows import to_json
from plaudit.storage.sqlite.reader import Aside

_numbers = msgspec.json.Decoder(list[int]).decode


class SqlitePeers:
    """The users of one database file."""

    def __init__(self, path: Path) -> None:
        """Keep where the file is; each reading opens it by itself."""
        self._aside = Aside(path)

    async def of_measure(self, place: Place, measure: int, days: Days) -> Spread:
        """Read how many users changed a measure by how much."""
        return (await self._read("measure_spread", *place, measure, *days))[0]

    async def of_points(self, place: Place, system: int, days: Days) -> Spread:
        """Read how many users' points of a system changed by how much."""
        return (await self._read("points_spread", *place, system, *days))[0]

    async def of_values(self, place: Place, asked: Sequence[Valued], days: Days) -> list[Spread]:
        """Read the same for metrics among events with a value of an attribute, in the order asked."""
        found = await self._read("value_spreads", *place, to_json(asked), *days)
        return [found.get(number, Spread()) for number in range(len(asked))]

    async def _read(self, name: str, *asked: object) -> dict[int, Spread]:
        found = await self._aside.fetch(name, *asked)
        return {row[0]: spread_of(_numbers(row[1]), _numbers(row[2])) for row in found}
