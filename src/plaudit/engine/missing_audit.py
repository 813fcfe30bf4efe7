"""The audit of periods that should count but are missing, where settings were changed or are a user's own.

What was recorded since the last change was decided by the settings that hold now. Refuses to judge what came
before, what came late, and what a flight westward led back to.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from plaudit.engine.periods import period_end, periods_of
from plaudit.engine.preferences import has_streaks, rules_for
from plaudit.engine.rulebook import Rulebook, StreakRules
from plaudit.engine.runs import covers
from plaudit.model.catalog import EvaluationMode, Frequency
from plaudit.model.state import Event, Snapshot, StreakPeriod

Sums = dict[tuple[int, int], int]
"""``(metric, local day)`` to the change of that day."""


def audit_missing(
    rulebook: Rulebook, snapshot: Snapshot, events: Sequence[Event], margin: int
) -> Iterator[str]:
    """Give one sentence per period that met what it takes, and is not there.

    Args:
        rulebook: the newest definitions of the user's environment.
        snapshot: the user, read with every period.
        events: the whole log by ``seq``.
        margin: milliseconds by which readings of the clock may be older than what is written then.
    """
    user, details = snapshot.user, snapshot.details
    if user is None or details is None or not has_streaks(user):
        return
    since = max(rulebook.streaks.changed, user.updated) + margin
    rules, latest = rules_for(rulebook, user), 0
    sums: Sums = defaultdict(int)
    told: set[tuple[Frequency, int]] = set()
    for event in events:
        sums[event.metric, event.day] += event.value
        in_order, latest = event.at >= latest, max(latest, event.at)
        if not in_order or event.recorded < since or not _feeds(rules, event):
            continue
        for pair in periods_of(event.day, rules.settings.week_start):
            if pair in told or not _is_met(rules, sums, *pair) or _is_held(details.periods, *pair, event.at):
                continue
            told.add(pair)
            yield f"the {pair[0]} period {pair[1]} met its settings, but does not count"


def _feeds(rules: StreakRules, event: Event) -> bool:
    return event.value > 0 and (not rules.metrics or event.metric in rules.metrics)


def _is_met(rules: StreakRules, sums: Sums, frequency: Frequency, period: int) -> bool:
    if not rules.settings.metrics:
        return True
    days = range(period, period_end(frequency, period) + 1)
    met = (
        sum(sums.get((each.metric, day), 0) for day in days) >= max(each.threshold, 1)
        for each in rules.settings.metrics
    )
    return all(met) if rules.settings.mode is EvaluationMode.ALL else any(met)


def _is_held(rows: Sequence[StreakPeriod], frequency: Frequency, period: int, at: int) -> bool:
    """Tell whether a period is there, or lies behind one that had been counted by then."""
    return any(
        row.frequency is frequency and (covers(row, period) or (row.period > period and row.counted_at <= at))
        for row in rows
    )
