"""The table of triggers: for each, what a command newly completes and where a user stands.

Refuses special cases elsewhere: evaluate, progress and history only apply this table.
"""

from bisect import bisect_right
from collections.abc import Callable

from msgspec import Struct

from plaudit.engine import anniversaries, measures
from plaudit.engine.draft import Draft
from plaudit.engine.past import Past
from plaudit.engine.rulebook import AchievementRule, Rulebook
from plaudit.engine.streaks import length_at
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Trigger
from plaudit.model.state import Completion, Snapshot

Standing = tuple[int, int]
"""Current and target amounts in micro-units."""

Hit = tuple[AchievementRule, int]
"""An achievement earned, and when (Unix ms)."""


class Way(Struct, frozen=True):
    """How one trigger works.

    ``crossed`` gives what a draft newly completes, ``met`` whether the state of a draft suffices
    whatever led to it, ``standing`` the current and target amounts in micro-units, ``since`` when
    the past first sufficed (Unix ms), if it ever did.
    """

    crossed: Callable[[Draft], list[Hit]]
    met: Callable[[Draft, AchievementRule], bool]
    standing: Callable[[Rulebook, Snapshot, AchievementRule, int], Standing]
    since: Callable[[Past, AchievementRule], int | None]


def _metric_crossed(draft: Draft) -> list[Hit]:
    rules, hits = draft.rulebook.measures, []
    for change in draft.changes:
        hits += measures.crossed(draft, rules[change.measure], change)
    return hits


def _metric_met(draft: Draft, rule: AchievementRule) -> bool:
    held = draft.totals.get(rule.definition.measure or 0)
    return held is not None and held.total >= (rule.definition.metric_value or 0)


def _metric_standing(_book: Rulebook, snapshot: Snapshot, rule: AchievementRule, _now: int) -> Standing:
    held = snapshot.totals.get(rule.definition.measure or 0)
    return (0 if held is None else held.total), rule.definition.metric_value or 0


def _metric_since(past: Past, rule: AchievementRule) -> int | None:
    measure, value = rule.definition.measure or 0, rule.definition.metric_value or 0
    held = past.totals.get(measure)
    if held is None or held.total < value:
        return None
    reached = past.peaks(measure).reached(value)
    return held.last_at if reached is None else reached


def _longest(draft: Draft, after: bool) -> int:
    streaks = draft.streaks if after else draft.before.streaks
    state = streaks.get(draft.rulebook.streaks.frequency)
    return 0 if state is None else state.longest


def _streak_crossed(draft: Draft) -> list[Hit]:
    steps = draft.rulebook.streak_steps
    if not steps or not draft.rows:
        return []
    first, last = (bisect_right(steps, _longest(draft, after), key=lambda s: s[0]) for after in (False, True))
    return [(rule, _length_at(draft, length)) for length, rule in steps[first:last] if draft.wants(rule)]


def _length_at(draft: Draft, length: int) -> int:
    reached = None if draft.lengths is None else draft.lengths.reached(length)
    return draft.at if reached is None else reached


def _streak_met(draft: Draft, rule: AchievementRule) -> bool:
    return _longest(draft, after=True) >= (rule.definition.streak_length or 0)


def _streak_standing(book: Rulebook, snapshot: Snapshot, rule: AchievementRule, now: int) -> Standing:
    length = length_at(book.streaks, snapshot, now)
    return length * MICRO, (rule.definition.streak_length or 0) * MICRO


def _streak_since(past: Past, rule: AchievementRule) -> int | None:
    return past.lengths.reached(rule.definition.streak_length or 0)


def _api_crossed(draft: Draft) -> list[Hit]:
    return [] if draft.asked is None else [(draft.asked, draft.now)]


def _api_met(_draft: Draft, _rule: AchievementRule) -> bool:
    return False


def _api_standing(_book: Rulebook, _snapshot: Snapshot, _rule: AchievementRule, _now: int) -> Standing:
    return 0, MICRO


def _api_since(_past: Past, _rule: AchievementRule) -> int | None:
    return None


def _composite_crossed(draft: Draft) -> list[Hit]:
    dependents = draft.rulebook.dependents
    return [
        (rule, at)
        for number in draft.completed
        for rule in dependents.get(number, ())
        if draft.wants(rule) and (at := _last_of(rule, draft.completion)) is not None
    ]


def _last_of(rule: AchievementRule, completion: Callable[[int], Completion | None]) -> int | None:
    """Give when the last prerequisite was earned (Unix ms), or None while one is missing."""
    earned = [completion(number) for number in rule.prerequisites]
    return max((each.at for each in earned if each is not None), default=None) if all(earned) else None


def _composite_met(draft: Draft, rule: AchievementRule) -> bool:
    return _last_of(rule, draft.completion) is not None


def _composite_standing(_book: Rulebook, snapshot: Snapshot, rule: AchievementRule, _now: int) -> Standing:
    completions = snapshot.details.completions if snapshot.details is not None else {}
    done = sum(number in completions for number in rule.prerequisites)
    return done * MICRO, len(rule.prerequisites) * MICRO


def _composite_since(past: Past, rule: AchievementRule) -> int | None:
    return _last_of(rule, past.completions.get)


def _anniversary_crossed(draft: Draft) -> list[Hit]:
    if not (draft.anniversary_due or draft.profile.dated):
        return []
    years = anniversaries.years_at(draft.user, draft.now)
    return [
        (rule, anniversaries.instant(draft.user, step) or draft.now)
        for step, rule in draft.rulebook.anniversaries
        if step <= years and draft.wants(rule) and not draft.is_revoked(rule.number)
    ]


def _anniversary_met(draft: Draft, rule: AchievementRule) -> bool:
    return anniversaries.years_at(draft.user, draft.now) >= (rule.definition.anniversary_years or 0)


def _anniversary_standing(_book: Rulebook, snapshot: Snapshot, rule: AchievementRule, now: int) -> Standing:
    years = 0 if snapshot.user is None else anniversaries.years_at(snapshot.user, now)
    return years * MICRO, (rule.definition.anniversary_years or 0) * MICRO


def _anniversary_since(past: Past, rule: AchievementRule) -> int | None:
    years = rule.definition.anniversary_years or 0
    if anniversaries.years_at(past.user, past.now) < years:
        return None
    return anniversaries.instant(past.user, years)


TRIGGERS: dict[Trigger, Way] = {
    Trigger.METRIC: Way(_metric_crossed, _metric_met, _metric_standing, _metric_since),
    Trigger.STREAK: Way(_streak_crossed, _streak_met, _streak_standing, _streak_since),
    Trigger.API: Way(_api_crossed, _api_met, _api_standing, _api_since),
    Trigger.ANNIVERSARY: Way(
        _anniversary_crossed, _anniversary_met, _anniversary_standing, _anniversary_since
    ),
    Trigger.ACHIEVEMENT: Way(_composite_crossed, _composite_met, _composite_standing, _composite_since),
}
"""Applied in this order; composites last, again and again until nothing changes."""

WAYS = tuple(TRIGGERS[trigger] for trigger in Trigger)
"""The same table by ``AchievementRule.way``."""
