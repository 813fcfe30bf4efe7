"""The points of an environment, compiled: what awards, what multiplies, which level a total is.

Refuses user state; archived triggers and boosts stay known by number, so that old awards can be told.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter

from msgspec import Struct

from plaudit.model.amounts import LIMIT
from plaudit.model.catalog import Definitions
from plaudit.model.points import (
    PointsBoost,
    PointsLevel,
    PointsSystem,
    PointsTrigger,
    PointsTriggerType,
    TimeUnit,
)

Pairs = tuple[tuple[str, str], ...]

HOUR_MS = 3_600_000
_UNIT_MS = {TimeUnit.HOUR: HOUR_MS, TimeUnit.DAY: 24 * HOUR_MS}
_LAST_DAY = date.max.toordinal()


class BoostRule(Struct, frozen=True):
    """A boost with its attribute ids read as keys and its multiplier exact; ``last`` is its last day."""

    definition: PointsBoost
    user_filters: Pairs
    factor: Fraction
    last: int


class TriggerRule(Struct, frozen=True):
    """A trigger with its attribute ids read as keys; ``interval`` in ms for a time trigger, else 0."""

    definition: PointsTrigger
    user_filters: Pairs
    event_filters: Pairs
    interval: int

    def concerns(self, attributes: Mapping[str, str]) -> bool:
        """Tell whether it awards points to a user with these attributes."""
        return not self.user_filters or all(attributes.get(k) == value for k, value in self.user_filters)


class SystemRule(Struct, frozen=True):
    """A points system: its boosts in the order of their creation, its levels ascending.

    ``cap`` is its ``max_points``, or the largest total that JavaScript reads exactly.
    """

    definition: PointsSystem
    cap: int
    triggers: tuple[TriggerRule, ...]
    boosts: tuple[BoostRule, ...]
    levels: tuple[PointsLevel, ...]

    def level_of(self, total: int) -> PointsLevel | None:
        """Give the highest level that a total reaches."""
        if not self.levels:
            return None
        place = bisect_right(self.levels, total, key=attrgetter("points"))
        return self.levels[place - 1] if place else None


class PointsBook(Struct, frozen=True):
    """Everything about points that a decision looks up.

    ``triggers`` and ``boosts`` hold archived ones too; ``by_measure``, ``by_achievement``, ``streak``,
    ``creation`` and ``time`` only active triggers, in the order of their creation.
    """

    systems: dict[int, SystemRule]
    by_key: dict[str, SystemRule]
    triggers: dict[int, TriggerRule]
    boosts: dict[int, BoostRule]
    by_measure: dict[int, tuple[TriggerRule, ...]]
    by_achievement: dict[int, tuple[TriggerRule, ...]]
    streak: tuple[TriggerRule, ...]
    creation: tuple[TriggerRule, ...]
    time: tuple[TriggerRule, ...]


def compile_points(definitions: Definitions) -> PointsBook | None:
    """Compile the points of an environment; None when it has no points system.

    Raises:
        KeyError: something names an attribute the definitions do not hold; it is never stored.
    """
    live = [system for system in definitions.of(PointsSystem) if not system.archived]
    if not live:
        return None
    keys = {attribute.id: attribute.key for attribute in definitions.attributes}
    triggers = {it.number: _trigger(it, keys) for it in definitions.of(PointsTrigger)}
    boosts = {it.number: _boost(it, keys) for it in definitions.of(PointsBoost)}
    levels = [level for level in definitions.of(PointsLevel) if not level.archived]
    systems = {system.number: _system(system, triggers, boosts, levels) for system in live}
    active = [rule for system in systems.values() for rule in system.triggers if rule.definition.active]
    active.sort(key=lambda rule: rule.definition.number)
    return PointsBook(
        systems=systems,
        by_key={rule.definition.key: rule for rule in systems.values()},
        triggers=triggers,
        boosts=boosts,
        by_measure=_by(active, PointsTriggerType.METRIC, attrgetter("definition.measure")),
        by_achievement=_by(active, PointsTriggerType.ACHIEVEMENT, attrgetter("definition.achievement")),
        streak=_only(active, PointsTriggerType.STREAK),
        creation=_only(active, PointsTriggerType.USER_CREATION),
        time=_only(active, PointsTriggerType.TIME),
    )


def _keyed(pairs: Iterable[tuple[bytes, str]], keys: Mapping[bytes, str]) -> Pairs:
    return tuple((keys[attribute], value) for attribute, value in pairs)


def _trigger(it: PointsTrigger, keys: Mapping[bytes, str]) -> TriggerRule:
    interval = 0 if it.time_unit is None else _UNIT_MS[it.time_unit] * (it.time_interval or 0)
    return TriggerRule(it, _keyed(it.user_attributes, keys), _keyed(it.event_attributes, keys), interval)


def _boost(it: PointsBoost, keys: Mapping[bytes, str]) -> BoostRule:
    factor = Fraction(Decimal(repr(it.multiplier)))
    last = _LAST_DAY if it.end is None else it.end
    return BoostRule(it, _keyed(it.user_attributes, keys), factor, last)


def _system(
    system: PointsSystem,
    triggers: Mapping[int, TriggerRule],
    boosts: Mapping[int, BoostRule],
    levels: Iterable[PointsLevel],
) -> SystemRule:
    number = system.number
    mine = [level for level in levels if level.system == number]
    return SystemRule(
        system,
        LIMIT if system.max_points is None else system.max_points,
        tuple([t for t in triggers.values() if t.definition.system == number and not t.definition.archived]),
        tuple([b for b in boosts.values() if b.definition.system == number and not b.definition.archived]),
        tuple(sorted(mine, key=lambda level: (level.points, level.number))),
    )


def _only(active: Iterable[TriggerRule], type: PointsTriggerType) -> tuple[TriggerRule, ...]:
    return tuple(rule for rule in active if rule.definition.type is type)


def _by(
    active: Iterable[TriggerRule], type: PointsTriggerType, key: Callable[[TriggerRule], int]
) -> dict[int, tuple[TriggerRule, ...]]:
    groups: dict[int, list[TriggerRule]] = defaultdict(list)
    for rule in _only(active, type):
        groups[key(rule)].append(rule)
    return {number: tuple(rules) for number, rules in groups.items()}
