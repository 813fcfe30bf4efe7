"""Statistics on SQLite.

Refuses to hold up the event loop: every reading runs in a thread, on a connection of its own.
"""

from collections.abc import Callable
from pathlib import Path

import apsw

from plaudit.model.state import Depth, Identity, Snapshot
from plaudit.storage.insights_port import Where
from plaudit.storage.insights_reading import InsightsReading
from plaudit.storage.rows import to_json
from plaudit.storage.sqlite.reader import Aside
from plaudit.storage.sqlite.snapshots import deepened, read_snapshots
from plaudit.storage.sqlite.statements import SQL


class SqliteInsights(InsightsReading):
    """The statistics of one database file."""

    def __init__(self, path: Path) -> None:
        """Keep where the file is; each reading opens it."""
        self._aside = Aside(path)
        super().__init__(self._aside.fetch, to_json)

    async def people_after(
        self, where: Where, cursor: bytes, limit: int, depth_of: Callable[[Snapshot], Depth]
    ) -> tuple[list[Snapshot], bytes | None]:
        """Read users in the order of their subjects, after one."""
        environment, tenant = where

        def read(reading: apsw.Cursor) -> tuple[list[Snapshot], bytes | None]:
            asked = (cursor, limit, environment)
            seen = [Identity(*row) for row in reading.execute(SQL["subjects_after"], asked)]
            found = read_snapshots(reading, [who for who in seen if who.tenant == tenant], ())
            deep = [deepened(reading, each, depth_of(each)) for each in found if each.user is not None]
            return deep, seen[-1].subject if seen else None

        return await self._aside.run(read)
