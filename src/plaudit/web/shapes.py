"""What the Application API answers with, as types: for encoding, and for the reference.

Refuses behaviour. Fields that are `UNSET` are left out of the JSON; None is written as null.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from plaudit.model.catalog import Frequency, Trigger
from plaudit.web.board_shapes import MetricEventLeaderboardResponse
from plaudit.web.decode import Number
from plaudit.web.points_shapes import MetricEventPointsResponse
from plaudit.web.shape_parts import AttributePair, DateText, TimeText


class ErrorBody(Struct, rename="camel"):
    """What every error answers with."""

    error: Annotated[str, Meta(description="One sentence that says what to do.")]
    code: Annotated[str, Meta(description="The error's code, from a closed list.")]


class AchievementResponse(Struct, kw_only=True, rename="camel"):
    """An achievement. Fields of another trigger are left out."""

    id: Annotated[str, Meta(description="The unique id of the achievement.")]
    name: Annotated[str, Meta(description="The name of the achievement.")]
    trigger: Annotated[Trigger, Meta(description="What completes the achievement.")]
    description: Annotated[str | None, Meta(description="What the achievement is for.")]
    badge_url: Annotated[str | None, Meta(description="Absolute URL of the badge image, if there is one.")]
    key: Annotated[str | UnsetType, Meta(description="The key that calls name the achievement by.")] = UNSET
    streak_length: Annotated[
        int | UnsetType, Meta(description="Streak length to reach (trigger 'streak').")
    ] = UNSET
    anniversary_years: Annotated[
        int | UnsetType, Meta(description="Years since sign-up (trigger 'anniversary').")
    ] = UNSET
    achievement_ids: Annotated[
        list[str] | UnsetType, Meta(description="Achievements to complete first (trigger 'achievement').")
    ] = UNSET
    metric_id: Annotated[str | UnsetType, Meta(description="Id of the metric (trigger 'metric').")] = UNSET
    metric_value: Annotated[
        Number | UnsetType, Meta(description="Total of the metric to reach (trigger 'metric').")
    ] = UNSET
    metric_name: Annotated[str | UnsetType, Meta(description="Name of the metric (trigger 'metric').")] = (
        UNSET
    )
    user_attributes: Annotated[
        list[AttributePair], Meta(description="What users must have to earn the achievement.")
    ]
    event_attribute: Annotated[
        AttributePair | UnsetType, Meta(description="Deprecated: the first of eventAttributes.")
    ] = UNSET
    event_attributes: Annotated[
        list[AttributePair] | UnsetType, Meta(description="What counted events must have (trigger 'metric').")
    ] = UNSET


class UserAchievementResponse(AchievementResponse, kw_only=True, rename="camel"):
    """An achievement as one user has it."""

    achieved_at: Annotated[TimeText | None, Meta(description="When it was earned; null if it is not yet.")]


class AchievementWithStatsResponse(AchievementResponse, kw_only=True, rename="camel"):
    """An achievement and how many users have it."""

    completions: Annotated[int, Meta(description="Number of users who have completed it.")]
    rarity: Annotated[float, Meta(description="100 x completions / users.")]


class Progress(Struct, rename="camel"):
    """How far a user is toward an achievement."""

    current: Annotated[Number, Meta(description="What the user has.")]
    target: Annotated[Number, Meta(description="What is needed.")]
    percent: Annotated[float, Meta(description="100 x current / target, from 0 to 100.")]


class UserAchievementWithStatsResponse(AchievementWithStatsResponse, kw_only=True, rename="camel"):
    """An achievement as one user has it, how many others have it, and the user's progress."""

    achieved_at: Annotated[TimeText | None, Meta(description="When it was earned; null if it is not yet.")]
    progress: Annotated[Progress, Meta(description="How far the user is.")]


class BaseStreakResponse(Struct, kw_only=True, rename="camel"):
    """A user's streak; the dates are null when there is none."""

    length: Annotated[int, Meta(description="Periods of the current streak.")]
    frequency: Annotated[Frequency, Meta(description="Length of a period.")]
    started: Annotated[DateText | None, Meta(description="The day the streak began.")]
    period_start: Annotated[DateText | None, Meta(description="First day of the current period.")]
    period_end: Annotated[DateText | None, Meta(description="Last day of the current period.")]
    expires: Annotated[
        DateText | None, Meta(description="Last local day on which the streak can still be extended.")
    ]
    freezes: Annotated[int | UnsetType, Meta(description="Freezes held; left out while they are off.")] = (
        UNSET
    )
    max_freezes: Annotated[int | UnsetType, Meta(description="Most freezes a user can hold.")] = UNSET
    freeze_auto_earn_interval: Annotated[
        int | UnsetType, Meta(description="Days between freezes that are earned.")
    ] = UNSET
    freeze_auto_earn_amount: Annotated[int | UnsetType, Meta(description="Freezes earned each time.")] = UNSET


class MetricEventStreakResponse(BaseStreakResponse, kw_only=True, rename="camel"):
    """A user's streak after an event."""

    extended: Annotated[bool, Meta(description="Whether this event made the streak longer.")]


class StreakHistoryItem(Struct, rename="camel"):
    """One period of the past and the streak's length in it."""

    period_start: DateText
    period_end: DateText
    length: int
    used_pause: bool
    used_freeze: bool | UnsetType = UNSET
    reset_at: Annotated[
        TimeText | UnsetType, Meta(description="When the streak was reset to zero, if it was.")
    ] = UNSET


class StreakPause(Struct, rename="camel"):
    """Days on which a streak is paused."""

    id: str
    start: DateText
    end: DateText


class StreakResponse(BaseStreakResponse, kw_only=True, rename="camel"):
    """A user's streak with its past periods, oldest first, up to the current one."""

    extended: Annotated[TimeText | None, Meta(description="When the streak was last extended.")]
    streak_history: list[StreakHistoryItem]
    pauses: list[StreakPause]


class BulkStreak(Struct, rename="camel"):
    """The streak of one of the users asked for."""

    user_id: str
    streak_length: int
    extended: TimeText | None


ChangedPoints = Annotated[
    dict[str, MetricEventPointsResponse], Meta(description="Points systems that changed, by key.")
]


class EventResponse(Struct, kw_only=True, rename="camel"):
    """What one event caused."""

    event_id: Annotated[str, Meta(description="The unique id of the event.")]
    metric_id: Annotated[str, Meta(description="The id of the metric.")]
    total: Annotated[Number, Meta(description="The user's total of the metric after the event.")]
    achievements: Annotated[
        list[UserAchievementResponse], Meta(description="Achievements that the event completed.")
    ]
    current_streak: MetricEventStreakResponse
    points: Annotated[
        dict[str, MetricEventPointsResponse], Meta(description="Points systems that changed, by key.")
    ]
    leaderboards: Annotated[
        dict[str, MetricEventLeaderboardResponse], Meta(description="Leaderboards that changed, by key.")
    ]
    idempotency_key: Annotated[str | UnsetType, Meta(description="The idempotency key sent.")] = UNSET
    idempotent_replayed: Annotated[
        bool | UnsetType, Meta(description="True when the key was used before; nothing new was counted.")
    ] = UNSET
    idempotency_mismatch: Annotated[
        bool | UnsetType, Meta(description="True when the key was used before with another body.")
    ] = UNSET


class AchievementCompletionResponse(Struct, rename="camel"):
    """The completion of an achievement."""

    completion_id: Annotated[str, Meta(description="The unique id of the completion.")]
    achievement: UserAchievementResponse
    points: Annotated[
        dict[str, MetricEventPointsResponse], Meta(description="Points systems that changed, by key.")
    ]


class MetricResponse(Struct, rename="camel"):
    """A metric, the user's total, and the achievements it leads to."""

    id: str
    key: str
    name: str
    status: Annotated[Literal["active"], Meta(description="Archived metrics are not listed.")]
    current: Annotated[Number, Meta(description="The user's total.")]
    achievements: list[UserAchievementResponse]


class SummaryItem(Struct, rename="camel"):
    """One period of an event summary."""

    date: Annotated[DateText, Meta(description="First day of the period.")]
    total: Annotated[Number, Meta(description="The user's total at the end of the period.")]
    change: Annotated[Number, Meta(description="How the total changed in the period.")]


class User(Struct, kw_only=True, rename="camel"):
    """A user of your application."""

    id: str
    email: str | None
    name: str | None
    tz: str | None
    sign_up_date: DateText | None
    device_tokens: list[str]
    subscribe_to_emails: bool
    attributes: dict[str, str]
    control: Annotated[bool, Meta(description="Whether the user is in the control group.")]
    created: TimeText
    updated: TimeText
