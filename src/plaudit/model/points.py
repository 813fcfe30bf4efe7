"""The definitions of points: systems, what awards them, what multiplies them, and levels.

Points are whole numbers; thresholds of metrics are in micro-units.
"""

from enum import StrEnum

from msgspec import Struct

from plaudit.model.badges import Badge


class PointsTriggerType(StrEnum):
    """What awards points (contract, "Points")."""

    METRIC = "metric"
    ACHIEVEMENT = "achievement"
    STREAK = "streak"
    TIME = "time"
    USER_CREATION = "user_creation"


class TimeUnit(StrEnum):
    """Unit of the interval of a time trigger."""

    HOUR = "hour"
    DAY = "day"


class Rounding(StrEnum):
    """How boosted points become whole again."""

    DOWN = "down"
    UP = "up"
    NEAREST = "nearest"


class PointsSystem(Struct, frozen=True, tag=True, tag_field="kind"):
    """Points users gather under one name. ``max_points`` caps a user's total; totals never fall below 0."""

    number: int
    id: bytes
    key: str
    name: str
    description: str | None
    badge: Badge | None
    max_points: int | None
    created: int
    updated: int
    archived: bool = False


class PointsTrigger(Struct, frozen=True, tag=True, tag_field="kind"):
    """What awards (or, negative, costs) points of a system.

    ``metric_threshold`` in micro-units: every so much of ``measure`` awards once. ``streak_length``:
    every so many periods. ``time_interval`` counts ``time_unit``. ``achievement`` is a number. With
    ``block_if_out_of_points`` a call whose cost a user cannot pay is refused.
    """

    number: int
    id: bytes
    system: int
    type: PointsTriggerType
    points: int
    active: bool
    metric: int | None
    measure: int | None
    metric_threshold: int | None
    streak_length: int | None
    achievement: int | None
    time_unit: TimeUnit | None
    time_interval: int | None
    user_attributes: tuple[tuple[bytes, str], ...]
    event_attributes: tuple[tuple[bytes, str], ...]
    created: int
    updated: int
    archived: bool = False
    block_if_out_of_points: bool = False


class PointsBoost(Struct, frozen=True, tag=True, tag_field="kind"):
    """A multiplier of awards. ``start`` and ``end`` (included, None for open) are days as ordinals.

    ``user_id`` limits it to one user, ``user_attributes`` to users that match all.
    """

    number: int
    id: bytes
    system: int
    name: str
    tenant: str
    user_id: str | None
    start: int
    end: int | None
    multiplier: float
    rounding: Rounding
    user_attributes: tuple[tuple[bytes, str], ...]
    created: int
    archived: bool = False


class PointsLevel(Struct, frozen=True, tag=True, tag_field="kind"):
    """A level reached at ``points``."""

    number: int
    id: bytes
    system: int
    key: str
    name: str
    description: str
    badge: Badge | None
    points: int
    created: int
    archived: bool = False


class PointsState(Struct, frozen=True, gc=False, array_like=True):
    """A user's points in one system, and how many awards led to them."""

    total: int
    awards: int


NO_POINTS = PointsState(0, 0)
"""What a user has before the first award."""


class PointsAward(Struct, frozen=True, gc=False):
    """One award: the ``n``-th of a user in a system, and the total it led to.

    ``awarded`` is what it really changed (negative for a cost), after boosts, ``max_points`` and the
    floor at 0. ``at`` is the event time (Unix ms), ``day`` the user's local day of it, ``seq`` the
    event that caused it, if one did. ``boosts`` numbers the boosts that applied.
    """

    system: int
    n: int
    id: bytes
    trigger: int
    awarded: int
    total: int
    at: int
    day: int
    seq: int | None
    boosts: tuple[int, ...] = ()
