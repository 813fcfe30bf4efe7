"""What the doors of dry runs take and tell, as types.

Refuses behaviour.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from plaudit.web.admin.insight_shapes import AchievementOwner
from plaudit.web.admin.shapes import Issues
from plaudit.web.decode import Number
from plaudit.web.points_shapes import PointsBoostResponse, PointsLevelResponse, PointsTriggerResponse

Item = Annotated[
    Raw,
    Meta(
        description="An achievement as it would be created or, with an id, the fields that would change.",
        extra_json_schema={"type": "object"},
    ),
]


class AchievementTrial(Struct, rename="camel"):
    """An achievement that is to be tried."""

    achievement: Item
    id: Annotated[str | None | UnsetType, Meta(description="Id of the achievement that would change.")] = (
        UNSET
    )
    cursor: Annotated[
        str | None | UnsetType,
        Meta(description="The cursor of the answer before, of the same item."),
    ] = UNSET


class AchievementForecast(Struct, rename="camel"):
    """Who would get an achievement the moment it is saved, of the users looked at so far."""

    issues: Issues
    done: Annotated[int, Meta(description="Users looked at so far.")]
    total: Annotated[int, Meta(description="Users there are.")]
    users: Annotated[int, Meta(description="Users who would get it, of those looked at so far.")]
    sample: Annotated[
        list[AchievementOwner],
        Meta(description="At most ten of those this call found, the newest first."),
    ]
    cursor: Annotated[
        str | None, Meta(description="Send it to look at further users; null when all were looked at.")
    ]


class PointsTrial(Struct, rename="camel"):
    """An event that is to be tried."""

    metric_key: Annotated[str, Meta(description="The key of a metric.")]
    value: Number
    attributes: dict[str, str] | UnsetType = UNSET
    user_id: Annotated[
        str | None | UnsetType, Meta(description="Whose event; without it, the first event of a new user.")
    ] = UNSET


class PointsStanding(Struct):
    """A total, and the level it reaches."""

    total: int
    level: Annotated[PointsLevelResponse | None, Meta(description="The level, if any is reached.")]


class TriggerForecast(Struct):
    """What one active trigger would award, for the event itself or for what it completes."""

    trigger: PointsTriggerResponse
    awarded: Annotated[int, Meta(description="How it would change the total, boosts and limits included.")]
    boosts: Annotated[list[PointsBoostResponse], Meta(description="Boosts that would apply.")]


class PointsForecast(Struct):
    """What an event would bring in a points system."""

    before: PointsStanding
    after: PointsStanding
    added: Annotated[int, Meta(description="How the total would change.")]
    triggers: Annotated[list[TriggerForecast], Meta(description="Every active trigger of the system.")]
