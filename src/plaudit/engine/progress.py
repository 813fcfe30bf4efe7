"""Progress: how far a user is on the way to one achievement.

Refuses to award anything; a completed achievement stays at 100 percent whatever happens later.
"""

from msgspec import Struct

from plaudit.engine.rulebook import AchievementRule, Rulebook
from plaudit.engine.triggers import WAYS
from plaudit.model.state import Snapshot

WHOLE = 10_000
"""Hundredths of a percent of something finished."""


class Progress(Struct, frozen=True):
    """Where a user stands, in micro-units for every kind (3 days are 3,000,000).

    ``percent`` is 0 to 100 with two decimals, rounded down so that only what is finished reads 100.
    """

    current_units: int
    target_units: int
    percent: float


def progress(rulebook: Rulebook, snapshot: Snapshot, rule: AchievementRule, now: int) -> Progress:
    """Give the progress of a user at ``now`` (Unix ms); the snapshot's completions must have been read."""
    details = snapshot.details
    completed = details is not None and rule.definition.number in details.completions
    current, target = standing(rulebook, snapshot, rule, now, completed=completed)
    return Progress(current, target, percent_hundredths(current, target) / 100)


def standing(
    rulebook: Rulebook, snapshot: Snapshot, rule: AchievementRule, now: int, *, completed: bool
) -> tuple[int, int]:
    """Give the current and target amounts alone, in micro-units: what lists are built from."""
    current, target = WAYS[rule.way].standing(rulebook, snapshot, rule, now)
    return (target, target) if completed and current < target else (current, target)


def percent_hundredths(current: int, target: int) -> int:
    """Give the progress in hundredths of a percent, rounded down: 10,000 only when finished."""
    return 0 if current <= 0 else min(current * WHOLE // target, WHOLE)
