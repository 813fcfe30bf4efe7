"""The doors of a user's preferences: channels of notifications, and streak settings of the user's own.

Refuses settings the environment does not let its users choose.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.json import Decoder

from plaudit.engine.rulebook import Rulebook
from plaudit.model.amounts import LIMIT, MICRO, to_units
from plaudit.model.catalog import EvaluationMode
from plaudit.model.commands import SetPreferences
from plaudit.model.preferences import (
    Channel,
    Notification,
    Preferences,
    PreferencesPatch,
    StreakPreferences,
    StreakPreferencesPatch,
)
from plaudit.operations.edit_streak_settings import DAYS_OF_WEEK, MODES
from plaudit.operations.read_user import read_user
from plaudit.web.answers import Answer, as_json
from plaudit.web.decode import Number, read_body
from plaudit.web.door import Call, operation
from plaudit.web.errors import invalid
from plaudit.web.ids import check_id
from plaudit.web.texts import exact

Channels = Annotated[list[Channel] | UnsetType, Meta(description="Channels the user is told on.")]


class NotificationPreferences(Struct):
    """For each notification, the channels it goes to."""

    achievement_completed: Channels = UNSET
    recap: Channels = UNSET
    reactivation: Channels = UNSET
    streak_reminder: Channels = UNSET


class StreakMetricPreference(Struct):
    """A metric that counts toward the user's streak, and the change of it that a period needs."""

    key: str
    threshold: Number


class StreakMetricChoice(Struct):
    """A metric that is to count toward the user's streak, and the change of it that a period needs."""

    key: str
    threshold: float


class StreakPreferencesDraft(Struct, rename="camel"):
    """A change of a user's streak settings: null gives the environment's back."""

    enabled: Annotated[bool | UnsetType, Meta(description="Without it the streak is always 0.")] = UNSET
    evaluation_mode: Literal["OR", "AND", "ANY", "ALL"] | None | UnsetType = UNSET
    metrics: list[StreakMetricChoice] | None | UnsetType = UNSET
    days_off: list[int] | None | UnsetType = UNSET


class PreferencesDraft(Struct):
    """A change of preferences: what is not sent is kept."""

    notifications: NotificationPreferences | UnsetType = UNSET
    streak: StreakPreferencesDraft | UnsetType = UNSET


class StreakPreferencesShape(Struct, rename="camel"):
    """A user's own streak settings; what the user has not chosen is left out."""

    enabled: bool
    evaluation_mode: EvaluationMode | UnsetType = UNSET
    metrics: list[StreakMetricPreference] | UnsetType = UNSET
    days_off: list[int] | UnsetType = UNSET


class UserPreferences(Struct):
    """A user's preferences. ``streak`` is left out for users without streak settings of their own."""

    notifications: NotificationPreferences
    streak: StreakPreferencesShape | UnsetType = UNSET


_decoder = Decoder(PreferencesDraft)
_EVERY = tuple(Channel)


@operation("Get a user's preferences", {200: UserPreferences}, errors=(401, 403, 404, 422))
async def get(call: Call) -> Answer:
    """Give a user's preferences; a notification goes to every channel until the user says otherwise."""
    who = call.caller.identity(check_id(call.path["id"], "id"))
    user = await read_user(call.context.store.ledger, who)
    return as_json(preferences_of(user.preferences, await call.rulebook()))


@operation(
    "Update a user's preferences",
    {200: UserPreferences},
    body=PreferencesDraft,
    errors=(400, 401, 403, 404, 413, 415, 422, 503),
)
async def update(call: Call) -> Answer:
    """Change preferences. Metrics, evaluation mode and days off need customizationEnabled (else 403)."""
    who = call.caller.identity(check_id(call.path["id"], "id"))
    change = _change(read_body(call.body, _decoder))
    outcome = await call.context.turnstile.submit(
        SetPreferences(call.context.new_id(call.now), who, call.now, change)
    )
    user = outcome.after.user
    held = None if user is None else user.preferences
    return as_json(preferences_of(held, await call.rulebook()))


def preferences_of(held: Preferences | None, rulebook: Rulebook) -> UserPreferences:
    """Give preferences as they are answered."""
    given = {} if held is None else held.notifications
    channels = {kind.value: list(given.get(kind, _EVERY)) for kind in Notification}
    streak = None if held is None else held.streak
    return UserPreferences(
        NotificationPreferences(**channels), UNSET if streak is None else _streak_of(streak, rulebook)
    )


def _streak_of(it: StreakPreferences, rulebook: Rulebook) -> StreakPreferencesShape:
    metrics: list[StreakMetricPreference] | UnsetType = UNSET
    if it.metrics is not None:
        rules = rulebook.metrics_by_number
        metrics = [
            StreakMetricPreference(rules[each.metric].metric.key, exact(each.threshold))
            for each in it.metrics
        ]
    return StreakPreferencesShape(
        it.enabled,
        UNSET if it.mode is None else it.mode,
        metrics,
        UNSET if it.days_off is None else list(it.days_off),
    )


def _change(draft: PreferencesDraft) -> PreferencesPatch:
    notifications: dict[Notification, tuple[Channel, ...]] = {}
    if draft.notifications is not UNSET:
        for kind in Notification:
            channels = getattr(draft.notifications, kind.value)
            if channels is not UNSET:
                notifications[kind] = tuple(dict.fromkeys(channels))
    streak = StreakPreferencesPatch() if draft.streak is UNSET else _streak_change(draft.streak)
    return PreferencesPatch(notifications, streak)


def _streak_change(draft: StreakPreferencesDraft) -> StreakPreferencesPatch:
    mode = draft.evaluation_mode
    return StreakPreferencesPatch(
        draft.enabled,
        MODES[mode] if isinstance(mode, str) else mode,
        _metrics(draft.metrics) if isinstance(draft.metrics, list) else draft.metrics,
        _days_off(draft.days_off) if isinstance(draft.days_off, list) else draft.days_off,
    )


def _metrics(metrics: list[StreakMetricChoice]) -> tuple[tuple[str, int], ...]:
    if len({each.key for each in metrics}) != len(metrics):
        raise invalid("streak.metrics must name each metric once")
    return tuple(_metric(each) for each in metrics)


def _metric(draft: StreakMetricChoice) -> tuple[str, int]:
    units = to_units(draft.threshold)
    if units is None or units < 0:
        raise invalid(f"streak.metrics.threshold must be from 0 to {LIMIT // MICRO}")
    return draft.key, units


def _days_off(days: list[int]) -> tuple[int, ...]:
    kept = tuple(sorted(set(days)))
    if len(kept) != len(days) or any(not 0 <= day < DAYS_OF_WEEK for day in kept):
        raise invalid("streak.daysOff must hold different whole numbers from 0 (Sunday) to 6 (Saturday)")
    if len(kept) == DAYS_OF_WEEK:
        raise invalid("streak.daysOff must leave at least one day on which the streak can be lost")
    return kept
