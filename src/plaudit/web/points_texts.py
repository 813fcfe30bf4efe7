"""Points as JSON: systems and triggers are encoded once per rulebook, awards are joined from them.

Refuses to read anything; what is answered was handed in.
"""

from collections.abc import Iterable, Mapping

from msgspec import UNSET
from msgspec.json import Encoder

from plaudit.badges.links import badge_url
from plaudit.engine.boosts import status_on
from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.points import by_system
from plaudit.engine.points_rules import BoostRule, Pairs, SystemRule, TriggerRule
from plaudit.engine.rulebook import Rulebook
from plaudit.model.amounts import MICRO
from plaudit.model.ids import uuid_text
from plaudit.model.points import NO_POINTS, PointsAward, PointsLevel, PointsState, PointsTriggerType
from plaudit.web.points_shapes import (
    PointsBoostResponse,
    PointsLevelResponse,
    PointsResponse,
    PointsTriggerResponse,
    TriggerStatus,
)
from plaudit.web.shape_parts import AttributePair
from plaudit.web.texts import day_text, time_text

NOTHING = b"{}"

_encode = Encoder().encode


class PointsTexts:
    """The points of one rulebook, for links that begin with ``base_url``."""

    def __init__(self, rulebook: Rulebook, base_url: str) -> None:
        self._rulebook = rulebook
        self._base_url = base_url
        self._heads: dict[int, bytes] = {}
        self._keyed: dict[int, bytes] = {}
        self._triggers: dict[int, bytes] = {}

    def changed(
        self, awards: tuple[PointsAward, ...], held: Mapping[int, PointsState], tz: str | None, now: int
    ) -> bytes:
        """Write the systems that awards changed, by key (MetricEventPointsResponse).

        Args:
            awards: what a call awarded, or its first use did.
            held: the user's points now.
            tz: the user's zone, in which boosts begin and end.
            now: Unix milliseconds.
        """
        book = self._rulebook.points
        if not awards or book is None:
            return NOTHING
        day = local_day(now, zone_of(tz))
        texts = [
            self._change(system, given, held, day)
            for number, given in by_system(awards).items()
            if (system := book.systems.get(number)) is not None
        ]
        return b"{" + b",".join(texts) + b"}"

    def standing(
        self, system: SystemRule, state: PointsState, awards: Iterable[PointsAward], day: int
    ) -> bytes:
        """Write a user's points in one system (GetUserPointsResponse)."""
        level = self._level_text(system.level_of(state.total))
        return b'%b,"total":%d,"level":%b,"awards":[%b]}' % (
            self.head(system),
            state.total,
            level,
            self._awards(awards, day),
        )

    def system(self, system: SystemRule) -> bytes:
        """Write a system with its active triggers (PointsSystemResponse)."""
        active = [rule for rule in system.triggers if rule.definition.active]
        return self.head(system) + b',"triggers":[' + b",".join(map(self._trigger, active)) + b"]}"

    def head(self, system: SystemRule) -> bytes:
        """Write a system without its closing brace."""
        it = system.definition
        found = self._heads.get(it.number)
        if found is None:
            told = PointsResponse(
                id=uuid_text(it.id),
                key=it.key,
                name=it.name,
                description=it.description,
                badge_url=badge_url(it.badge, self._base_url),
                max_points=it.max_points,
            )
            found = self._heads[it.number] = _encode(told)[:-1]
        return found

    def trigger(self, rule: TriggerRule) -> PointsTriggerResponse:
        """Give a trigger as it is answered."""
        return self._trigger_of(rule)

    def level(self, level: PointsLevel) -> PointsLevelResponse:
        """Give a level as it is answered."""
        return PointsLevelResponse(
            uuid_text(level.id),
            level.key,
            level.name,
            level.description,
            badge_url(level.badge, self._base_url),
            level.points,
        )

    def _change(
        self, system: SystemRule, awards: list[PointsAward], held: Mapping[int, PointsState], day: int
    ) -> bytes:
        number = system.definition.number
        keyed = self._keyed.get(number)
        if keyed is None:
            keyed = self._keyed[number] = _encode(system.definition.key) + b":" + self.head(system)
        before, after = awards[0].total - awards[0].awarded, awards[-1].total
        level = system.level_of(after)
        moved = level is not system.level_of(before)
        return b'%b,"total":%d%b,"added":%d,"awards":[%b]}' % (
            keyed,
            held.get(number, NO_POINTS).total,
            b',"level":' + self._level_text(level) if moved else b"",
            after - before,
            self._awards(awards, day),
        )

    def _level_text(self, level: PointsLevel | None) -> bytes:
        return b"null" if level is None else _encode(self.level(level))

    def _awards(self, awards: Iterable[PointsAward], day: int) -> bytes:
        return b",".join([self._award(award, day) for award in awards])

    def _award(self, it: PointsAward, day: int) -> bytes:
        book = self._rulebook.points
        rule = None if book is None else book.triggers.get(it.trigger)
        head = (
            f'{{"id":"{uuid_text(it.id)}","awarded":{it.awarded},"date":"{time_text(it.at)}",'
            f'"total":{it.total},"trigger":'
        )
        trigger = b"null" if rule is None else self._trigger(rule)
        return b'%b%b,"boosts":%b}' % (head.encode(), trigger, self._boosts(it, day) if it.boosts else b"[]")

    def _boosts(self, it: PointsAward, day: int) -> bytes:
        known = {} if self._rulebook.points is None else self._rulebook.points.boosts
        return _encode([boost_of(known[number], day) for number in it.boosts if number in known])

    def _trigger(self, rule: TriggerRule) -> bytes:
        number = rule.definition.number
        found = self._triggers.get(number)
        if found is None:
            found = self._triggers[number] = _encode(self._trigger_of(rule))
        return found

    def _trigger_of(self, rule: TriggerRule) -> PointsTriggerResponse:
        it = rule.definition
        metric = self._rulebook.metrics_by_number.get(it.metric or 0)
        goal = self._rulebook.achievements.get(it.achievement or 0)
        events = _pairs(rule.event_filters)
        return PointsTriggerResponse(
            id=uuid_text(it.id),
            type=it.type,
            points=it.points,
            status=_status(rule),
            metric_id=UNSET if metric is None else uuid_text(metric.metric.id),
            metric_name=UNSET if metric is None else metric.metric.name,
            metric_threshold=UNSET if it.metric_threshold is None else it.metric_threshold // MICRO,
            streak_length_threshold=UNSET if it.streak_length is None else it.streak_length,
            achievement_id=UNSET if goal is None else uuid_text(goal.definition.id),
            achievement_name=UNSET if goal is None else goal.definition.name,
            time_unit=UNSET if it.time_unit is None else it.time_unit,
            time_interval=UNSET if it.time_interval is None else it.time_interval,
            user_attributes=_pairs(rule.user_filters),
            event_attribute=events[0] if events else UNSET,
            event_attributes=events if it.type is PointsTriggerType.METRIC else UNSET,
            created=time_text(it.created),
            updated=time_text(it.updated),
        )


def boost_of(rule: BoostRule, day: int) -> PointsBoostResponse:
    """Give a boost as it stands on a day."""
    it = rule.definition
    end = None if it.end is None else day_text(it.end)
    return PointsBoostResponse(
        uuid_text(it.id), it.name, status_on(rule, day), day_text(it.start), end, it.multiplier, it.rounding
    )


def _status(rule: TriggerRule) -> TriggerStatus:
    if rule.definition.archived:
        return "archived"
    return "active" if rule.definition.active else "inactive"


def _pairs(pairs: Pairs) -> list[AttributePair]:
    return [AttributePair(key, value) for key, value in pairs]
