"""Reads how far those are from an achievement who lack it, in ten ranges of percent.

Refuses those who may not earn it; the engine says how far each one is, a page of users at a time.
"""

import asyncio

from plaudit.engine.progress import WHOLE, progress
from plaudit.engine.rulebook import AchievementRule, Rulebook, visible
from plaudit.model.state import COMPLETIONS, Depth, Snapshot
from plaudit.operations.paced_insights import PacedInsights
from plaudit.operations.read_user import PAUSES
from plaudit.storage.insights_port import Where

RANGES = 10
PAGE = 200
"""Users read at once, on SQLite in a thread; telling how far they are takes a millisecond of the loop."""

_WITH_PAUSES = COMPLETIONS.join(PAUSES)


async def read_distance(
    paced: PacedInsights, rulebook: Rulebook, rule: AchievementRule, where: Where, now: int
) -> list[int]:
    """Count the users of each tenth of the way.

    Raises:
        Unavailable: the database cannot be read.
    """
    found = [0] * RANGES
    cursor: bytes | None = b""
    while cursor is not None:
        page = paced.insights.people_after(where, cursor, PAGE, _depth_of)
        people, cursor = await paced.pace.one(page)
        for snapshot in people:
            tenth = _tenth(rulebook, rule, snapshot, now)
            if tenth is not None:
                found[tenth] += 1
        await asyncio.sleep(0)
    return found


def _depth_of(snapshot: Snapshot) -> Depth:
    """Streaks of users who have pauses read right only with them."""
    paused = snapshot.user is not None and snapshot.user.paused_until is not None
    return _WITH_PAUSES if paused else COMPLETIONS


def _tenth(rulebook: Rulebook, rule: AchievementRule, snapshot: Snapshot, now: int) -> int | None:
    user, details = snapshot.user, snapshot.details
    if user is None or (details is not None and rule.number in details.completions):
        return None
    if not visible(rule, user.attributes):
        return None
    share = progress(rulebook, snapshot, rule, now).percent * WHOLE / 100
    return max(0, min(RANGES - 1, int(share * RANGES) // WHOLE))
