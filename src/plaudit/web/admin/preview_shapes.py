"""What the doors of dry runs take and tell, as types.

Refuses behaviour.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Raw, Struct, UnsetType

from plaudit.web.admin.insight_shapes import AchievementOwner
from plaudit.web.admin.shapes import Issues

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
