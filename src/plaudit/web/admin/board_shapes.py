"""What the Admin API answers about leaderboards, as types.

Refuses behaviour. Fields that are `UNSET` are left out of the JSON.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from plaudit.model.leaderboards import RankBy, RunUnit
from plaudit.operations.edit_achievement_drafts import AttributeFilter
from plaudit.operations.edit_leaderboard_rules import ClockText, DayText, Status
from plaudit.web.admin.shapes import Issues, Uuid


class AdminLeaderboard(Struct, kw_only=True, rename="camel"):
    """A leaderboard as a team sees it."""

    id: Uuid
    name: str
    key: str
    description: str | UnsetType = UNSET
    status: Status
    rank_by: RankBy
    metric_id: Uuid | UnsetType = UNSET
    points_system_id: Uuid | UnsetType = UNSET
    max_participants: Annotated[int | None, Meta(description="Most users per group; null for no limit.")]
    start: DayText
    end: DayText | UnsetType = UNSET
    start_time: ClockText | UnsetType = UNSET
    end_time: ClockText | UnsetType = UNSET
    breakdown_attributes: list[Uuid]
    run_unit: RunUnit | UnsetType = UNSET
    run_interval: int | UnsetType = UNSET
    user_attributes: list[AttributeFilter]


class CreatedLeaderboards(Struct):
    """The leaderboards created, and the issues by index."""

    created: list[AdminLeaderboard]
    issues: Issues


class UpdatedLeaderboards(Struct):
    """The leaderboards as they are now, and the issues by id."""

    updated: list[AdminLeaderboard]
    issues: Issues
