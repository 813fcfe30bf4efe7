"""What the Admin API tells of statistics, as types.

Refuses behaviour.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from plaudit.web.admin.people_shapes import Cursor
from plaudit.web.admin.shapes import Uuid
from plaudit.web.shape_parts import DateText, TimeText

Step = Annotated[
    Literal["day", "week"], Meta(description="What each date begins; weeks begin on Mondays, in UTC.")
]
AsOf = Annotated[TimeText, Meta(description="When this was read; statistics are kept for a while.")]
Rarity = Annotated[float, Meta(description="100 x completions / users.")]


class AchievementTag(Struct, rename="camel"):
    """An achievement by its looks."""

    id: Uuid
    key: str | None
    name: str
    badge_url: str | None


class StatsTotals(Struct):
    """How many there are; achievements are active ones."""

    users: int
    events: int
    completions: int
    achievements: int


class StatsDay(Struct, rename="camel"):
    """What happened on a day, or in a week."""

    date: DateText
    events: int
    active_users: Annotated[int, Meta(description="Users with an event.")]
    completions: int


class StatsOverview(Struct, rename="camel"):
    """What happened over time, without gaps."""

    totals: StatsTotals
    days: list[StatsDay]
    step: Step
    as_of: AsOf


class RareAchievement(Struct):
    """A rare achievement."""

    achievement: AchievementTag
    completions: int
    rarity: Rarity


class NewCompletion(Struct, rename="camel"):
    """A new completion."""

    achievement: AchievementTag
    user_id: str
    user_name: str | None
    achieved_at: TimeText


class TopUser(Struct, rename="camel"):
    """A user with many completions."""

    user_id: str
    user_name: str | None
    completions: int
    events: int


class StatsHighlights(Struct, rename="camel"):
    """Who and what stands out."""

    rarest: list[RareAchievement]
    newest: list[NewCompletion]
    top_users: list[TopUser]


class AchievementShare(Struct):
    """How many users have an achievement."""

    id: Uuid
    completions: int
    rarity: Rarity


class AchievementShares(Struct):
    """How many users have each achievement."""

    data: list[AchievementShare]


class CompletionDay(Struct):
    """Completions of a day, or of a week."""

    date: DateText
    completions: int


class ProgressRange(Struct, rename={"from_": "from"}):
    """Users who lack it, and have come from so many percent to less than so many."""

    from_: int
    to: int
    users: int


class RetentionShares(Struct, rename="camel"):
    """Shares of users with an event in each week after their first; null where no such week is over."""

    weeks: list[int]
    completers: Annotated[
        list[float | None], Meta(description="Those who had it within a day of their first event.")
    ]
    others: list[float | None]
    completers_count: int
    others_count: int


class AchievementInsights(Struct, rename="camel"):
    """Who has an achievement, since when, who is on the way, and how users stay."""

    users: Annotated[int, Meta(description="Users there are.")]
    completions: int
    rarity: Rarity
    days: list[CompletionDay]
    step: Step
    progress: list[ProgressRange]
    progress_sample: Annotated[
        int | None,
        Meta(description="Users looked at, where they are too many to look at all: an estimate."),
    ]
    retention: RetentionShares
    as_of: AsOf


class AchievementOwner(Struct, rename="camel"):
    """A user who has an achievement, or would get it."""

    user_id: str
    user_name: str | None
    achieved_at: TimeText


class OwnerPage(Struct):
    """A page of those who have an achievement, the newest first."""

    data: list[AchievementOwner]
    cursor: Cursor
