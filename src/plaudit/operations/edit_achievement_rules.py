"""The rules an achievement has to keep, pure: a draft over what stands becomes the achievement after it.

Refuses fields of another trigger, unknown or archived references, and prerequisites that lead in a circle.
"""

from collections.abc import Collection, Sequence

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from plaudit.badges.links import is_own_url, uploaded_name
from plaudit.model.amounts import LIMIT, MICRO, to_units
from plaudit.model.badges import Badge
from plaudit.model.catalog import Achievement, AttributeType, Status, Trigger
from plaudit.model.ids import uuid_bytes
from plaudit.operations.edit_achievement_drafts import (
    NEVER_NULL,
    OWNED,
    REQUIRED,
    AchievementFields,
    AchievementPatch,
    AttributeFilter,
    BadgeDraft,
    in_json,
)
from plaudit.operations.edit_batch import (
    LONGEST_PROSE,
    MOST_ITEMS,
    Bench,
    Cycle,
    Invalid,
    clean,
    clean_key,
    sent,
)
from plaudit.operations.edit_points_uses import refuse_points_use

LONGEST_STREAK = 100_000
"""Periods a streak achievement may ask for."""

MOST_YEARS = 1000
"""Years an anniversary achievement may ask for."""

MOST_FILTERS = 20
"""Attributes one achievement may filter by, of each type."""

Pairs = tuple[tuple[bytes, str], ...]


class Blank(Struct, frozen=True):
    """Where a new achievement starts from."""

    id: bytes
    name: str
    trigger: Trigger
    now: int

    def achievement(self) -> Achievement:
        """Give an achievement with nothing but a name and a trigger."""
        return Achievement(
            number=0,
            id=self.id,
            name=self.name,
            description=None,
            trigger=self.trigger,
            status=Status.INACTIVE,
            key=None,
            badge=None,
            user_attributes=(),
            event_attributes=(),
            metric=None,
            metric_value=None,
            measure=None,
            streak_length=None,
            anniversary_years=None,
            achievement_ids=(),
            created=self.now,
            updated=self.now,
        )


def plan_achievement(
    bench: Bench, before: Achievement, draft: AchievementFields, now: int, uploaded: Collection[str]
) -> Achievement:
    """Give the achievement as it is after a draft or patch; its measure is still to be found.

    Args:
        bench: the definitions it has to fit.
        before: what stands, or the blank of a new one.
        draft: the fields sent.
        now: becomes ``updated``.
        uploaded: file names of the uploaded badges that the drafts name and that exist.

    Raises:
        Invalid: it breaks a rule; ``Cycle`` when its prerequisites lead back to it.
    """
    trigger = before.trigger
    if isinstance(draft, AchievementPatch):
        _refuse_nulls(draft)
        trigger = sent(draft.trigger, trigger)
    _refuse_foreign(draft, trigger)
    if trigger is not before.trigger:
        before = _without_goal(before)
    after = replace(
        before,
        trigger=trigger,
        name=clean(sent(getattr(draft, "name", UNSET), before.name), "name"),
        description=_description(draft.description, before),
        status=_or(draft.status, before.status),
        key=_key(bench, before, draft.key),
        badge=plan_badge(draft.badge, before.badge, uploaded),
        user_attributes=plan_filters(
            bench, draft.user_attributes, before.user_attributes, AttributeType.USER
        ),
        updated=now,
    )
    after = _with_goal(bench, after, draft)
    _refuse_missing(after)
    return after


def measure_filters(bench: Bench, event_attributes: Pairs) -> tuple[tuple[str, str], ...]:
    """Give the filters of a measure: attribute keys and values, sorted, so that equal ones are shared."""
    return tuple(sorted((bench.attributes[attribute].key, value) for attribute, value in event_attributes))


def newly_meetable(before: Achievement | None, after: Achievement) -> bool:
    """Tell whether somebody could meet the achievement now who did not before: then it is back-dated.

    Nobody meets an ``api`` achievement without a call, so those never are.
    """
    if after.status is not Status.ACTIVE or after.trigger is Trigger.API:
        return False
    return before is None or before.status is not Status.ACTIVE or _meaning(before) != _meaning(after)


def _meaning(achievement: Achievement) -> Achievement:
    """Give the achievement without what only describes it."""
    return replace(achievement, name="", description=None, key=None, badge=None, updated=0)


def refuse_needed(bench: Bench, achievement: Achievement) -> None:
    """Refuse to let go of an achievement that another one needs.

    Raises:
        Invalid: naming the other one.
    """
    for other in bench.achievements.values():
        if achievement.id in other.achievement_ids:
            raise Invalid(f"The achievement '{other.name}' needs this one. Delete or change it first.")
    refuse_points_use(bench, achievement=achievement.number)


def _refuse_nulls(patch: AchievementPatch) -> None:
    for field in NEVER_NULL:
        if getattr(patch, field) is None:
            raise Invalid(f"{in_json(field)} can be changed but not cleared")


def _refuse_foreign(draft: AchievementFields, trigger: Trigger) -> None:
    for field, owner in OWNED.items():
        if owner is not trigger and getattr(draft, field) not in (None, UNSET):
            raise Invalid(
                f"{in_json(field)} is only for the trigger '{owner}', not for the trigger '{trigger}'"
            )


def _refuse_missing(after: Achievement) -> None:
    fields = {"metric_id": "metric"}
    for field in REQUIRED[after.trigger]:
        if getattr(after, fields.get(field, field)) in (None, ()):
            raise Invalid(f"{in_json(field)} is required for the trigger '{after.trigger}'")


def _without_goal(before: Achievement) -> Achievement:
    return replace(
        before,
        event_attributes=(),
        metric=None,
        metric_value=None,
        measure=None,
        streak_length=None,
        anniversary_years=None,
        achievement_ids=(),
    )


def _with_goal(bench: Bench, after: Achievement, draft: AchievementFields) -> Achievement:
    """Set the fields that belong to a trigger; those of other triggers have been refused before."""
    events = plan_filters(bench, draft.event_attributes, after.event_attributes, AttributeType.EVENT)
    return replace(
        after,
        metric=plan_metric(bench, draft.metric_id, after.metric),
        metric_value=_metric_value(draft.metric_value, after.metric_value),
        event_attributes=events,
        streak_length=plan_whole(draft.streak_length, after.streak_length, "streakLength", LONGEST_STREAK),
        anniversary_years=plan_whole(
            draft.anniversary_years, after.anniversary_years, "anniversaryYears", MOST_YEARS
        ),
        achievement_ids=_prerequisites(bench, after, draft.achievement_ids),
    )


def _or(new: Status | None | UnsetType, old: Status) -> Status:
    return new if isinstance(new, Status) else old


def _description(new: str | None | UnsetType, before: Achievement) -> str | None:
    if isinstance(new, str):
        return clean(new, "description", LONGEST_PROSE, 0)
    return sent(new, before.description)


def _key(bench: Bench, before: Achievement, new: str | None | UnsetType) -> str | None:
    if not isinstance(new, str):
        return sent(new, before.key)
    taken = (other.key for other in bench.achievements.values() if other.id != before.id)
    return clean_key(new, taken, "achievement")


def plan_badge(
    new: BadgeDraft | None | UnsetType, old: Badge | None, uploaded: Collection[str]
) -> Badge | None:
    """Give a badge as sent, or the old one.

    An uploaded one is kept by its name, so that its address follows the server's.

    Raises:
        Invalid: its address cannot be used.
    """
    if not isinstance(new, BadgeDraft):
        return sent(new, old)
    name = uploaded_name(new.url)
    if name is not None and name in uploaded:
        return Badge(hash=name)
    if name is not None and new.url.startswith("/"):
        raise Invalid("badge.url names no uploaded badge. Upload it with POST /admin/v1/badges first")
    if not is_own_url(new.url):
        raise Invalid("badge.url must be the address of an uploaded badge, or begin with http:// or https://")
    return Badge(url=new.url)


def plan_filters(
    bench: Bench, new: Sequence[AttributeFilter] | None | UnsetType, old: Pairs, type: AttributeType
) -> Pairs:
    """Give attribute filters as sent, or the old ones.

    Raises:
        Invalid: an attribute is not declared or named twice, or there are too many.
    """
    if isinstance(new, UnsetType):
        return old
    field = f"{type}Attributes"
    found: dict[bytes, str] = {}
    for wanted in new or ():
        attribute = bench.attributes.get(uuid_bytes(wanted.attribute_id) or b"")
        if attribute is None or attribute.type is not type:
            raise Invalid(f"There is no {type} attribute with the id '{wanted.attribute_id[:64]}'", field)
        if attribute.id in found:
            raise Invalid(f"{field} names the attribute '{attribute.key}' twice")
        found[attribute.id] = clean(wanted.attribute_value, f"{field}.attributeValue", least=0)
    if len(found) > MOST_FILTERS:
        raise Invalid(f"{field} must name at most {MOST_FILTERS} attributes")
    return tuple(found.items())


def plan_metric(bench: Bench, new: str | None | UnsetType, old: int | None) -> int | None:
    """Give the number of the metric with the id sent, or the old one.

    Raises:
        Invalid: there is no such metric.
    """
    if not isinstance(new, str):
        return old
    metric = bench.metrics.get(uuid_bytes(new) or b"")
    if metric is None:
        raise Invalid(f"There is no metric with the id '{new[:64]}'", "metricId")
    return metric.number


def _metric_value(new: float | None | UnsetType, old: int | None) -> int | None:
    if not isinstance(new, int | float):
        return old
    units = to_units(new)
    if units is None or units <= 0:
        raise Invalid(f"metricValue must be more than 0 and at most {LIMIT // MICRO}")
    return units


def plan_whole(new: int | None | UnsetType, old: int | None, field: str, most: int) -> int | None:
    """Give a whole number as sent, or the old one.

    Raises:
        Invalid: it is not from 1 to ``most``.
    """
    if not isinstance(new, int):
        return old
    if not 1 <= new <= most:
        raise Invalid(f"{field} must be at least 1 and at most {most}")
    return new


def _prerequisites(
    bench: Bench, after: Achievement, new: Sequence[str] | None | UnsetType
) -> tuple[bytes, ...]:
    if not isinstance(new, Sequence):
        return after.achievement_ids
    needed: list[bytes] = []
    for text in new:
        raw = uuid_bytes(text)
        if raw is None or (raw not in bench.achievements and raw != after.id):
            raise Invalid(f"There is no achievement with the id '{text[:64]}'", "achievementIds")
        if raw in needed:
            raise Invalid(f"achievementIds names '{text}' twice")
        needed.append(raw)
    if len(needed) > MOST_ITEMS:
        raise Invalid(f"achievementIds must name at most {MOST_ITEMS} achievements")
    _refuse_cycle(bench, after, needed)
    return tuple(needed)


def _refuse_cycle(bench: Bench, after: Achievement, needed: Sequence[bytes]) -> None:
    """Walk down the prerequisites: whoever meets the achievement itself on the way closes a circle."""
    seen: set[bytes] = set()
    ahead = list(needed)
    while ahead:
        one = ahead.pop()
        if one == after.id:
            raise Cycle(
                f"The prerequisites of '{after.name}' lead back to itself, so nobody could complete it. "
                "Leave out those that need it"
            )
        if one not in seen:
            seen.add(one)
            ahead.extend(bench.achievements[one].achievement_ids)
