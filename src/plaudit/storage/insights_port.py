"""The port of statistics: readings of whole environments, beside the writers and never in their way.

Refuses to be quick: callers keep what they were told for a while (``operations/keep_insights.py``).
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from plaudit.model.state import Depth, Snapshot
from plaudit.storage.rows import Row

Where = tuple[int, str]
"""Environment and tenant."""

Part = tuple[bytes, bytes]
"""The first and the last subject of those who are read."""


class Insights(Protocol):
    """Statistics of one environment and tenant, and of a part of its users, so that none takes long.

    Days are ordinals of UTC dates; instants are Unix ms. Of retention, early ones had the achievement
    within a day of their first event, and only weeks that are over count.
    """

    async def users_and_events(self, where: Where, part: Part) -> tuple[int, int]:
        """Count the users, and their events."""
        ...

    async def first_event(self, where: Where, part: Part) -> int | None:
        """Read when the first event was."""
        ...

    async def event_days(self, where: Where, part: Part, since: int, step: int) -> list[Row]:
        """Read ``(first day, events, active users)`` of steps of so many days, since an instant."""
        ...

    async def completion_days(
        self, where: Where, part: Part, achievements: Sequence[int], since: int
    ) -> list[Row]:
        """Read ``(day, completions)`` of some achievements since an instant."""
        ...

    async def newest_completions(
        self, where: Where, part: Part, achievements: Sequence[int], limit: int
    ) -> list[Row]:
        """Read ``(achievement, user id, user name, at, completion id)``, the newest first."""
        ...

    async def top_users(self, where: Where, part: Part, achievements: Sequence[int], limit: int) -> list[Row]:
        """Read ``(user id, user name, completions, events)``, most completions first."""
        ...

    async def owners_before(
        self, where: Where, achievement: int, at: int, subject: bytes, limit: int
    ) -> list[Row]:
        """Read ``(subject, user id, user name, at)`` of who has one, the newest first, before one."""
        ...

    async def people_after(
        self, where: Where, cursor: bytes, limit: int, depth_of: Callable[[Snapshot], Depth]
    ) -> tuple[list[Snapshot], bytes | None]:
        """Read users in the order of their subjects, after one (``b""`` to begin).

        Args:
            where: the environment and tenant; users of others are left out, and count toward ``limit``.
            cursor: the subject to go on from.
            limit: most users to look at.
            depth_of: how deep a user is read whose shallow snapshot is given.

        Returns:
            the users, and the subject to go on from; None once there are no more.
        """
        ...

    async def retention_weeks(self, where: Where, part: Part, achievement: int, now: int) -> list[Row]:
        """Read ``(early, weeks since the first event, users)``."""
        ...

    async def retention_active(self, where: Where, part: Part, achievement: int, now: int) -> list[Row]:
        """Read ``(early, week, active users)``."""
        ...
