"""The rulebook: the definitions of one environment, compiled once per version for fast decisions.

Refuses user state: a rulebook is immutable and shared by every event of its environment.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from plaudit.engine.board_rules import BoardBook, compile_boards
from plaudit.engine.points_rules import PointsBook, compile_points
from plaudit.model.catalog import (
    Achievement,
    AttributeType,
    Definitions,
    Environment,
    Measure,
    Metric,
    Status,
    StreakSettings,
    Trigger,
)
from plaudit.model.tenants import SHARED
from plaudit.model.webhooks import EventType, Webhook

Pairs = tuple[tuple[str, str], ...]
_WAYS = tuple(Trigger)
K = TypeVar("K")
V = TypeVar("V")


class AchievementRule(Struct, frozen=True):
    """An achievement with its attribute ids read as keys and its prerequisites as numbers.

    ``way`` is the trigger's place in ``Trigger``, by which the table of triggers is looked up fast.
    """

    definition: Achievement
    user_filters: Pairs
    event_filters: Pairs
    prerequisites: tuple[int, ...]
    metric: Metric | None
    way: int

    @property
    def number(self) -> int:
        """The number that keys the achievement's rows."""
        return self.definition.number

    @property
    def active(self) -> bool:
        """Whether somebody new may complete it."""
        return self.definition.status is Status.ACTIVE


class Listed(NamedTuple):
    """An achievement as lists of users' achievements need it, read in one unpacking.

    ``measure`` and ``target`` (micro-units) are those of a metric achievement, else 0.
    """

    number: int
    active: bool
    user_filters: Pairs
    measure: int
    target: int
    rule: AchievementRule


class MeasureRule(Struct, frozen=True):
    """A measure with the thresholds of its active achievements, ascending, for bisection.

    ``achievements`` runs parallel to ``thresholds``; units are micro-units.
    """

    number: int
    filters: Pairs
    since: int
    thresholds: tuple[int, ...]
    achievements: tuple[tuple[AchievementRule, ...], ...]


class MetricRule(Struct, frozen=True):
    """A metric with its plain measure, and the filtered ones by their first filter pair."""

    metric: Metric
    plain: MeasureRule
    filtered: dict[tuple[str, str], tuple[MeasureRule, ...]]

    @property
    def measures(self) -> tuple[MeasureRule, ...]:
        """Every measure of the metric, the plain one first."""
        return (self.plain, *(rule for group in self.filtered.values() for rule in group))


class StreakRules(Struct, frozen=True):
    """What counts toward a streak: the numbers of its metrics, their plain measures and thresholds.

    Without metrics, every metric counts.
    """

    settings: StreakSettings
    metrics: frozenset[int]
    measures: tuple[tuple[int, int], ...]


class Rulebook(Struct, frozen=True):
    """Everything a decision in one environment looks up.

    ``metrics`` holds what can be fed, by key; ``metrics_by_number`` archived metrics too.
    ``achievements`` holds every status but nothing archived; the other tables only active ones:
    ``streak_steps`` and ``anniversaries`` ascending, ``dependents`` the composites that name an
    achievement, ``kin`` what has to be known of a user who completes one that has dependents
    (ascending numbers, its own included), ``restricted`` what is limited to users by an attribute
    key. ``streak_rules`` say what counts for users without settings of their own.
    ``newest_measure`` is the version from which the youngest filtered measure is fed. ``points`` is
    None without points systems, ``boards`` without leaderboards. ``listed`` is what users may see.

    It holds what all tenants share; ``seen_by`` gives what counts in one tenant.
    """

    environment: Environment
    version: int
    metrics: dict[str, MetricRule]
    metrics_by_number: dict[int, MetricRule]
    measures: dict[int, MeasureRule]
    achievements: dict[int, AchievementRule]
    by_key: dict[str, AchievementRule]
    by_id: dict[bytes, AchievementRule]
    user_attributes: frozenset[str]
    event_attributes: frozenset[str]
    streaks: StreakSettings
    streak_rules: StreakRules
    streak_steps: tuple[tuple[int, AchievementRule], ...]
    anniversaries: tuple[tuple[int, AchievementRule], ...]
    dependents: dict[int, tuple[AchievementRule, ...]]
    kin: dict[int, tuple[int, ...]]
    restricted: dict[str, tuple[AchievementRule, ...]]
    newest_measure: int
    listed: tuple[Listed, ...]
    points: PointsBook | None = None
    boards: BoardBook | None = None
    webhooks: dict[int, Webhook] = {}
    """Endpoints that are active, by number; in the shared rulebook those of all tenants."""
    listeners: dict[str, tuple[int, ...]] = {}
    """Numbers of the active endpoints that want a type of webhook event; without any, empty."""
    tenant: str = SHARED
    """The tenant whose own definitions are in it beside the shared ones."""
    tenants: "TenantBooks | None" = None
    """The rulebooks of tenants with definitions of their own; None as long as there are none."""

    def seen_by(self, tenant: str) -> "Rulebook":
        """Give the rulebook by which a tenant's users are judged: this one, unless it has an own one."""
        return self if self.tenants is None else self.tenants.of(tenant, self)

    def with_tenants(self) -> "list[Rulebook]":
        """Give this rulebook and those of every tenant with definitions of its own."""
        if self.tenants is None:
            return [self]
        return [self, *(self.tenants.of(each, self) for each in sorted(self.tenants.owners))]

    @property
    def any_boards(self) -> bool:
        """Whether anybody has leaderboards here."""
        return self.boards is not None or (self.tenants is not None and self.tenants.any_boards)


class TenantBooks:
    """The rulebooks of tenants with definitions of their own, compiled when first asked for."""

    def __init__(self, definitions: Definitions) -> None:
        """Begin with none compiled."""
        self.owners = frozenset(definitions.owners.values())
        self.any_boards = compile_boards(definitions) is not None
        self._definitions = definitions
        self._books: dict[str, Rulebook] = {}

    def of(self, tenant: str, shared: Rulebook) -> Rulebook:
        """Give a tenant's rulebook; ``shared`` where it owns nothing."""
        if tenant not in self.owners:
            return shared
        found = self._books.get(tenant)
        if found is None:
            found = self._books[tenant] = _compile(self._definitions.seen_by(tenant), tenant)
        return found


def visible(rule: AchievementRule, user_attributes: Mapping[str, str]) -> bool:
    """Tell whether a user with these attributes can earn and see the achievement."""
    return all(user_attributes.get(key) == value for key, value in rule.user_filters)


def matches(filters: Pairs, attributes: Mapping[str, str]) -> bool:
    """Tell whether an event's attributes hold every filter pair."""
    return all(attributes.get(key) == value for key, value in filters)


def compile_rulebook(definitions: Definitions) -> Rulebook:
    """Compile the definitions of one environment: the shared ones, and each tenant's own when asked for.

    Raises:
        KeyError: a metric without its plain measure, or an achievement that names an attribute or
            achievement the definitions do not hold; the catalogue never stores such a thing.
    """
    if not definitions.owners:
        return _compile(definitions, SHARED)
    shared = _compile(definitions.seen_by(SHARED), SHARED, TenantBooks(definitions))
    return replace(shared, webhooks=_endpoints(definitions))


def _compile(definitions: Definitions, tenant: str, tenants: TenantBooks | None = None) -> Rulebook:
    rules = _achievement_rules(definitions)
    active = [rule for rule in rules.values() if rule.active]
    streak, anniversary, composite = (
        [rule for rule in active if rule.definition.trigger is trigger]
        for trigger in (Trigger.STREAK, Trigger.ANNIVERSARY, Trigger.ACHIEVEMENT)
    )
    by_number = _metric_rules(definitions, active)
    streaks = definitions.environment.settings.streaks
    dependents = _grouped((needed, rule) for rule in composite for needed in rule.prerequisites)
    return Rulebook(
        environment=definitions.environment,
        version=definitions.environment.version,
        metrics={rule.metric.key: rule for rule in by_number.values() if not rule.metric.archived},
        metrics_by_number=by_number,
        measures={rule.number: rule for metric in by_number.values() for rule in metric.measures},
        achievements=rules,
        by_key={rule.definition.key: rule for rule in rules.values() if rule.definition.key is not None},
        by_id={rule.definition.id: rule for rule in rules.values()},
        user_attributes=_declared(definitions, AttributeType.USER),
        event_attributes=_declared(definitions, AttributeType.EVENT),
        streaks=streaks,
        streak_rules=streak_rules(streaks, by_number),
        streak_steps=_steps((rule.definition.streak_length, rule) for rule in streak),
        anniversaries=_steps((rule.definition.anniversary_years, rule) for rule in anniversary),
        dependents=dependents,
        kin={number: _kin(number, dependents) for number in dependents},
        restricted=_grouped((key, rule) for rule in active for key, _ in rule.user_filters),
        newest_measure=max((m.since for m in definitions.measures if m.filters), default=0),
        listed=tuple(
            _listed(rule) for rule in rules.values() if rule.definition.status is not Status.INACTIVE
        ),
        points=compile_points(definitions),
        boards=compile_boards(definitions),
        webhooks=(webhooks := _endpoints(definitions)),
        listeners=_listeners(webhooks.values()),
        tenant=tenant,
        tenants=tenants,
    )


def _kin(number: int, dependents: Mapping[int, tuple[AchievementRule, ...]]) -> tuple[int, ...]:
    """Give an achievement, what may follow from it, and everything else that those rest on."""
    found, followed, waiting = {number}, {number}, [number]
    while waiting:
        for rule in dependents.get(waiting.pop(), ()):
            found |= {rule.number, *rule.prerequisites}
            if rule.number not in followed:
                followed.add(rule.number)
                waiting.append(rule.number)
    return tuple(sorted(found))


def _endpoints(definitions: Definitions) -> dict[int, Webhook]:
    return {w.number: w for w in definitions.of(Webhook) if w.active and not w.archived}


def _listeners(webhooks: Iterable[Webhook]) -> dict[str, tuple[int, ...]]:
    return _grouped((wanted, each.number) for each in webhooks for wanted in each.types or tuple(EventType))


def streak_rules(settings: StreakSettings, metrics: Mapping[int, MetricRule]) -> StreakRules:
    """Compile streak settings; ``metrics`` holds the metrics they name, by number."""
    return StreakRules(
        settings,
        frozenset(each.metric for each in settings.metrics),
        tuple((metrics[each.metric].plain.number, each.threshold) for each in settings.metrics),
    )


def _listed(rule: AchievementRule) -> Listed:
    it = rule.definition
    by_metric = it.trigger is Trigger.METRIC and it.measure is not None
    measure, target = (it.measure or 0, it.metric_value or 0) if by_metric else (0, 0)
    return Listed(rule.number, rule.active, rule.user_filters, measure, target, rule)


def _declared(definitions: Definitions, type: AttributeType) -> frozenset[str]:
    return frozenset(a.key for a in definitions.attributes if a.type is type and not a.archived)


def _achievement_rules(definitions: Definitions) -> dict[int, AchievementRule]:
    keys = {attribute.id: attribute.key for attribute in definitions.attributes}
    numbers = {achievement.id: achievement.number for achievement in definitions.achievements}
    metrics = {metric.number: metric for metric in definitions.metrics}
    return {
        each.number: AchievementRule(
            definition=each,
            user_filters=tuple((keys[one], value) for one, value in each.user_attributes),
            event_filters=tuple((keys[one], value) for one, value in each.event_attributes),
            prerequisites=tuple(numbers[one] for one in each.achievement_ids),
            metric=None if each.metric is None else metrics[each.metric],
            way=_WAYS.index(each.trigger),
        )
        for each in definitions.achievements
        if not each.archived
    }


def _metric_rules(definitions: Definitions, active: list[AchievementRule]) -> dict[int, MetricRule]:
    goals: dict[int, list[AchievementRule]] = defaultdict(list)
    for rule in active:
        if rule.definition.trigger is Trigger.METRIC and rule.definition.measure is not None:
            goals[rule.definition.measure].append(rule)
    measures: dict[int, list[MeasureRule]] = defaultdict(list)
    for measure in definitions.measures:
        measures[measure.metric].append(_measure_rule(measure, goals[measure.number]))
    return {metric.number: _metric_rule(metric, measures[metric.number]) for metric in definitions.metrics}


def _measure_rule(measure: Measure, goals: list[AchievementRule]) -> MeasureRule:
    by_threshold = _grouped((rule.definition.metric_value or 0, rule) for rule in goals)
    thresholds = tuple(sorted(by_threshold))
    achievements = tuple(by_threshold[threshold] for threshold in thresholds)
    return MeasureRule(measure.number, measure.filters, measure.since, thresholds, achievements)


def _metric_rule(metric: Metric, measures: list[MeasureRule]) -> MetricRule:
    plain = {measure.filters: measure for measure in measures}[()]
    return MetricRule(metric, plain, _grouped((m.filters[0], m) for m in measures if m.filters))


def _steps(
    pairs: Iterable[tuple[int | None, AchievementRule]],
) -> tuple[tuple[int, AchievementRule], ...]:
    found = [(step, rule) for step, rule in pairs if step is not None]
    return tuple(sorted(found, key=lambda pair: (pair[0], pair[1].number)))


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
