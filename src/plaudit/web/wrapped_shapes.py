"""What a user's year in review is answered as.

Refuses behaviour. Fields that are `UNSET` are left out of the JSON.
"""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from plaudit.model.catalog import Frequency
from plaudit.web.board_shapes import UserLeaderboardResponse
from plaudit.web.decode import Number
from plaudit.web.shape_parts import DateText
from plaudit.web.shapes import User, UserAchievementResponse

Percentile = Annotated[
    float,
    Meta(
        description="The percentage of the users who did anything here in the span whose change is at most "
        "this one; users of the same change get the mean of the ranks they share. Told of weeks, months and "
        "years, and left out in the seconds in which very many users are being counted."
    ),
]


class WrappedValue(Struct, kw_only=True, rename="camel"):
    """A metric among the events that carry one value of an attribute."""

    name: str
    units: str | None
    current_total: Number
    change_this_period: Number
    percent_change: float
    percentile_this_period: Percentile | UnsetType = UNSET


class WrappedMetric(WrappedValue, kw_only=True, rename="camel"):
    """A metric in a span of days; ``percentChange`` is 100 when there was nothing before."""

    by_attribute: Annotated[
        dict[str, dict[str, WrappedValue]], Meta(description="By event attribute, and by its values.")
    ]


class WrappedPoints(Struct, kw_only=True, rename="camel"):
    """A points system in a span of days."""

    name: str
    description: str | None
    current_total: int
    change_this_period: int
    percent_change: float
    percentile_this_period: Percentile | UnsetType = UNSET


class WrappedStreak(Struct, kw_only=True, rename="camel"):
    """The longest streak of the year."""

    length: int
    frequency: Frequency
    period_start: DateText | None
    period_end: DateText | None
    started: DateText | None


class WrappedActivityPeriod(Struct, kw_only=True, rename="camel"):
    """What a user did in a span of days."""

    metrics: dict[str, WrappedMetric]
    points: dict[str, WrappedPoints]
    achievements: list[UserAchievementResponse]
    leaderboards: Annotated[
        dict[str, UserLeaderboardResponse], Meta(description="The best place on each leaderboard.")
    ]


class WrappedMostActiveDay(WrappedActivityPeriod, kw_only=True, rename="camel"):
    """The day with the most events."""

    date: DateText


class WrappedMostActiveWeek(WrappedActivityPeriod, kw_only=True, rename="camel"):
    """The week with the most events."""

    start: DateText
    end: DateText


class WrappedMostActiveMonth(WrappedActivityPeriod, kw_only=True, rename="camel"):
    """The month with the most events; 0 is January."""

    month: Annotated[int, Meta(ge=0, le=11)]


class WrappedEntireYear(WrappedActivityPeriod, kw_only=True, rename="camel"):
    """The whole year."""

    longest_streak: WrappedStreak


class WrappedActivity(Struct, kw_only=True, rename="camel"):
    """A user's year."""

    days_active: int
    weeks_active: int
    months_active: int
    most_active_day: WrappedMostActiveDay
    most_active_week: WrappedMostActiveWeek
    most_active_month: WrappedMostActiveMonth
    entire_year: WrappedEntireYear


class WrappedResponse(Struct, rename="camel"):
    """A user's year in review."""

    user: User
    activity: WrappedActivity
