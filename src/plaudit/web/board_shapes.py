"""What is answered about leaderboards, as types: for encoding, and for the reference.

Refuses behaviour. Fields that are `UNSET` are left out of the JSON; None is written as null.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from plaudit.model.leaderboards import RankBy, RunUnit
from plaudit.web.shape_parts import AttributePair, DateText, TimeText

Status = Literal["active", "scheduled", "finished"]


class LeaderboardResponse(Struct, kw_only=True, rename="camel"):
    """A leaderboard. Fields of another way of ranking are left out."""

    id: str
    name: str
    key: str
    rank_by: RankBy
    breakdown_attribute: Annotated[str | None, Meta(description="Deprecated: the only breakdown attribute.")]
    breakdown_attributes: Annotated[list[str], Meta(description="User attributes whose values rank apart.")]
    user_attributes: Annotated[list[AttributePair], Meta(description="What users on the board must have.")]
    metric_key: str | UnsetType = UNSET
    metric_name: str | UnsetType = UNSET
    points_system_key: str | UnsetType = UNSET
    points_system_name: str | UnsetType = UNSET
    description: str | None
    start: DateText
    end: DateText | None
    start_time: Annotated[str | None, Meta(description="Activity counts from this local time on (HH:mm).")]
    end_time: Annotated[str | None, Meta(description="Activity counts before this local time (HH:mm).")]
    max_participants: int | None
    run_unit: RunUnit | None
    run_interval: int | None


class ListedLeaderboard(LeaderboardResponse, kw_only=True, rename="camel"):
    """A leaderboard and where it is in its life."""

    status: Status


class LeaderboardRanking(Struct, rename="camel"):
    """A user's place."""

    user_id: str
    user_name: str | None
    rank: int
    value: Annotated[int, Meta(description="Rounded down to a whole number; ranks follow the exact score.")]


class LeaderboardRun(Struct, rename="camel"):
    """First and last day of a run; null when it never ends."""

    start: DateText
    end: DateText | None


class LeaderboardResponseWithRankings(ListedLeaderboard, kw_only=True, rename="camel"):
    """A leaderboard with a page of one run's ranking."""

    run: LeaderboardRun
    rankings: list[LeaderboardRanking]


class UserLeaderboardResponse(LeaderboardResponse, kw_only=True, rename="camel"):
    """Where a user stands on a leaderboard; nulls while the user is not on it."""

    rank: int | None
    value: int | None


class LeaderboardEvent(Struct, kw_only=True, rename="camel"):
    """A day on which the user's value changed."""

    date: DateText
    timestamp: Annotated[TimeText, Meta(description="Deprecated: the day's midnight in UTC.")]
    previous_rank: int | None
    rank: int | None
    previous_value: int | None
    value: int | None


class UserLeaderboardResponseWithHistory(UserLeaderboardResponse, kw_only=True, rename="camel"):
    """Where a user stands in a run, and the days that led there, oldest first."""

    run: LeaderboardRun
    history: list[LeaderboardEvent]


class MetricEventLeaderboardResponse(LeaderboardResponse, kw_only=True, rename="camel"):
    """A leaderboard that an event changed; ``start`` and ``end`` are those of the run."""

    rank: int | None
    previous_rank: int | None
    value: int | None
    threshold: Annotated[int, Meta(description="Value of the last place of a full board, else 0.")]
    breakdown_attribute_value: str | UnsetType = UNSET
    breakdown_attribute_values: list[AttributePair] | UnsetType = UNSET
