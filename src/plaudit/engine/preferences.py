"""Preferences: the streak settings that hold for one user, and how a change of preferences is read.

Refuses overrides while the environment does not let its users customize streaks.
"""

from msgspec import UNSET
from msgspec.structs import replace

from plaudit.engine.rulebook import Rulebook, StreakRules, streak_rules
from plaudit.model.catalog import Frequency, StreakMetric, StreakSettings
from plaudit.model.errors import Code
from plaudit.model.outcome import Refusal
from plaudit.model.preferences import Preferences, PreferencesPatch, StreakPreferences, StreakPreferencesPatch
from plaudit.model.state import UserState

NONE = Preferences()
DAYS_OF_WEEK = 7


def has_streaks(user: UserState | None) -> bool:
    """Tell whether streaks are counted for a user."""
    if user is None or user.preferences is None or user.preferences.streak is None:
        return True
    return user.preferences.streak.enabled


def settings_for(settings: StreakSettings, user: UserState | None) -> StreakSettings:
    """Give the streak settings that hold for a user."""
    own = None if user is None or user.preferences is None else user.preferences.streak
    if own is None or not settings.customization_enabled:
        return settings
    daily = settings.frequency is Frequency.DAILY
    return replace(
        settings,
        mode=settings.mode if own.mode is None else own.mode,
        metrics=settings.metrics if own.metrics is None else own.metrics,
        days_off=settings.days_off if own.days_off is None or not daily else own.days_off,
    )


def rules_for(rulebook: Rulebook, user: UserState) -> StreakRules:
    """Give what counts toward a user's streaks."""
    settings = settings_for(rulebook.streaks, user)
    if settings is rulebook.streaks:
        return rulebook.streak_rules
    return streak_rules(settings, rulebook.metrics_by_number)


def changed(rulebook: Rulebook, held: Preferences | None, change: PreferencesPatch) -> Preferences | Refusal:
    """Give the preferences after a change.

    A refusal tells that streaks cannot be customized here, or that the settings cannot be used.
    """
    before = NONE if held is None else held
    streak = _streak(rulebook, before.streak, change.streak)
    if isinstance(streak, Refusal):
        return streak
    return Preferences({**before.notifications, **change.notifications}, streak)


def _streak(
    rulebook: Rulebook, before: StreakPreferences | None, change: StreakPreferencesPatch
) -> StreakPreferences | Refusal | None:
    if change == StreakPreferencesPatch():
        return before
    custom = (change.mode, change.metrics, change.days_off) != (UNSET, UNSET, UNSET)
    if custom and not rulebook.streaks.customization_enabled:
        return Refusal(Code.NO_CUSTOM_STREAKS)
    metrics = _metrics(rulebook, change)
    if isinstance(metrics, Refusal):
        return metrics
    held = StreakPreferences() if before is None else before
    return StreakPreferences(
        held.enabled if change.enabled is UNSET else change.enabled,
        held.mode if change.mode is UNSET else change.mode,
        held.metrics if change.metrics is UNSET else metrics,
        held.days_off if change.days_off is UNSET else change.days_off,
    )


def _metrics(rulebook: Rulebook, change: StreakPreferencesPatch) -> tuple[StreakMetric, ...] | Refusal | None:
    """A threshold of 0 means that the metric does not count."""
    if change.metrics is UNSET or change.metrics is None:
        return None
    counted = []
    for key, threshold in change.metrics:
        rule = rulebook.metrics.get(key)
        if rule is None:
            return Refusal(Code.UNKNOWN_METRIC, {"key": key})
        if threshold:
            counted.append(StreakMetric(rule.metric.number, threshold))
    return tuple(counted)
