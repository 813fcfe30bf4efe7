"""Progress: how far a user is on the way to one achievement.

Refuses to award anything; a completed achievement stays at 100 percent whatever happens later.
"""

from msgspec import Struct

from plaudit.engine.rulebook import AchievementRule, Rulebook
from plaudit.engine.triggers import TRIGGERS
from plaudit.model.state import Snapshot

WHOLE = 100.0
"""Percent of something finished."""


class Progress(Struct, frozen=True):
    """Where a user stands, in micro-units for every kind (3 days are 3,000,000).

    ``percent`` is 0 to 100 with two decimals, rounded down so that only what is finished reads 100.
    """

    current_units: int
    target_units: int
    percent: float


def progress(rulebook: Rulebook, snapshot: Snapshot, rule: AchievementRule, now: int) -> Progress:
    """Give the progress of a user at ``now`` (Unix ms); the snapshot's completions must have been read."""
    current, target = TRIGGERS[rule.definition.trigger].standing(rulebook, snapshot, rule, now)
    details = snapshot.details
    if details is not None and rule.definition.number in details.completions:
        return Progress(max(current, target), target, WHOLE)
    return Progress(current, target, min(max(current, 0) * 10_000 // target / 100, WHOLE))
