"""Measures: how an event moves the running values that thresholds are compared with.

Refuses to know what a threshold awards; see ``triggers``.
"""

from bisect import bisect_right
from collections.abc import Iterator

from plaudit.engine.draft import Draft, with_change
from plaudit.engine.peaks import peaks_of
from plaudit.engine.rulebook import AchievementRule, MeasureRule, MetricRule, matches
from plaudit.model.amounts import LIMIT
from plaudit.model.commands import RecordEvent
from plaudit.model.outcome import MeasureChange
from plaudit.model.state import Depth, MeasureTotal

_NEVER = MeasureTotal(0, -(2**62))


def feed(draft: Draft, metric: MetricRule, command: RecordEvent) -> bool:
    """Move every measure the event feeds; False when one would leave the range (±``LIMIT``)."""
    rules = (metric.plain, *_filtered(draft, metric, command)) if metric.filtered else (metric.plain,)
    totals = dict(draft.totals)
    changes = []
    for rule in rules:
        old = totals.get(rule.number, _NEVER)
        total = old.total + command.value
        if not -LIMIT <= total <= LIMIT:
            return False
        new = MeasureTotal(total, max(old.last_at, command.at))
        totals[rule.number] = new
        changes.append(MeasureChange(rule.number, new, command.value, draft.day))
    draft.totals = totals
    draft.changes = tuple(changes)
    return True


def _filtered(draft: Draft, metric: MetricRule, command: RecordEvent) -> Iterator[MeasureRule]:
    attributes, settled = command.attributes, draft.user.settled
    for pair in attributes.items():
        for rule in metric.filtered.get(pair, ()):
            if rule.since <= settled and matches(rule.filters, attributes):
                yield rule


def crossed(draft: Draft, rule: MeasureRule, change: MeasureChange) -> list[tuple[AchievementRule, int]]:
    """Give what the change of one measure completes, with the time its threshold was crossed.

    The thresholds in (before, after] are found by bisection, so the cost grows with what is
    crossed. A late event crosses at the time the days since then really reached the threshold.
    """
    if change.change <= 0 or not rule.thresholds:
        return []
    total = change.total.total
    first = bisect_right(rule.thresholds, total - change.change)
    last = bisect_right(rule.thresholds, total, first)
    if first == last:
        return []
    return [
        (goal, _crossing_time(draft, change, rule.thresholds[place]))
        for place in range(first, last)
        for goal in rule.achievements[place]
        if draft.wants(goal)
    ]


def _crossing_time(draft: Draft, change: MeasureChange, threshold: int) -> int:
    if change.total.last_at == draft.at:
        return draft.at
    held = draft.require(Depth(days_since=change.day, some=())).days.get(change.measure, {})
    since = {day: moved for day, moved in held.items() if day >= change.day}
    before = change.total.total - change.change - sum(moved.change for moved in since.values())
    days = with_change(since, change, draft.at)
    reached = peaks_of(days, before).reached(threshold)
    return draft.at if reached is None else reached
