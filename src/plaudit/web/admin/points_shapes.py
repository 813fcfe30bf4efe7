"""What the Admin API answers about points, as types: for encoding, and for the reference.

Refuses behaviour. Fields that are ``UNSET`` are left out of the JSON; None is written as null.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from plaudit.model.points import PointsTriggerType, Rounding
from plaudit.operations.edit_achievement_drafts import AttributeFilter
from plaudit.operations.edit_points_trigger_rules import TriggerStatus, Units
from plaudit.web.admin.shapes import AdminBadge, Issues, Uuid
from plaudit.web.points_shapes import BoostStatus
from plaudit.web.shape_parts import DateText

EndText = Annotated[str | None, Meta(extra_json_schema={"format": "date"})]


class AdminPointsLevel(Struct, kw_only=True, rename="camel"):
    """A level, reached at ``points``."""

    id: Uuid
    name: str
    key: str
    points: int
    description: str
    badge: AdminBadge | None


class AdminPointsBoost(Struct, kw_only=True, rename="camel"):
    """A boost: for one user (``userId``), for users by their attributes, or for everybody."""

    id: Uuid
    name: str
    status: BoostStatus
    start: DateText
    end: EndText
    multiplier: float
    rounding: Rounding
    user_id: str | None
    user_attributes: list[AttributeFilter] | UnsetType = UNSET


class AdminPointsTrigger(Struct, kw_only=True, rename="camel"):
    """A trigger. Fields of another type are left out."""

    id: Uuid
    type: PointsTriggerType
    points: int
    status: TriggerStatus
    user_attributes: list[AttributeFilter]
    metric_id: Uuid | UnsetType = UNSET
    metric_threshold: int | UnsetType = UNSET
    event_attributes: list[AttributeFilter] | UnsetType = UNSET
    achievement_id: Uuid | UnsetType = UNSET
    streak_length: int | UnsetType = UNSET
    time_unit: Units | UnsetType = UNSET
    time_interval: int | UnsetType = UNSET
    block_if_out_of_points: bool


class AdminPointsSystem(Struct, kw_only=True, rename="camel"):
    """A points system."""

    id: Uuid
    name: str
    key: str
    description: str
    status: Literal["active", "archived"]
    badge: AdminBadge | None
    max_points: int | None


class CreatedAdminPointsSystem(AdminPointsSystem, kw_only=True, rename="camel"):
    """A new points system, with the parts that were created with it."""

    levels: list[AdminPointsLevel] | UnsetType = UNSET
    boosts: list[AdminPointsBoost] | UnsetType = UNSET
    triggers: list[AdminPointsTrigger] | UnsetType = UNSET


class CreatedPointsSystems(Struct):
    """The points systems created, and the issues by index."""

    created: list[CreatedAdminPointsSystem]
    issues: Issues


class UpdatedPointsSystems(Struct):
    """The points systems as they are now, and the issues by id."""

    updated: list[AdminPointsSystem]
    issues: Issues


class CreatedPointsLevels(Struct):
    """The levels created, and the issues by index."""

    created: list[AdminPointsLevel]
    issues: Issues


class UpdatedPointsLevels(Struct):
    """The levels as they are now, and the issues by id."""

    updated: list[AdminPointsLevel]
    issues: Issues


class CreatedPointsBoosts(Struct):
    """The boosts created, and the issues by index."""

    created: list[AdminPointsBoost]
    issues: Issues


class UpdatedPointsBoosts(Struct):
    """The boosts as they are now, and the issues by id."""

    updated: list[AdminPointsBoost]
    issues: Issues


class CreatedPointsTriggers(Struct):
    """The triggers created, and the issues by index."""

    created: list[AdminPointsTrigger]
    issues: Issues


class UpdatedPointsTriggers(Struct):
    """The triggers as they are now, and the issues by id."""

    updated: list[AdminPointsTrigger]
    issues: Issues
