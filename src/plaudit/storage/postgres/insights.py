"""Statistics on PostgreSQL.

Refuses the connections that groups of events and pages wait for: its own ones plan freely.
"""

from plaudit.storage.insights_reading import InsightsReading
from plaudit.storage.postgres.pool import Pool


class PostgresInsights(InsightsReading):
    """The statistics of one database."""

    def __init__(self, pool: Pool) -> None:
        """Take a pool whose sessions plan freely.

        Args:
            pool: for nothing else.
        """
        super().__init__(pool.fetch, list)
