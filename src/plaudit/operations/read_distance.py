"""Reads how far those are from an achievement who lack it, in ten ranges of percent.

Refuses those who may not earn it; the engine says how far each one is, a page of users at a time. Of very
many it asks a sample: subjects are hashes, so those who come first by them are like all others.
"""

import asyncio

from msgspec import Struct

from plaudit.engine.progress import WHOLE, progress
from plaudit.engine.rulebook import AchievementRule, Rulebook, visible
from plaudit.model.state import COMPLETIONS, Depth, Snapshot
from plaudit.operations.paced_insights import PacedInsights
from plaudit.operations.read_user import PAUSES
from plaudit.storage.insights_port import Where

RANGES = 10
PAGE = 100
"""Users read at once, on SQLite in a thread; telling how far they are takes a millisecond of the loop."""

SAMPLE = 20_000
"""Users looked at; a share of them is off by less than one percent of all, nineteen times of twenty."""


class Distance(Struct, frozen=True):
    """How many users are in each tenth of the way; ``sample`` is of how many this was told, None: of all."""

    tenths: list[int]
    sample: int | None


_WITH_PAUSES = COMPLETIONS.join(PAUSES)


async def read_distance(
    paced: PacedInsights, rulebook: Rulebook, rule: AchievementRule, where: Where, users: int, now: int
) -> Distance:
    """Count the users of each tenth of the way, ``users`` in all.

    Raises:
        Unavailable: the database cannot be read.
    """
    tenths, looked_at = [0] * RANGES, 0
    cursor: bytes | None = b""
    while cursor is not None and looked_at < SAMPLE:
        page = paced.insights.people_after(where, cursor, PAGE, _depth_of)
        people, cursor = await paced.pace.one(page)
        for snapshot in people:
            tenth = _tenth(rulebook, rule, snapshot, now)
            if tenth is not None:
                tenths[tenth] += 1
        looked_at += len(people)
        await asyncio.sleep(0)
    if cursor is None or looked_at >= users:
        return Distance(tenths, None)
    return Distance([round(many * users / looked_at) for many in tenths], looked_at)


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
