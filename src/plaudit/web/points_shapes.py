"""What the Application API answers about points, as types: for encoding, and for the reference.

Refuses behaviour. Fields that are `UNSET` are left out of the JSON; None is written as null.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from plaudit.model.points import PointsTriggerType, Rounding, TimeUnit
from plaudit.web.shape_parts import AttributePair, DateText, TimeText

TriggerStatus = Literal["active", "inactive", "archived"]
BoostStatus = Literal["active", "scheduled", "finished"]
MaxPoints = Annotated[float | None, Meta(description="Most points a user can have; null for no limit.")]


class PointsTriggerResponse(Struct, kw_only=True, rename="camel"):
    """What awards points. Fields of another type are left out."""

    id: str
    type: PointsTriggerType
    points: Annotated[int, Meta(description="Points awarded each time; negative ones are a cost.")]
    status: TriggerStatus
    metric_id: str | UnsetType = UNSET
    metric_name: str | UnsetType = UNSET
    metric_threshold: Annotated[
        int | UnsetType, Meta(description="Every so much of the metric awards points (type 'metric').")
    ] = UNSET
    streak_length_threshold: Annotated[
        int | UnsetType, Meta(description="Every so many periods award points (type 'streak').")
    ] = UNSET
    achievement_id: str | UnsetType = UNSET
    achievement_name: str | UnsetType = UNSET
    time_unit: TimeUnit | UnsetType = UNSET
    time_interval: Annotated[
        int | UnsetType, Meta(description="Units between two awards, from the user's creation on.")
    ] = UNSET
    user_attributes: Annotated[list[AttributePair], Meta(description="What users must have.")]
    event_attribute: Annotated[
        AttributePair | UnsetType, Meta(description="Deprecated: the first of eventAttributes.")
    ] = UNSET
    event_attributes: Annotated[
        list[AttributePair] | UnsetType, Meta(description="What counted events must have (type 'metric').")
    ] = UNSET
    created: TimeText
    updated: TimeText


class PointsBoostResponse(Struct, rename="camel"):
    """A multiplier of awards, from its first local day to its last."""

    id: str
    name: str
    status: BoostStatus
    start: Annotated[str, Meta(description="First day, as YYYY-MM-DD.")]
    end: Annotated[str | None, Meta(description="Last day, as YYYY-MM-DD; null for no end.")]
    multiplier: float
    rounding: Rounding


class PointsLevelResponse(Struct, rename="camel"):
    """A level, reached at ``points``."""

    id: str
    key: str
    name: str
    description: str
    badge_url: str | None
    points: Annotated[int, Meta(description="Total at which the level is reached.")]


class PointsAwardResponse(Struct, rename="camel"):
    """One award."""

    id: str
    awarded: Annotated[int, Meta(description="How the total changed, boosts and limits included.")]
    date: Annotated[str, Meta(description="When the points were awarded.")]
    total: Annotated[int, Meta(description="The user's total after this award.")]
    trigger: PointsTriggerResponse
    boosts: Annotated[list[PointsBoostResponse], Meta(description="Boosts that applied.")]


class PointsResponse(Struct, kw_only=True, rename="camel"):
    """A points system."""

    id: str
    key: str
    name: str
    description: str | None
    badge_url: str | None
    max_points: MaxPoints


class MetricEventPointsResponse(PointsResponse, kw_only=True, rename="camel"):
    """A points system that a call changed."""

    total: Annotated[int, Meta(description="The user's total now.")]
    level: Annotated[
        PointsLevelResponse | None | UnsetType,
        Meta(description="The user's new level; left out when it did not change."),
    ] = UNSET
    added: Annotated[int, Meta(description="How the call changed the total.")]
    awards: list[PointsAwardResponse]


class GetUserPointsResponse(PointsResponse, kw_only=True, rename="camel"):
    """A user's points in one system."""

    total: int
    level: Annotated[PointsLevelResponse | None, Meta(description="The user's level, if any is reached.")]
    awards: Annotated[list[PointsAwardResponse], Meta(description="The newest awards, the newest first.")]


class PointsSystemResponse(PointsResponse, kw_only=True, rename="camel"):
    """A points system with its active triggers."""

    triggers: list[PointsTriggerResponse]


class PointsRange(Struct, rename={"from_": "from"}):
    """How many users have from ``from`` to ``to`` points, both included."""

    from_: int
    to: int
    users: int


class PointsLevelCount(Struct, rename="camel"):
    """How many users are at a level."""

    level: PointsLevelResponse
    users: int


class PointsSummaryItem(Struct, rename="camel"):
    """One period of a summary of awards."""

    date: Annotated[DateText, Meta(description="First day of the period.")]
    total: Annotated[float, Meta(description="The user's total at the end of the period.")]
    change: Annotated[float, Meta(description="How the total changed in the period.")]
