"""Points: what a command awards or costs, after everything else it causes is known.

Refuses to award twice: a metric pays for new heights only, and what a backdate completes pays nothing.
"""

from collections.abc import Mapping

from msgspec import Struct

from plaudit.engine.boosts import applying, boosted
from plaudit.engine.draft import Draft
from plaudit.engine.periods import local_day
from plaudit.engine.points_rules import PointsBook, SystemRule, TriggerRule
from plaudit.model.commands import PassTime
from plaudit.model.ids import derived_id
from plaudit.model.points import NO_POINTS, PointsAward, PointsState
from plaudit.model.state import Snapshot, UserState

MOST_AWARDS = 100
"""Awards one trigger gives singly in one call; what is crossed beyond them becomes one more award."""

_SEED = b"points"


class OutOfPoints(Exception):
    """The call costs points the user has not, and its trigger blocks it then."""

    def __init__(self, system: str, cost: int, total: int) -> None:
        """Keep the system's name, the cost, and what the user has."""
        super().__init__(system, cost, total)
        self.words = {"system": system, "cost": str(cost), "total": str(total)}


class Fire(Struct, frozen=True, gc=False):
    """A trigger that awards ``times`` times at an instant (Unix ms)."""

    rule: TriggerRule
    times: int
    at: int


def award_points(draft: Draft, book: PointsBook) -> None:
    """Award what the command earned, gains before costs, so that a user can pay with what it brings.

    Raises:
        OutOfPoints: a blocking trigger costs more than the user has.
    """
    fires = _fires(draft, book)
    if len(fires) > 1:
        fires.sort(key=lambda fire: fire.rule.definition.points < 0)
    attributes = draft.user.attributes
    for fire in fires:
        if fire.rule.concerns(attributes):
            _award(draft, book, fire, draft.day)


def _fires(draft: Draft, book: PointsBook) -> list[Fire]:
    fires = _created(draft, book) if draft.profile.created else []
    fires += _by_metric(draft, book)
    if draft.extended and book.streak:
        fires += _by_streak(draft, book)
    if draft.completed and book.by_achievement:
        fires += _by_achievement(draft, book)
    return fires


def pass_time(draft: Draft, book: PointsBook | None, command: PassTime) -> None:
    """Award every instant up to now that fell due, at most ``MOST_AWARDS`` at once, and plan the next one.

    An instant that is none (any more), since the interval was changed, awards nothing.
    """
    triggers = {} if book is None else {rule.definition.number: rule for rule in book.time}
    dues: list[tuple[int, int | None]] = []
    for number, due in command.dues:
        rule = triggers.get(number)
        dues.append((number, None if rule is None or book is None else _pass(draft, book, rule, due)))
    draft.dues = tuple(dues)


def _pass(draft: Draft, book: PointsBook, rule: TriggerRule, due: int) -> int:
    if (due - draft.user.created) % rule.interval:
        due = next_due(rule, draft.user, due)
    last = min(draft.now, due + (MOST_AWARDS - 1) * rule.interval)
    while due <= last:
        if rule.concerns(draft.user.attributes):
            _award(draft, book, Fire(rule, 1, due), local_day(due, draft.zone))
        due += rule.interval
    return due


def next_due(rule: TriggerRule, user: UserState, now: int) -> int:
    """Give the first instant after ``now`` that is whole intervals after the user's creation (Unix ms)."""
    return user.created + ((now - user.created) // rule.interval + 1) * rule.interval


def first_dues(book: PointsBook | None, user: UserState, now: int) -> tuple[tuple[int, int], ...]:
    """Give when each active time trigger is next due for a user."""
    if book is None:
        return ()
    return tuple((rule.definition.number, next_due(rule, user, now)) for rule in book.time)


def _created(draft: Draft, book: PointsBook) -> list[Fire]:
    draft.dues = first_dues(book, draft.user, draft.now)
    return [Fire(rule, 1, draft.at) for rule in book.creation]


def _by_metric(draft: Draft, book: PointsBook) -> list[Fire]:
    fires: list[Fire] = []
    for change in draft.changes:
        rules = book.by_measure.get(change.measure)
        if rules is None or change.change <= 0:
            continue
        total = change.total.total
        height = max(total - change.change, draft.marks.get(change.measure, 0), 0)
        if total <= height:
            continue
        crossed = [
            Fire(rule, times, draft.at) for rule in rules if (times := _multiples(rule, height, total))
        ]
        if crossed:
            draft.marks = {**draft.marks, change.measure: total}
            fires += crossed
    return fires


def _multiples(rule: TriggerRule, height: int, total: int) -> int:
    step = rule.definition.metric_threshold or 1
    return total // step - height // step


def _by_streak(draft: Draft, book: PointsBook) -> list[Fire]:
    length, before = draft.streaks[draft.rulebook.streaks.frequency].length, _lengths_paid(draft)
    return [
        Fire(rule, times, draft.at)
        for rule in book.streak
        if (times := _unpaid(length, before, rule.definition.streak_length or 1)) > 0
    ]


def _lengths_paid(draft: Draft) -> tuple[int, ...]:
    """Give the lengths the streak was paid for: several where what came late joined runs of before."""
    if draft.joined is not None:
        return draft.joined
    old = draft.before.streaks.get(draft.rulebook.streaks.frequency)
    return (old.length,) if old is not None and draft.at < old.expires_at else ()


def _unpaid(length: int, before: tuple[int, ...], step: int) -> int:
    return length // step - sum(each // step for each in before)


def _by_achievement(draft: Draft, book: PointsBook) -> list[Fire]:
    return [
        Fire(rule, 1, draft.at) for number in draft.completed for rule in book.by_achievement.get(number, ())
    ]


def _award(draft: Draft, book: PointsBook, fire: Fire, day: int) -> None:
    system = book.systems[fire.rule.definition.system]
    points = fire.rule.definition.points
    boosts: tuple[int, ...] = ()
    if points > 0 and system.boosts:
        active = applying(system, draft.before.who, draft.user.attributes, day)
        points, boosts = boosted(points, active), tuple(boost.definition.number for boost in active)
    state = draft.points.get(system.definition.number, NO_POINTS)
    if fire.rule.definition.block_if_out_of_points and state.total + points * fire.times < 0:
        raise OutOfPoints(system.definition.name, -points * fire.times, state.total)
    awards = []
    for count in _parts(fire.times):
        change = _room(system, state.total, points * count)
        if change == 0:
            break
        state = PointsState(state.total + change, state.awards + 1)
        awards.append(_row(draft, fire, system.definition.number, state, change, day, boosts))
    if awards:
        draft.points = {**draft.points, system.definition.number: state}
        draft.awards = (*draft.awards, *awards)


def _parts(times: int) -> list[int]:
    """Give how many times each award stands for: once each, and what is beyond them together."""
    if times <= MOST_AWARDS:
        return [1] * times
    return [*[1] * MOST_AWARDS, times - MOST_AWARDS]


def _room(system: SystemRule, total: int, points: int) -> int:
    """Give how much of an award fits between 0 and the cap; a lowered cap takes nothing away."""
    return min(points, max(0, system.cap - total)) if points > 0 else max(points, -total)


def _row(
    draft: Draft, fire: Fire, system: int, state: PointsState, change: int, day: int, boosts: tuple[int, ...]
) -> PointsAward:
    name = derived_id(draft.command.id + _SEED, (system << 32) + state.awards)
    trigger = fire.rule.definition.number
    return PointsAward(
        system, state.awards, name, trigger, change, state.total, fire.at, day, draft.seq, boosts
    )


def used_awards(snapshot: Snapshot, seq: int) -> tuple[PointsAward, ...]:
    """Give the awards of one event, from a snapshot that was read with them."""
    if snapshot.details is None:
        return ()
    return tuple(award for award in snapshot.details.awards if award.seq == seq)


def by_system(awards: tuple[PointsAward, ...]) -> Mapping[int, list[PointsAward]]:
    """Group awards by their system, in the order in which they were given."""
    groups: dict[int, list[PointsAward]] = {}
    for award in awards:
        groups.setdefault(award.system, []).append(award)
    return groups
