"""Statistics as both databases read them: the same statements by name, told apart by what runs them.

Refuses to choose a connection: that is what the databases differ in.
"""

from collections.abc import Awaitable, Callable, Sequence

from plaudit.storage.insights_port import Part, Where
from plaudit.storage.rows import Row


class InsightsReading:
    """The statistics of one database."""

    def __init__(
        self, fetch: Callable[..., Awaitable[list[Row]]], listed: Callable[[Sequence[int]], object]
    ) -> None:
        """Take what the databases differ in.

        Args:
            fetch: runs the statement of a name with its parameters, beside ingest.
            listed: makes one parameter of several numbers.
        """
        self._fetch = fetch
        self._listed = listed

    async def users_and_events(self, where: Where, part: Part) -> tuple[int, int]:
        """Count the users, and their events."""
        ((users, events),) = await self._fetch("users_and_events", *where, *part)
        return users, events

    async def first_event(self, where: Where, part: Part) -> int | None:
        """Read when the first event was."""
        ((first,),) = await self._fetch("first_event", *where, *part)
        return None if first is None else int(first)

    async def event_days(self, where: Where, part: Part, since: int, step: int) -> list[Row]:
        """Read ``(first day, events, active users)`` of steps of so many days, since an instant."""
        return await self._fetch("event_days", *where, *part, since, step)

    async def completion_days(
        self, where: Where, part: Part, achievements: Sequence[int], since: int
    ) -> list[Row]:
        """Read ``(day, completions)`` of some achievements since an instant."""
        return await self._fetch("completion_days", *where, *part, self._listed(achievements), since)

    async def newest_completions(
        self, where: Where, part: Part, achievements: Sequence[int], limit: int
    ) -> list[Row]:
        """Read ``(achievement, user id, user name, at, completion id)``, the newest first."""
        return await self._fetch("newest_completions", *where, *part, self._listed(achievements), limit)

    async def top_users(self, where: Where, part: Part, achievements: Sequence[int], limit: int) -> list[Row]:
        """Read ``(user id, user name, completions, events)``, most completions first."""
        return await self._fetch("top_users", *where, *part, self._listed(achievements), limit)

    async def owners_before(
        self, where: Where, achievement: int, at: int, subject: bytes, limit: int
    ) -> list[Row]:
        """Read ``(subject, user id, user name, at)`` of who has one, the newest first, before one."""
        return await self._fetch("owners_before", *where, achievement, at, subject, limit)

    async def retention_weeks(self, where: Where, part: Part, achievement: int, now: int) -> list[Row]:
        """Read ``(early, weeks since the first event, users)``."""
        return await self._fetch("retention_weeks", *where, *part, achievement, now)

    async def retention_active(self, where: Where, part: Part, achievement: int, now: int) -> list[Row]:
        """Read ``(early, week, active users)``."""
        return await self._fetch("retention_active", *where, *part, achievement, now)
