"""Statistics on SQLite.

Refuses to hold up the event loop: every reading runs in a thread, on a connection of its own.
"""

from pathlib import Path

from plaudit.storage.insights_reading import InsightsReading
from plaudit.storage.rows import to_json
from plaudit.storage.sqlite.reader import Aside


class SqliteInsights(InsightsReading):
    """The statistics of one database file."""

    def __init__(self, path: Path) -> None:
        """Keep where the file is; each reading opens it."""
        super().__init__(Aside(path).fetch, to_json)
