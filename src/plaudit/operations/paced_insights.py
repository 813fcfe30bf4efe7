"""Statistics of all users of an environment and tenant, put together from parts of them.

Refuses to hurry: how big the parts are and how long it rests between them is the pace's matter.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from itertools import chain
from typing import TypeVar

from plaudit.operations.pace import Pace
from plaudit.storage.insights_port import Insights, Where
from plaudit.storage.rows import Row

T = TypeVar("T")


class PacedInsights:
    """The readings of ``Insights``, of everybody. Days, instants and rows are as there."""

    def __init__(self, insights: Insights, pace: Pace) -> None:
        """Keep what reads a part, and the pace at which parts are read."""
        self.insights = insights
        self.pace = pace

    async def users_and_events(self, where: Where) -> tuple[int, int]:
        """Count the users, and their events."""
        parts = await self._parts(self.insights.users_and_events, where)
        return sum(users for users, _ in parts), sum(events for _, events in parts)

    async def first_event(self, where: Where) -> int | None:
        """Read when the first event was."""
        parts = await self._parts(self.insights.first_event, where)
        return min((first for first in parts if first is not None), default=None)

    async def event_days(self, where: Where, since: int, step: int) -> list[Row]:
        """Read ``(first day, events, active users)`` of steps of so many days, since an instant."""
        return _add_up(await self._parts(self.insights.event_days, where, since, step), keys=1)

    async def completion_days(self, where: Where, achievements: Sequence[int], since: int) -> list[Row]:
        """Read ``(day, completions)`` of some achievements since an instant."""
        return _add_up(await self._parts(self.insights.completion_days, where, achievements, since), keys=1)

    async def newest_completions(self, where: Where, achievements: Sequence[int], limit: int) -> list[Row]:
        """Read ``(achievement, user id, user name, at, completion id)``, the newest first."""
        parts = await self._parts(self.insights.newest_completions, where, achievements, limit)
        newest = sorted(chain.from_iterable(parts), key=lambda row: (row[3], bytes(row[4])), reverse=True)
        return newest[:limit]

    async def top_users(self, where: Where, achievements: Sequence[int], limit: int) -> list[Row]:
        """Read ``(user id, user name, completions, events)``, most completions first."""
        parts = await self._parts(self.insights.top_users, where, achievements, limit)
        best = sorted(chain.from_iterable(parts), key=lambda row: (-row[2], -row[3], row[0]))
        return best[:limit]

    async def retention(self, where: Where, achievement: int, now: int) -> tuple[list[Row], list[Row]]:
        """Read ``(early, weeks since the first event, users)`` and ``(early, week, active users)``."""
        lasted = await self._parts(self.insights.retention_weeks, where, achievement, now)
        active = await self._parts(self.insights.retention_active, where, achievement, now)
        return _add_up(lasted, keys=2), _add_up(active, keys=2)

    async def _parts(self, read: Callable[..., Awaitable[T]], where: Where, *more: object) -> list[T]:
        """Give what a reading gives of each part of the users."""
        return await self.pace.in_parts(read.__name__, lambda part: read(where, part, *more))


def _add_up(parts: Iterable[list[Row]], *, keys: int) -> list[Row]:
    """Add up, over all parts, what follows the first columns, which are keys."""
    sums: dict[tuple[int, ...], list[int]] = {}
    for row in chain.from_iterable(parts):
        key, counts = tuple(row[:keys]), row[keys:]
        known = sums.setdefault(key, [0] * len(counts))
        for at, count in enumerate(counts):
            known[at] += count
    return [(*key, *counts) for key, counts in sums.items()]
