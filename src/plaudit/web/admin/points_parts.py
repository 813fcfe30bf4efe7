"""How the Admin API shows points: systems and their parts, from the definitions.

Refuses archived systems: their parts are not reached.
"""

from collections.abc import Sequence
from typing import TypeVar

from msgspec import UNSET

from plaudit.badges.links import badge_url
from plaudit.engine.periods import local_day, zone_of
from plaudit.engine.points_rules import SystemRule
from plaudit.engine.rulebook import Rulebook
from plaudit.model.amounts import MICRO
from plaudit.model.badges import Badge
from plaudit.model.catalog import Definitions
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_bytes, uuid_text
from plaudit.model.points import (
    PointsBoost,
    PointsLevel,
    PointsSystem,
    PointsTrigger,
    PointsTriggerType,
    TimeUnit,
)
from plaudit.operations.edit_achievement_drafts import AttributeFilter
from plaudit.operations.edit_points_trigger_rules import Units
from plaudit.web.admin.points_shapes import (
    AdminPointsBoost,
    AdminPointsLevel,
    AdminPointsSystem,
    AdminPointsTrigger,
)
from plaudit.web.admin.reading import definitions_of
from plaudit.web.admin.shapes import AdminBadge
from plaudit.web.door import Call
from plaudit.web.errors import invalid
from plaudit.web.points_shapes import BoostStatus
from plaudit.web.texts import day_text

ERRORS = (400, 404, 413, 415, 422, 503)
"""What a change of a system's parts can be answered with beside success."""

LIMIT = 1024 * 1024
"""Most bytes of a request: a hundred items with long descriptions."""

Part = TypeVar("Part", PointsTrigger, PointsBoost, PointsLevel)

_UNITS: dict[TimeUnit, Units] = {TimeUnit.HOUR: "hours", TimeUnit.DAY: "days"}


def system_id(call: Call) -> bytes:
    """Read the system's id in the path.

    Raises:
        PlauditError: it is no UUID.
    """
    raw = uuid_bytes(call.path["systemId"])
    if raw is None:
        raise invalid("The systemId in the path must be a valid UUID")
    return raw


def system_rule(call: Call, rulebook: Rulebook) -> SystemRule:
    """Give the system in the path, compiled.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE``: there is no such system; or its id is no UUID.
    """
    wanted = system_id(call)
    systems = () if rulebook.points is None else rulebook.points.systems.values()
    for system in systems:
        if system.definition.id == wanted:
            return system
    raise PlauditError(Code.UNKNOWN_RESOURCE, kind="points system", id=call.path["systemId"])


async def parts_of(call: Call, kind: type[Part]) -> list[Part]:
    """Give the parts of the system in the path, the oldest first.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE``: there is no such system.
    """
    definitions, id_ = await definitions_of(call), system_id(call)
    for system in definitions.of(PointsSystem):
        if system.id == id_ and not system.archived:
            parts: Sequence[Part] = definitions.of(kind)
            return [part for part in parts if part.system == system.number and not part.archived]
    raise PlauditError(Code.UNKNOWN_RESOURCE, kind="points system", id=call.path["systemId"])


def level_of(it: PointsLevel, call: Call) -> AdminPointsLevel:
    """Give a level as the Admin API shows it."""
    return AdminPointsLevel(
        id=uuid_text(it.id),
        name=it.name,
        key=it.key,
        points=it.points,
        description=it.description,
        badge=_badge(it.badge, call),
    )


def boost_of(it: PointsBoost, call: Call) -> AdminPointsBoost:
    """Give a boost as the Admin API shows it; its status is that of today's date in UTC."""
    return AdminPointsBoost(
        id=uuid_text(it.id),
        name=it.name,
        status=_boost_status(it, local_day(call.now, zone_of(None))),
        start=day_text(it.start),
        end=None if it.end is None else day_text(it.end),
        multiplier=it.multiplier,
        rounding=it.rounding,
        user_id=it.user_id,
        user_attributes=_filters(it.user_attributes) if it.user_id is None else UNSET,
    )


def trigger_of(it: PointsTrigger, definitions: Definitions) -> AdminPointsTrigger:
    """Give a trigger as the Admin API shows it."""
    metrics = {metric.number: metric.id for metric in definitions.metrics}
    goals = {goal.number: goal.id for goal in definitions.achievements}
    return AdminPointsTrigger(
        id=uuid_text(it.id),
        type=it.type,
        points=it.points,
        status="active" if it.active else "inactive",
        user_attributes=_filters(it.user_attributes),
        metric_id=UNSET if it.metric is None else uuid_text(metrics[it.metric]),
        metric_threshold=UNSET if it.metric_threshold is None else it.metric_threshold // MICRO,
        event_attributes=_filters(it.event_attributes) if it.type is PointsTriggerType.METRIC else UNSET,
        achievement_id=UNSET if it.achievement is None else uuid_text(goals[it.achievement]),
        streak_length=UNSET if it.streak_length is None else it.streak_length,
        time_unit=UNSET if it.time_unit is None else _UNITS[it.time_unit],
        time_interval=UNSET if it.time_interval is None else it.time_interval,
        block_if_out_of_points=it.block_if_out_of_points,
    )


def admin_system_of(it: PointsSystem, call: Call) -> AdminPointsSystem:
    """Give a points system as the Admin API shows it."""
    return AdminPointsSystem(
        id=uuid_text(it.id),
        name=it.name,
        key=it.key,
        description=it.description or "",
        status="archived" if it.archived else "active",
        badge=_badge(it.badge, call),
        max_points=it.max_points,
    )


def _badge(badge: Badge | None, call: Call) -> AdminBadge | None:
    url = badge_url(badge, call.base_url)
    return AdminBadge(url) if url else None


def _filters(pairs: tuple[tuple[bytes, str], ...]) -> list[AttributeFilter]:
    return [AttributeFilter(uuid_text(attribute), value) for attribute, value in pairs]


def _boost_status(it: PointsBoost, day: int) -> BoostStatus:
    if day < it.start:
        return "scheduled"
    return "active" if it.end is None or day <= it.end else "finished"
