"""The definitions of leaderboards: what ranks whom, and when."""

from enum import StrEnum

from msgspec import Struct


class RankBy(StrEnum):
    """What a leaderboard ranks by."""

    METRIC = "metric"
    POINTS = "points"
    STREAK = "streak"


class RunUnit(StrEnum):
    """Unit of a repeating leaderboard's run."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Leaderboard(Struct, frozen=True, tag=True, tag_field="kind"):
    """A ranking of users, perpetual or in runs of ``run_interval`` ``run_unit``s from ``start`` on.

    ``start`` and ``end`` (included) are days as ordinals; ``start_time`` and ``end_time`` minutes of
    the user's local day between which activity counts. ``breakdown`` names user attributes (ids)
    whose values each have a ranking of their own. ``status`` is active, inactive or archived.
    """

    number: int
    id: bytes
    key: str
    name: str
    description: str | None
    rank_by: RankBy
    metric: int | None
    points_system: int | None
    start: int
    end: int | None
    start_time: int | None
    end_time: int | None
    max_participants: int | None
    run_unit: RunUnit | None
    run_interval: int | None
    breakdown: tuple[bytes, ...]
    user_attributes: tuple[tuple[bytes, str], ...]
    status: str
    created: int
    updated: int
    archived: bool = False
