"""What a caller sends to make or change an achievement, and which field belongs to which trigger."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from plaudit.model.catalog import Status, Trigger


class AttributeFilter(Struct, rename="camel", frozen=True):
    """An attribute and the value it must have."""

    attribute_id: str
    attribute_value: str


class BadgeDraft(Struct, frozen=True):
    """A badge: the address of an uploaded one, or an http(s) address of one's own."""

    url: str


class AchievementFields(Struct, kw_only=True, rename="camel"):
    """Everything that can be sent for an achievement beside its name and trigger."""

    description: str | None | UnsetType = UNSET
    status: Annotated[
        Status | None | UnsetType,
        Meta(description="inactive (the default), active, or locked: nobody new completes it."),
    ] = UNSET
    badge: BadgeDraft | None | UnsetType = UNSET
    user_attributes: Annotated[
        list[AttributeFilter] | None | UnsetType,
        Meta(description="Only users with all of these can see and earn it."),
    ] = UNSET
    key: Annotated[
        str | None | UnsetType, Meta(description="Required for the trigger api; unique in the environment.")
    ] = UNSET
    metric_id: Annotated[str | None | UnsetType, Meta(description="For the trigger metric.")] = UNSET
    metric_value: Annotated[
        float | None | UnsetType, Meta(description="The total to reach; more than 0, to six decimal places.")
    ] = UNSET
    event_attributes: Annotated[
        list[AttributeFilter] | None | UnsetType,
        Meta(description="Only events with all of these count toward metricValue."),
    ] = UNSET
    streak_length: Annotated[int | None | UnsetType, Meta(description="For the trigger streak.")] = UNSET
    anniversary_years: Annotated[
        int | None | UnsetType, Meta(description="For the trigger anniversary: years since sign-up.")
    ] = UNSET
    achievement_ids: Annotated[
        list[str] | None | UnsetType,
        Meta(description="For the trigger achievement: all of these must have been completed."),
    ] = UNSET


class AchievementDraft(AchievementFields, kw_only=True, rename="camel"):
    """An achievement to create. What else is required depends on its trigger."""

    name: str
    trigger: Trigger


class AchievementPatch(AchievementFields, kw_only=True, rename="camel"):
    """A change of the achievement with this ``id``: fields not sent are kept.

    Null clears ``description``, ``badge``, ``userAttributes``, ``eventAttributes`` and an optional
    ``key``. A new trigger needs its own required fields.
    """

    id: str
    name: str | UnsetType = UNSET
    trigger: Trigger | UnsetType = UNSET


OWNED: dict[str, Trigger] = {
    "metric_id": Trigger.METRIC,
    "metric_value": Trigger.METRIC,
    "event_attributes": Trigger.METRIC,
    "streak_length": Trigger.STREAK,
    "anniversary_years": Trigger.ANNIVERSARY,
    "achievement_ids": Trigger.ACHIEVEMENT,
}
"""The one trigger that each of these fields belongs to."""

REQUIRED: dict[Trigger, tuple[str, ...]] = {
    Trigger.METRIC: ("metric_id", "metric_value"),
    Trigger.STREAK: ("streak_length",),
    Trigger.API: ("key",),
    Trigger.ACHIEVEMENT: ("achievement_ids",),
    Trigger.ANNIVERSARY: ("anniversary_years",),
}
"""What each trigger cannot do without."""

NEVER_NULL = (
    "status",
    "metric_id",
    "metric_value",
    "streak_length",
    "anniversary_years",
    "achievement_ids",
)
"""Fields of a patch that can be changed but not cleared."""


def in_json(field: str) -> str:
    """Give a field's name as callers write it: ``metric_value`` is ``metricValue``."""
    first, *rest = field.split("_")
    return first + "".join(part.title() for part in rest)
