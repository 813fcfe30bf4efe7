"""Statistics of all users of an environment and tenant, put together from parts of them.

Refuses to hurry: how big the parts are and how long it rests between them is the pace's matter.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import chain

from plaudit.operations.pace import Pace
from plaudit.storage.insights_port import Insights, Part, Where
from plaudit.storage.rows import Row

Sums = dict[tuple[int, ...], list[int]]


class PacedInsights:
    """The readings of ``Insights``, of everybody. Days, instants and rows are as there."""

    def __init__(self, insights: Insights, pace: Pace) -> None:
        """Keep what reads a part, and the pace at which parts are read."""
        self.insights = insights
        self.pace = pace

    async def users_and_events(self, where: Where) -> tuple[int, int]:
        """Count the users, and their events."""
        parts = await self.pace.in_parts("users", lambda part: self.insights.users_and_events(where, part))
        return sum(users for users, _ in parts), sum(events for _, events in parts)

    async def first_event(self, where: Where) -> int | None:
        """Read when the first event was."""
        parts = await self.pace.in_parts("first", lambda part: self.insights.first_event(where, part))
        return min((first for first in parts if first is not None), default=None)

    async def event_days(self, where: Where, since: int, step: int) -> list[Row]:
        """Read ``(first day, events, active users)`` of steps of so many days, since an instant."""
        return await self._summed(
            "events", 1, lambda part: self.insights.event_days(where, part, since, step)
        )

    async def completion_days(self, where: Where, achievements: Sequence[int], since: int) -> list[Row]:
        """Read ``(day, completions)`` of some achievements since an instant."""
        return await self._summed(
            "completions", 1, lambda part: self.insights.completion_days(where, part, achievements, since)
        )

    async def newest_completions(self, where: Where, achievements: Sequence[int], limit: int) -> list[Row]:
        """Read ``(achievement, user id, user name, at, completion id)``, the newest first."""
        parts = await self.pace.in_parts(
            "newest", lambda part: self.insights.newest_completions(where, part, achievements, limit)
        )
        newest = sorted(chain.from_iterable(parts), key=lambda row: (row[3], bytes(row[4])), reverse=True)
        return newest[:limit]

    async def top_users(self, where: Where, achievements: Sequence[int], limit: int) -> list[Row]:
        """Read ``(user id, user name, completions, events)``, most completions first."""
        parts = await self.pace.in_parts(
            "top", lambda part: self.insights.top_users(where, part, achievements, limit)
        )
        best = sorted(chain.from_iterable(parts), key=lambda row: (-row[2], -row[3], row[0]))
        return best[:limit]

    async def retention(self, where: Where, achievement: int, now: int) -> tuple[list[Row], list[Row]]:
        """Read ``(early, weeks since the first event, users)`` and ``(early, week, active users)``."""
        lasted = await self._summed(
            "lasted", 2, lambda part: self.insights.retention_weeks(where, part, achievement, now)
        )
        active = await self._summed(
            "active", 2, lambda part: self.insights.retention_active(where, part, achievement, now)
        )
        return lasted, active

    async def _summed(self, name: str, keys: int, read: Callable[[Part], Awaitable[list[Row]]]) -> list[Row]:
        """Read rows part by part and add up what follows their first columns, which are keys."""
        return _add_up(chain.from_iterable(await self.pace.in_parts(name, read)), keys)


def _add_up(rows: Iterable[Row], keys: int) -> list[Row]:
    sums: Sums = {}
    for row in rows:
        key, counts = tuple(row[:keys]), row[keys:]
        known = sums.setdefault(key, [0] * len(counts))
        for at, count in enumerate(counts):
            known[at] += count
    return [(*key, *counts) for key, counts in sums.items()]
