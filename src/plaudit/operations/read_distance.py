"""Reads how far those are from an achievement who lack it, in ten ranges of percent.

Refuses those who may not earn it; the engine says how far each one is, a few users at a time.
"""

import asyncio

from plaudit.engine.progress import WHOLE, progress
from plaudit.engine.rulebook import AchievementRule, Rulebook, visible
from plaudit.model.state import COMPLETIONS, Identity
from plaudit.operations.read_user import view_kept
from plaudit.storage.port import Ledger

RANGES = 10
PAGE = 25
"""Users read at once: about two milliseconds of SQLite's thread, which is the event loop's."""


async def read_distance(
    ledger: Ledger, rulebook: Rulebook, rule: AchievementRule, where: tuple[int, str], now: int
) -> list[int]:
    """Count the users of each tenth of the way.

    Raises:
        Unavailable: the database cannot be read.
    """
    found, cursor = [0] * RANGES, b""
    while people := await ledger.subjects_after(where[0], cursor, PAGE):
        mine = [who for who in people if who.tenant == where[1]]
        for tenth in await _tenths(ledger, rulebook, rule, mine, now):
            found[tenth] += 1
        cursor = people[-1].subject
        await asyncio.sleep(0)
    return found


async def _tenths(
    ledger: Ledger, rulebook: Rulebook, rule: AchievementRule, people: list[Identity], now: int
) -> list[int]:
    tenths = []
    for snapshot in await view_kept(ledger, people, COMPLETIONS) if people else ():
        user, details = snapshot.user, snapshot.details
        if user is None or (details is not None and rule.number in details.completions):
            continue
        if visible(rule, user.attributes):
            share = progress(rulebook, snapshot, rule, now).percent * WHOLE / 100
            tenths.append(max(0, min(RANGES - 1, int(share * RANGES) // WHOLE)))
    return tenths
