"""The act on the streak settings of an environment: what counts, how long a period is, which days are off.

Refuses settings with which no period could ever count, and more freezes than anybody can use.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.amounts import LIMIT, MICRO, to_units
from plaudit.model.catalog import (
    EvaluationMode,
    FreezeSettings,
    Frequency,
    Metric,
    Status,
    StreakMetric,
    StreakSettings,
    Trigger,
)
from plaudit.model.leaderboards import Leaderboard, RankBy
from plaudit.operations.edit_batch import Bench, Editor, Invalid, put_backdate, users_of

WEEK_STARTS: dict[str, int] = {"monday": 1, "sunday": 7}
"""Our ``weekStart``, and the ISO weekday it means."""

MODES = {
    "OR": EvaluationMode.ANY,
    "ANY": EvaluationMode.ANY,
    "AND": EvaluationMode.ALL,
    "ALL": EvaluationMode.ALL,
}
"""The published names of the evaluation mode differ by place: both pairs are accepted."""

DAYS_OF_WEEK = 7

MOST_FREEZES = 100
"""Most freezes a user can hold."""

LONGEST_INTERVAL = 3650
"""Most days between freezes that are earned."""


class StreakMetricDraft(Struct):
    """A metric that counts toward the streak, and the change of it that a period needs."""

    key: str
    threshold: float


class FreezesDraft(Struct, kw_only=True, rename="camel"):
    """How freezes are held and earned; both earning fields are sent, or neither."""

    start_count: Annotated[int, Meta(description="Freezes that new users start with.")]
    max_count: Annotated[int, Meta(description="Most freezes a user can hold, from 1 to 100.")]
    auto_earn_interval: Annotated[int | None, Meta(description="Days between freezes that are earned.")] = (
        None
    )
    auto_earn_amount: Annotated[int | None, Meta(description="Freezes earned each time.")] = None


class StreakSettingsPatch(Struct, kw_only=True, rename="camel"):
    """A change of the streak settings: fields not sent are kept, ``metrics`` is replaced as a whole."""

    frequency: Frequency | UnsetType = UNSET
    evaluation_mode: Literal["OR", "AND", "ANY", "ALL"] | UnsetType = UNSET
    customization_enabled: bool | UnsetType = UNSET
    days_off: Annotated[
        list[int] | UnsetType, Meta(description="Weekdays that never break a daily streak; 0 is Sunday.")
    ] = UNSET
    metrics: list[StreakMetricDraft] | UnsetType = UNSET
    freezes: Annotated[
        FreezesDraft | None | UnsetType, Meta(description="Replaced as a whole; null turns freezes off.")
    ] = UNSET
    week_start: Literal["monday", "sunday"] | UnsetType = UNSET


async def edit_streak_settings(editor: Editor, patch: StreakSettingsPatch) -> tuple[StreakSettings, Bench]:
    """Change the streak settings; gives them, and the definitions they stand among.

    When streak achievements are live, everybody is back-dated to the new settings.

    Raises:
        Invalid: the settings cannot be used.
    """
    users = await users_of(editor)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        before = bench.environment.settings
        after = plan_streak_settings(bench, before.streaks, patch)
        if after != before.streaks:
            differently = counts_differently(before.streaks, after)
            if differently:
                after = replace(after, changed=editor.now)
            await edit.put_settings(replace(before, streaks=after))
            if (differently and _has_streak_goals(bench)) or after.freezes != before.streaks.freezes:
                await put_backdate(edit, bench, editor, users)
        return after, bench


def plan_streak_settings(bench: Bench, before: StreakSettings, patch: StreakSettingsPatch) -> StreakSettings:
    """Give the settings as they are after a patch.

    Raises:
        Invalid: the patch cannot be used.
    """
    frequency = before.frequency if isinstance(patch.frequency, UnsetType) else patch.frequency
    mode = before.mode if isinstance(patch.evaluation_mode, UnsetType) else MODES[patch.evaluation_mode]
    week = before.week_start if isinstance(patch.week_start, UnsetType) else WEEK_STARTS[patch.week_start]
    custom = patch.customization_enabled
    return StreakSettings(
        frequency=frequency,
        mode=mode,
        metrics=_metrics(bench, before, patch.metrics),
        days_off=_days_off(before, frequency, patch.days_off),
        week_start=week,
        customization_enabled=before.customization_enabled if isinstance(custom, UnsetType) else custom,
        changed=before.changed,
        freezes=before.freezes if isinstance(patch.freezes, UnsetType) else _freezes(patch.freezes),
    )


def counts_differently(before: StreakSettings, after: StreakSettings) -> bool:
    """Tell whether periods are counted in another way than before."""
    return replace(before, customization_enabled=after.customization_enabled, freezes=after.freezes) != after


def _freezes(draft: FreezesDraft | None) -> FreezeSettings | None:
    """An edit of freezes lets the backdate plan for everybody when the next ones are earned."""
    if draft is None:
        return None
    if not 1 <= draft.max_count <= MOST_FREEZES:
        raise Invalid(f"freezes.maxCount must be from 1 to {MOST_FREEZES}")
    if not 0 <= draft.start_count <= draft.max_count:
        raise Invalid(f"freezes.startCount must be from 0 to maxCount, which is {draft.max_count}")
    interval, amount = draft.auto_earn_interval, draft.auto_earn_amount
    if (interval is None) != (amount is None):
        raise Invalid("freezes.autoEarnInterval and freezes.autoEarnAmount must be sent together, or neither")
    if interval is not None and not 1 <= interval <= LONGEST_INTERVAL:
        raise Invalid(f"freezes.autoEarnInterval must be from 1 to {LONGEST_INTERVAL} days")
    if amount is not None and not 1 <= amount <= MOST_FREEZES:
        raise Invalid(f"freezes.autoEarnAmount must be from 1 to {MOST_FREEZES}")
    return FreezeSettings(draft.start_count, draft.max_count, interval, amount)


def _has_streak_goals(bench: Bench) -> bool:
    return any(
        achievement.trigger is Trigger.STREAK and achievement.status is Status.ACTIVE
        for achievement in bench.achievements.values()
    ) or any(board.rank_by is RankBy.STREAK for board in bench.of(Leaderboard))


def _days_off(
    before: StreakSettings, frequency: Frequency, new: Sequence[int] | UnsetType
) -> tuple[int, ...]:
    """Days off belong to daily streaks: another frequency clears them."""
    if isinstance(new, UnsetType):
        return before.days_off if frequency is Frequency.DAILY else ()
    days = tuple(sorted(set(new)))
    if any(not 0 <= day < DAYS_OF_WEEK for day in days) or len(days) != len(new):
        raise Invalid("daysOff must hold different whole numbers from 0 (Sunday) to 6 (Saturday)")
    if len(days) == DAYS_OF_WEEK:
        raise Invalid("daysOff must leave at least one day on which the streak can grow")
    if days and frequency is not Frequency.DAILY:
        raise Invalid(f"daysOff must be empty unless the frequency is daily; it is {frequency}")
    return days


def _metrics(
    bench: Bench, before: StreakSettings, new: Sequence[StreakMetricDraft] | UnsetType
) -> tuple[StreakMetric, ...]:
    """A threshold of 0 means that the metric does not count."""
    if isinstance(new, UnsetType):
        return before.metrics
    known: dict[str, Metric] = {metric.key: metric for metric in bench.metrics.values()}
    counted: dict[str, StreakMetric] = {}
    for place, draft in enumerate(new):
        if draft.key not in known:
            raise Invalid(f"metrics[{place}].key must be the key of a metric, and '{draft.key[:64]}' is none")
        if draft.key in counted:
            raise Invalid(f"metrics[{place}].key names '{draft.key}' twice")
        units = to_units(draft.threshold)
        if units is None or units < 0:
            raise Invalid(f"metrics[{place}].threshold must be from 0 to {LIMIT // MICRO}")
        counted[draft.key] = StreakMetric(known[draft.key].number, units)
    return tuple(metric for metric in counted.values() if metric.threshold)
