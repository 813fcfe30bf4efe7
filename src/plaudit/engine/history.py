"""Settling: what a user already meets is completed at the time it was met, from the kept past.

Refuses to be loud: it gives completions and measures to write, no answers to callers.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine import anniversaries
from plaudit.engine.freezes import planned
from plaudit.engine.past import Past
from plaudit.engine.rulebook import AchievementRule, MeasureRule, Rulebook, matches, visible
from plaudit.engine.triggers import TRIGGERS
from plaudit.model.catalog import Trigger
from plaudit.model.ids import derived_id
from plaudit.model.state import (
    Completion,
    DayChange,
    Details,
    Event,
    MeasureTotal,
    Snapshot,
    UserState,
)

_UNREAD = Details({}, {}, ())


class Settled(Struct, frozen=True):
    """What settling a user writes: completions, and the measures built from the event log.

    ``after`` is the user settled to the rulebook's version.
    """

    completions: tuple[Completion, ...]
    totals: dict[int, MeasureTotal]
    days: dict[int, dict[int, DayChange]]
    after: Snapshot


def needs_log(rulebook: Rulebook, user: UserState) -> bool:
    """Tell whether a filtered measure is younger than the user's settling, so the log must be read."""
    return rulebook.newest_measure > user.settled


def settle(
    rulebook: Rulebook,
    snapshot: Snapshot,
    events: Sequence[Event] | None,
    now: int,
    command_id: bytes,
) -> Settled:
    """Complete every active achievement a user already meets and has not completed.

    Args:
        rulebook: the definitions to settle to.
        snapshot: the user with completions, all days and all periods.
        events: the whole event log, when ``needs_log`` asks for it.
        now: the clock reading in Unix ms; written as ``recorded`` and compared with anniversaries.
        command_id: 16 bytes from which the ids of the completions derive.
    """
    user, details = snapshot.user, snapshot.details or _UNREAD
    if user is None:
        return Settled((), {}, {}, snapshot)
    days = _built(rulebook, user, events or ())
    totals = {measure: _total_of(changes) for measure, changes in days.items()}
    past = Past(
        rulebook,
        user,
        {**snapshot.totals, **totals},
        {**details.days, **days},
        snapshot.streaks,
        details,
        now,
    )
    new = _earned(rulebook, past, command_id + snapshot.who.subject)
    return Settled(new, totals, days, _after(rulebook, snapshot, user, past, details))


def _after(rulebook: Rulebook, snapshot: Snapshot, user: UserState, past: Past, details: Details) -> Snapshot:
    due = anniversaries.next_instant(user, past.now)
    user = replace(user, settled=max(user.settled, rulebook.version), anniversary_at=due)
    if user.freezes_at is None:
        user = replace(user, freezes_at=planned(rulebook.streaks.freezes, user, past.now))
    after = replace(details, completions=past.completions, days=past.days)
    return replace(snapshot, user=user, totals=past.totals, details=after)


def _built(rulebook: Rulebook, user: UserState, events: Sequence[Event]) -> dict[int, dict[int, DayChange]]:
    """Roll up, for every filtered measure younger than the settling, the days of the events it holds."""
    young: dict[int, list[MeasureRule]] = {
        number: [rule for rule in metric.measures if rule.filters and rule.since > user.settled]
        for number, metric in rulebook.metrics_by_number.items()
    }
    built: dict[int, dict[int, DayChange]] = {}
    for event in events:
        for rule in young.get(event.metric, ()):
            if matches(rule.filters, event.attributes):
                days = built.setdefault(rule.number, {})
                old = days.get(event.day, DayChange(0, event.at))
                days[event.day] = DayChange(old.change + event.value, max(old.last_at, event.at))
    return built


def _total_of(days: dict[int, DayChange]) -> MeasureTotal:
    return MeasureTotal(
        sum(moved.change for moved in days.values()), max(moved.last_at for moved in days.values())
    )


def _earned(rulebook: Rulebook, past: Past, seed: bytes) -> tuple[Completion, ...]:
    """Complete what is met, then the composites this allows, until nothing changes."""
    new: dict[int, Completion] = {}
    waiting = [
        rule for rule in rulebook.achievements.values() if rule.active and visible(rule, past.user.attributes)
    ]
    waiting.sort(key=lambda rule: rule.definition.trigger is Trigger.ACHIEVEMENT)
    found = True
    while found:
        found = False
        for rule in waiting:
            found = _earn(rule, past, seed, new) or found
        waiting = [rule for rule in waiting if rule.definition.trigger is Trigger.ACHIEVEMENT]
    return tuple(new.values())


def _earn(rule: AchievementRule, past: Past, seed: bytes, new: dict[int, Completion]) -> bool:
    if rule.number in past.completions or rule.number in past.revoked:
        return False
    at = TRIGGERS[rule.definition.trigger].since(past, rule)
    if at is None:
        return False
    done = Completion(rule.number, derived_id(seed, rule.number), at, past.now, None)
    past.completions[rule.number] = new[rule.number] = done
    return True
