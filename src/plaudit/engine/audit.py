"""The audit of one user: every derived number rebuilt from the event log and held against what is kept.

Refuses to repair; it names each drift in one sentence.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from plaudit.engine.history import settle
from plaudit.engine.missing_audit import audit_missing
from plaudit.engine.periods import periods_of
from plaudit.engine.rulebook import MeasureRule, Rulebook, matches
from plaudit.engine.run_audit import audit_runs
from plaudit.engine.runs import CARRIED, EARNED, FREEZE, chain
from plaudit.model.catalog import Achievement, Frequency, Trigger
from plaudit.model.state import Completion, Event, Snapshot, StreakState, UserState

Days = dict[tuple[int, int], tuple[int, int]]
"""``(measure, day)`` to ``(change, latest event time)``."""

EDIT_MARGIN = 60_000
"""Milliseconds for which what a call has read of the clock may be older than what is written then."""


def audit(rulebook: Rulebook, snapshot: Snapshot, events: Sequence[Event], now: int) -> list[str]:
    """Give one sentence per drift between a user's event log and everything derived from it.

    Args:
        rulebook: the newest definitions of the user's environment.
        snapshot: the user, read with every detail.
        events: the whole log by ``seq``, from the same moment as the snapshot.
        now: Unix milliseconds.
    """
    user = snapshot.user
    if user is None:
        return []
    found = [
        *_log(user, events),
        *_measures(rulebook, user, snapshot, events),
        *_periods(rulebook, snapshot, events),
        *(list(_streaks(rulebook, snapshot)) or audit_runs(snapshot, events)),
        *(() if _explained(rulebook, snapshot) else audit_missing(rulebook, snapshot, events, EDIT_MARGIN)),
        *_freezes(user, snapshot),
        *_unearned(rulebook, snapshot, events),
        *_unawarded(rulebook, user, snapshot, events, now),
    ]
    return [f"user {user.id}: {drift}" for drift in found]


def _log(user: UserState, events: Sequence[Event]) -> Iterator[str]:
    if [event.seq for event in events] != list(range(1, len(events) + 1)) or user.seq != len(events):
        yield f"{len(events)} events are logged, but {user.seq} were counted"
    used = [(event.metric, event.key) for event in events if event.key is not None]
    if len(used) != len(set(used)):
        yield "an idempotency key was used by two events"


def _fed(rulebook: Rulebook, user: UserState, event: Event) -> Iterator[MeasureRule]:
    metric = rulebook.metrics_by_number[event.metric]
    yield metric.plain
    for group in metric.filtered.values():
        for rule in group:
            if rule.since <= user.settled and matches(rule.filters, event.attributes):
                yield rule


def _measures(
    rulebook: Rulebook, user: UserState, snapshot: Snapshot, events: Sequence[Event]
) -> Iterator[str]:
    totals: dict[int, int] = defaultdict(int)
    days: Days = {}
    for event in events:
        for rule in _fed(rulebook, user, event):
            totals[rule.number] += event.value
            change, last_at = days.get((rule.number, event.day), (0, event.at))
            days[rule.number, event.day] = (change + event.value, max(last_at, event.at))
    kept = {measure: state.total for measure, state in snapshot.totals.items()}
    for measure in sorted(totals.keys() | kept.keys()):
        if totals.get(measure, 0) != kept.get(measure, 0):
            yield f"measure {measure} is kept as {kept.get(measure)}, its events make {totals.get(measure)}"
    if days != _kept_days(snapshot):
        yield "the changes per day differ from the events of those days"


def _kept_days(snapshot: Snapshot) -> Days:
    held = snapshot.details.days if snapshot.details is not None else {}
    return {
        (measure, day): (moved.change, moved.last_at)
        for measure, days in held.items()
        for day, moved in days.items()
    }


def _explained(rulebook: Rulebook, snapshot: Snapshot) -> bool:
    """Tell whether today's settings explain the streaks of the past."""
    user = snapshot.user
    own = user is not None and user.preferences is not None and user.preferences.streak is not None
    return not (rulebook.streaks.changed or own)


def _periods(rulebook: Rulebook, snapshot: Snapshot, events: Sequence[Event]) -> Iterator[str]:
    settings = rulebook.streaks
    if not _explained(rulebook, snapshot):
        return
    possible: dict[tuple[Frequency, int], int] = {}
    for event in events:
        for pair in periods_of(event.day, settings.week_start) if event.value > 0 else ():
            possible[pair] = min(event.at, possible.get(pair, event.at))
    held = snapshot.details.periods if snapshot.details is not None else ()
    rows = [row for row in held if row.kind == EARNED]
    earned = {(row.frequency, row.period) for row in rows}
    for frequency, period in sorted(earned - possible.keys()):
        yield f"the {frequency} period {period} counts, but no event lies in it"
    for frequency, period in sorted(possible.keys() - {(row.frequency, row.period) for row in held}):
        # Flying west leads back into a period behind the last one counted; it is not counted then.
        ahead = (row for row in rows if row.frequency is frequency and row.period > period)
        if not any(row.counted_at <= possible[frequency, period] for row in ahead):
            yield f"the {frequency} period {period} has events, but does not count"


def _streaks(rulebook: Rulebook, snapshot: Snapshot) -> Iterator[str]:
    if not _explained(rulebook, snapshot):
        return
    held = snapshot.details.periods if snapshot.details is not None else ()
    for frequency in Frequency:
        known = snapshot.streaks.get(frequency)
        rows = [row for row in held if row.frequency is frequency]
        links = list(chain(rows, rulebook.streaks, known))
        if (known is None) != (not links):
            yield f"the {frequency} streak and its periods disagree"
        elif known is not None:
            yield from _streak(frequency, known, links[-1].state)


def _streak(frequency: Frequency, known: StreakState, last: StreakState) -> Iterator[str]:
    if (last.days, last.started, last.last_period) != (known.days, known.started, known.last_period):
        yield f"the {frequency} streak is kept as {known.days} periods, its periods make {last.days}"
    elif last.bridged != known.bridged:
        yield f"the {frequency} streak is kept as bridged {known.bridged} times, not {last.bridged}"


def _freezes(user: UserState, snapshot: Snapshot) -> Iterator[str]:
    held = snapshot.details.periods if snapshot.details is not None else ()
    used = sum(row.kind == FREEZE for row in held)
    if user.freezes < 0 or user.freezes != user.freezes_granted - used:
        yield f"{user.freezes} freezes are kept, {user.freezes_granted} were granted and {used} used"


def _unearned(rulebook: Rulebook, snapshot: Snapshot, events: Sequence[Event]) -> Iterator[str]:
    held = snapshot.details.completions if snapshot.details is not None else {}
    for number, completion in held.items():
        rule = rulebook.achievements.get(number)
        if rule is None or _changed_since(rule.definition, completion):
            continue  # earned under another definition, which the log no longer explains
        if completion.seq == CARRIED:
            continue  # earned by a user who became part of this one
        if completion.seq is not None and not 0 < completion.seq <= len(events):
            yield f"the completion of '{rule.definition.name}' names an event that is not logged"
        if rule.definition.trigger is Trigger.METRIC and not reached(
            rulebook, rule.number, completion, events
        ):
            yield f"'{rule.definition.name}' is completed, but its threshold was never reached"
        if rule.definition.trigger is Trigger.ACHIEVEMENT and not set(rule.prerequisites) <= held.keys():
            yield f"'{rule.definition.name}' is completed, but not all it needs"


def _changed_since(definition: Achievement, completion: Completion) -> bool:
    """Tell whether an achievement may have been edited after it was completed.

    An edit and an event that meet read their clocks before either is written, so an edited one is
    given ``EDIT_MARGIN``.
    """
    margin = EDIT_MARGIN if definition.updated > definition.created else 0
    return definition.updated + margin > completion.recorded


def reached(rulebook: Rulebook, number: int, completion: Completion, events: Sequence[Event]) -> bool:
    """Tell whether the measure reached the threshold by the event (or at all, if none caused it)."""
    rule = rulebook.achievements[number]
    total, threshold = 0, rule.definition.metric_value or 0
    for event in events:
        if completion.seq is not None and event.seq > completion.seq:
            return False
        if event.metric == rule.definition.metric and matches(rule.event_filters, event.attributes):
            total += event.value
            if total >= threshold:
                return True
    # A backdated threshold may have been reached in the order of event time only.
    return completion.seq is None and _peak(rulebook, number, events) >= threshold


def _peak(rulebook: Rulebook, number: int, events: Sequence[Event]) -> int:
    rule = rulebook.achievements[number]
    total = peak = 0
    for event in sorted(events, key=lambda each: (each.day, each.at)):
        if event.metric == rule.definition.metric and matches(rule.event_filters, event.attributes):
            total += event.value
            peak = max(peak, total)
    return peak


def _unawarded(
    rulebook: Rulebook, user: UserState, snapshot: Snapshot, events: Sequence[Event], now: int
) -> Iterator[str]:
    if user.settled < rulebook.version:
        return  # the backdate job has not come to this user yet
    for completion in settle(rulebook, snapshot, list(events), now, b"audit").completions:
        rule = rulebook.achievements[completion.achievement]
        if rule.definition.trigger is not Trigger.ANNIVERSARY:
            yield f"'{rule.definition.name}' is met, but not completed"
