"""Progress: how far a user is on the way to one achievement.

Refuses to award anything; a completed achievement stays at 100 percent whatever happens later.
"""

from msgspec import Struct

from plaudit.engine.rulebook import AchievementRule, Pairs, Rulebook, matches
from plaudit.engine.triggers import WAYS
from plaudit.model.state import Completion, Snapshot, UserState

WHOLE = 10_000
"""Hundredths of a percent of something finished."""


class Progress(Struct, frozen=True):
    """Where a user stands, in micro-units for every kind (3 days are 3,000,000).

    ``percent`` is 0 to 100 with two decimals, rounded down so that only what is finished reads 100.
    """

    current_units: int
    target_units: int
    percent: float


Standing = tuple[int, Completion | None, int, int, int]
"""Number, completion if earned, current and target in micro-units, hundredths of a percent."""


def progress(rulebook: Rulebook, snapshot: Snapshot, rule: AchievementRule, now: int) -> Progress:
    """Give the progress of a user at ``now`` (Unix ms); the snapshot's completions must have been read."""
    details = snapshot.details
    completed = details is not None and rule.definition.number in details.completions
    current, target = WAYS[rule.way].standing(rulebook, snapshot, rule, now)
    if completed:
        current = max(current, target)
    return Progress(current, target, percent_hundredths(current, target) / 100)


def standings(
    rulebook: Rulebook, snapshot: Snapshot, user: UserState, now: int, *, incomplete: bool
) -> list[Standing]:
    """Give what a user has earned and, if ``incomplete``, where the user stands in what can be earned.

    Inactive achievements are never listed, locked ones only for those who have them. This is the
    same as ``progress`` of each; totals are read directly, since this loop is the time of a page.
    """
    done = snapshot.details.completions if snapshot.details else {}
    totals = {measure: held.total for measure, held in snapshot.totals.items()}
    found: list[Standing] = []
    for number, active, filters, measure, target, rule in rulebook.listed:
        completion = done.get(number)
        if completion is None and (not (incomplete and active) or not _shows(filters, user)):
            continue
        if measure:
            current = totals.get(measure, 0)
        else:
            current, target = WAYS[rule.way].standing(rulebook, snapshot, rule, now)  # noqa: PLW2901 - its own
        if completion is not None and current < target:
            current = target
        share = WHOLE if current >= target else max(current, 0) * WHOLE // target
        found.append((number, completion, current, target, share))
    return found


def _shows(filters: Pairs, user: UserState) -> bool:
    return not filters or matches(filters, user.attributes)


def percent_hundredths(current: int, target: int) -> int:
    """Give the progress in hundredths of a percent, rounded down: 10,000 only when finished."""
    return 0 if current <= 0 else min(current * WHOLE // target, WHOLE)
