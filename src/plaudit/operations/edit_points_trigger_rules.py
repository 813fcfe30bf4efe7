"""The rules a points trigger has to keep, pure: a draft over what stands becomes the trigger after it.

Refuses fields of another type, unknown references, and a new type for a trigger that is active.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.amounts import LIMIT, MICRO
from plaudit.model.catalog import AttributeType
from plaudit.model.ids import uuid_bytes
from plaudit.model.points import PointsTrigger, PointsTriggerType, TimeUnit
from plaudit.operations.edit_achievement_drafts import AttributeFilter, in_json
from plaudit.operations.edit_achievement_rules import (
    LONGEST_STREAK,
    plan_filters,
    plan_metric,
    plan_whole,
)
from plaudit.operations.edit_batch import Bench, Invalid, sent

MOST_POINTS = 1_000_000_000
"""Points one trigger may award or cost."""

LONGEST_INTERVAL = 100_000
"""Hours or days between two awards of a time trigger."""

TriggerStatus = Literal["active", "inactive"]
Units = Literal["hours", "days"]

TIME_UNITS: dict[str, TimeUnit] = {"hours": TimeUnit.HOUR, "days": TimeUnit.DAY}


class TriggerFields(Struct, kw_only=True, rename="camel"):
    """Everything that can be sent for a trigger beside its type and points."""

    status: Annotated[
        TriggerStatus | None | UnsetType, Meta(description="inactive (the default) or active.")
    ] = UNSET
    user_attributes: Annotated[
        list[AttributeFilter] | None | UnsetType, Meta(description="Only users with all of these.")
    ] = UNSET
    metric_id: Annotated[str | None | UnsetType, Meta(description="For the type metric.")] = UNSET
    metric_threshold: Annotated[
        int | None | UnsetType, Meta(description="Every so much of the metric awards points.")
    ] = UNSET
    event_attributes: Annotated[
        list[AttributeFilter] | None | UnsetType,
        Meta(description="Only events with all of these count (type metric)."),
    ] = UNSET
    achievement_id: Annotated[str | None | UnsetType, Meta(description="For the type achievement.")] = UNSET
    streak_length: Annotated[
        int | None | UnsetType, Meta(description="Every so many periods award points (type streak).")
    ] = UNSET
    time_unit: Annotated[Units | None | UnsetType, Meta(description="For the type time.")] = UNSET
    time_interval: Annotated[
        int | None | UnsetType, Meta(description="Units between two awards (type time).")
    ] = UNSET
    block_if_out_of_points: Annotated[
        bool | None | UnsetType,
        Meta(description="Refuse a call whose cost the user cannot pay; else it takes what is there."),
    ] = UNSET


class TriggerDraft(TriggerFields, kw_only=True, rename="camel"):
    """A trigger to create. What else is required depends on its type."""

    type: PointsTriggerType
    points: int


class TriggerPatch(TriggerFields, kw_only=True, rename="camel"):
    """A change of the trigger with this ``id``: fields not sent are kept.

    The type can be changed while the trigger is inactive, and needs its own required fields.
    """

    id: str
    type: PointsTriggerType | UnsetType = UNSET
    points: int | UnsetType = UNSET


OWNED: dict[str, PointsTriggerType] = {
    "metric_id": PointsTriggerType.METRIC,
    "metric_threshold": PointsTriggerType.METRIC,
    "event_attributes": PointsTriggerType.METRIC,
    "achievement_id": PointsTriggerType.ACHIEVEMENT,
    "streak_length": PointsTriggerType.STREAK,
    "time_unit": PointsTriggerType.TIME,
    "time_interval": PointsTriggerType.TIME,
}
"""The one type that each of these fields belongs to."""

_KEPT_AS = {"metric_id": "metric", "achievement_id": "achievement"}


def blank_trigger(system: int, id: bytes, type: PointsTriggerType, now: int) -> PointsTrigger:
    """Give an inactive trigger with nothing but a type."""
    return PointsTrigger(
        number=0,
        id=id,
        system=system,
        type=type,
        points=0,
        active=False,
        metric=None,
        measure=None,
        metric_threshold=None,
        streak_length=None,
        achievement=None,
        time_unit=None,
        time_interval=None,
        user_attributes=(),
        event_attributes=(),
        created=now,
        updated=now,
    )


def plan_trigger(
    bench: Bench, before: PointsTrigger, draft: TriggerDraft | TriggerPatch, now: int
) -> PointsTrigger:
    """Give the trigger as it is after a draft or patch; its measure is still to be found.

    Raises:
        Invalid: it breaks a rule.
    """
    kind = sent(draft.type, before.type)
    if kind is not before.type:
        if before.active:
            raise Invalid("type can only be changed while the trigger is inactive. Deactivate it first")
        before = _without_cause(before, kind)
    _refuse_foreign(draft, kind)
    after = replace(
        before,
        points=_points(sent(draft.points, before.points)),
        active=draft.status == "active" if isinstance(draft.status, str) else before.active,
        user_attributes=plan_filters(
            bench, draft.user_attributes, before.user_attributes, AttributeType.USER
        ),
        block_if_out_of_points=_or(draft.block_if_out_of_points, before.block_if_out_of_points),
        updated=now,
    )
    after = _with_cause(bench, after, draft)
    _refuse_missing(after)
    return after


def _without_cause(before: PointsTrigger, type: PointsTriggerType) -> PointsTrigger:
    blank = blank_trigger(before.system, before.id, type, before.created)
    return replace(
        blank,
        number=before.number,
        points=before.points,
        user_attributes=before.user_attributes,
        block_if_out_of_points=before.block_if_out_of_points,
    )


def _with_cause(bench: Bench, after: PointsTrigger, draft: TriggerFields) -> PointsTrigger:
    """Set the fields that belong to a type; those of other types have been refused before."""
    threshold = None if after.metric_threshold is None else after.metric_threshold // MICRO
    threshold = plan_whole(draft.metric_threshold, threshold, "metricThreshold", LIMIT // MICRO)
    interval = plan_whole(draft.time_interval, after.time_interval, "timeInterval", LONGEST_INTERVAL)
    unit = TIME_UNITS[draft.time_unit] if isinstance(draft.time_unit, str) else after.time_unit
    return replace(
        after,
        metric=plan_metric(bench, draft.metric_id, after.metric),
        metric_threshold=None if threshold is None else threshold * MICRO,
        event_attributes=plan_filters(
            bench, draft.event_attributes, after.event_attributes, AttributeType.EVENT
        ),
        achievement=_achievement(bench, draft.achievement_id, after.achievement),
        streak_length=plan_whole(draft.streak_length, after.streak_length, "streakLength", LONGEST_STREAK),
        time_unit=unit,
        time_interval=interval,
    )


def _points(points: int) -> int:
    if points == 0 or abs(points) > MOST_POINTS:
        raise Invalid(f"points must not be 0, and be between -{MOST_POINTS} and {MOST_POINTS}")
    return points


def _or(new: bool | None | UnsetType, old: bool) -> bool:
    return new if isinstance(new, bool) else old


def _achievement(bench: Bench, new: str | None | UnsetType, old: int | None) -> int | None:
    if not isinstance(new, str):
        return old
    found = bench.achievements.get(uuid_bytes(new) or b"")
    if found is None:
        raise Invalid(f"There is no achievement with the id '{new[:64]}'", "achievementId")
    return found.number


def _refuse_foreign(draft: TriggerFields, type: PointsTriggerType) -> None:
    for field, owner in OWNED.items():
        if owner is not type and getattr(draft, field) not in (None, UNSET, []):
            raise Invalid(f"{in_json(field)} is only for the type '{owner}', not for the type '{type}'")


def _refuse_missing(after: PointsTrigger) -> None:
    for field, owner in OWNED.items():
        if owner is after.type and getattr(after, _KEPT_AS.get(field, field)) is None:
            raise Invalid(f"{in_json(field)} is required for the type '{after.type}'")
