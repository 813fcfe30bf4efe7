"""What a user prefers: channels of notifications, and streak settings of the user's own.

Refuses defaults of the environment: what is None or missing here is the environment's to say.
"""

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from plaudit.model.catalog import EvaluationMode, StreakMetric


class Notification(StrEnum):
    """What users are told about."""

    ACHIEVEMENT_COMPLETED = "achievement_completed"
    RECAP = "recap"
    REACTIVATION = "reactivation"
    STREAK_REMINDER = "streak_reminder"


class Channel(StrEnum):
    """How users are told."""

    EMAIL = "email"
    PUSH = "push"


class StreakPreferences(Struct, frozen=True):
    """A user's own streak settings; thresholds in micro-units.

    Without ``enabled`` the user has no streaks. The others count only while the environment lets
    users customize; None leaves them as the environment has them.
    """

    enabled: bool = True
    mode: EvaluationMode | None = None
    metrics: tuple[StreakMetric, ...] | None = None
    days_off: tuple[int, ...] | None = None


class Preferences(Struct, frozen=True):
    """What a user has chosen; a notification without an entry goes to every channel."""

    notifications: dict[Notification, tuple[Channel, ...]] = {}
    streak: StreakPreferences | None = None


class StreakPreferencesPatch(Struct, frozen=True):
    """A change of a user's streak settings: fields not sent are kept, None gives them back.

    ``metrics`` holds ``(metric key, threshold in micro-units)``.
    """

    enabled: bool | UnsetType = UNSET
    mode: EvaluationMode | None | UnsetType = UNSET
    metrics: tuple[tuple[str, int], ...] | None | UnsetType = UNSET
    days_off: tuple[int, ...] | None | UnsetType = UNSET


class PreferencesPatch(Struct, frozen=True):
    """A change of preferences; notifications that are not named keep their channels."""

    notifications: dict[Notification, tuple[Channel, ...]] = {}
    streak: StreakPreferencesPatch = StreakPreferencesPatch()
