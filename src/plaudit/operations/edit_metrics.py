"""The acts on metrics: create, change, archive.

Refuses to archive a metric that an achievement or the streak still counts on.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.catalog import Metric, TenantSettings
from plaudit.operations.currencies import CURRENCIES
from plaudit.operations.edit_batch import (
    Bench,
    Edited,
    Editor,
    Invalid,
    Unreadable,
    clean,
    clean_key,
    each,
    ensure_measure,
    find,
    sent,
)
from plaudit.operations.edit_leaderboard_uses import refuse_board_use
from plaudit.operations.edit_points_uses import refuse_points_use

UnitType = Literal["number", "currency"]
"""What a metric counts: things, or money."""

ALWAYS = 0
"""A metric's plain measure is fed from the first event on: there is no event before it to build it from."""


class MetricDraft(Struct, rename="camel"):
    """A metric to create. ``key`` is used in paths: letters, digits, hyphens, underscores."""

    name: str
    key: str
    unit_type: UnitType | None = None
    units: str | None = None


class MetricPatch(Struct, rename="camel"):
    """A change of the metric with this ``id``. Its key cannot be changed."""

    id: str
    name: str | UnsetType = UNSET
    unit_type: UnitType | UnsetType = UNSET
    units: str | UnsetType = UNSET


async def create_metrics(editor: Editor, items: Sequence[MetricDraft | Unreadable]) -> Edited[Metric]:
    """Create metrics, each with its plain measure."""
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def create(draft: MetricDraft) -> Metric:
            metric = plan_metric(bench, draft, editor.new_id(editor.now), editor.now)
            metric = replace(metric, number=await edit.next_number("metric"))
            await edit.put_metric(metric)
            await ensure_measure(edit, bench, metric.number, (), ALWAYS)
            bench.keep_metric(metric)
            return metric

        return await each(items, create)


async def update_metrics(editor: Editor, items: Sequence[MetricPatch | Unreadable]) -> Edited[Metric]:
    """Change names and units of metrics."""
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def update(patch: MetricPatch) -> Metric:
            metric = change_metric(find(bench.metrics, patch.id, "Metric"), patch)
            await edit.put_metric(metric)
            bench.keep_metric(metric)
            return metric

        return await each(items, update)


async def delete_metrics(editor: Editor, ids: Sequence[str]) -> Edited[Metric]:
    """Archive metrics; their events and totals stay."""
    async with editor.edit() as edit:
        bench, own = Bench(edit.whole), Bench(edit.definitions)

        async def delete(id: str) -> Metric:
            metric = find(own.metrics, id, "Metric")
            refuse_used_metric(bench, metric)
            archived = replace(metric, archived=True)
            await edit.put_metric(archived)
            bench.keep_metric(archived)
            return archived

        return await each(ids, delete)


def plan_metric(bench: Bench, draft: MetricDraft, id: bytes, now: int) -> Metric:
    """Give the metric a draft describes; its number is still to be given.

    Raises:
        Invalid: the draft cannot be used.
    """
    taken = (metric.key for metric in bench.metrics.values())
    name, key = clean(draft.name, "name"), clean_key(draft.key, taken, "metric")
    unit_type = draft.unit_type or "number"
    units = _clean_units(unit_type, draft.units or "")
    return Metric(0, id, key, name, unit_type, units, now)


def change_metric(metric: Metric, patch: MetricPatch) -> Metric:
    """Give the metric as it is after a patch.

    Raises:
        Invalid: the patch cannot be used.
    """
    unit_type = sent(patch.unit_type, metric.unit_type)
    units = _clean_units(unit_type, sent(patch.units, metric.units))
    return replace(
        metric, name=clean(sent(patch.name, metric.name), "name"), unit_type=unit_type, units=units
    )


def refuse_used_metric(bench: Bench, metric: Metric) -> None:
    """Refuse to let go of a metric that is in use.

    Raises:
        Invalid: naming what uses it.
    """
    for achievement in bench.achievements.values():
        if achievement.metric == metric.number:
            raise Invalid(
                f"The achievement '{achievement.name}' counts on this metric. Delete or change it first."
            )
    refuse_points_use(bench, metric=metric.number)
    refuse_board_use(bench, metric=metric.number)
    held = (bench.environment.settings, *(each.settings for each in bench.of(TenantSettings)))
    if any(counted.metric == metric.number for settings in held for counted in settings.streaks.metrics):
        raise Invalid("The streak settings count on this metric. Remove it from them first.")


def _clean_units(unit_type: str, units: str) -> str:
    if unit_type == "currency" and units not in CURRENCIES:
        raise Invalid("units must be a currency code such as USD when unitType is currency")
    return clean(units, "units", least=0)
