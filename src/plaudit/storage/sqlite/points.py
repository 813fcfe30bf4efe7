"""Points on SQLite: read for pages, the time job and verify.

Refuses to hold up the event loop: what visits every user runs in a thread, on a connection of its own.
"""

from pathlib import Path

import apsw

from plaudit.model.points import NO_POINTS, PointsAward, PointsState
from plaudit.model.state import Identity
from plaudit.model.tally import Tally
from plaudit.storage.points_port import UserPoints
from plaudit.storage.points_rows import award
from plaudit.storage.rows import tally_or_none_yet, to_json
from plaudit.storage.sqlite.reader import Aside, Reader
from plaudit.storage.sqlite.statements import SQL


class SqlitePoints:
    """The points of one database file."""

    def __init__(self, reader: Reader, path: Path) -> None:
        """Share the reader of a store; long readings open the file themselves."""
        self._reader = reader
        self._aside = Aside(path)

    async def standing(
        self, subject: bytes, system: int, awards: int
    ) -> tuple[PointsState, list[PointsAward]]:
        """Read a user's points in a system, and the newest awards, the newest first."""
        with self._reader.moment() as cursor:
            held = _tally(cursor, subject).points.get(system, NO_POINTS)
            newest = cursor.execute(SQL["last_awards"], (subject, system, awards))
            return held, [award(row) for row in newest]

    async def held(self, subject: bytes) -> tuple[dict[int, PointsState], dict[int, int]]:
        """Read a user's points by system, and the marks up to which measures were paid for."""
        with self._reader.moment() as cursor:
            held = _tally(cursor, subject)
        return held.points, held.marks

    async def day_totals(
        self, subject: bytes, system: int, first: int, last: int
    ) -> tuple[int, list[tuple[int, int]]]:
        """Read ``(total before first, [(day, change)])`` of a system for days first..last."""
        with self._reader.moment() as cursor:
            before: int = cursor.execute(SQL["points_before"], (subject, system, first)).get
            changes = cursor.execute(SQL["points_changes"], (subject, system, first, last))
            return before, [(day, change) for day, change in changes]

    async def histogram(
        self, environment: int, tenant: str, system: int, attributes: dict[str, str]
    ) -> dict[int, int]:
        """Count the users of each total, of those who have all ``attributes``; in a thread."""
        asked = (environment, tenant, system, to_json(attributes))
        return dict(await self._aside.fetch("points_histogram", *asked))

    async def due(self, now: int, limit: int) -> list[Identity]:
        """Read users to whom the time brings points by ``now``, the longest waiting first."""
        with self._reader.moment() as cursor:
            return [Identity(*row) for row in cursor.execute(SQL["points_due"], (now, limit))]

    async def of_user(self, subject: bytes) -> UserPoints:
        """Read everything of one user."""
        asked = (subject,)
        with self._reader.moment() as cursor:
            return UserPoints(
                _tally(cursor, subject).points,
                [award(row) for row in cursor.execute(SQL["all_awards"], asked)],
                {(row[0], row[1]): row[2] for row in cursor.execute(SQL["all_points_days"], asked)},
            )


def _tally(cursor: apsw.Cursor, subject: bytes) -> Tally:
    text: str | None = cursor.execute(SQL["read_tally"], (subject,)).get
    return tally_or_none_yet(text)
