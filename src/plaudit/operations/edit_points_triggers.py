"""The acts on the triggers of a points system: create, change, archive.

Refuses to pay for the past: a trigger awards what happens from now on.
"""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from plaudit.model.catalog import Measure
from plaudit.model.points import PointsSystem, PointsTrigger, PointsTriggerType
from plaudit.operations.edit_achievement_rules import measure_filters
from plaudit.operations.edit_batch import (
    Bench,
    Edited,
    Editor,
    Unreadable,
    each,
    ensure_measure,
    put_backdate,
    users_of,
)
from plaudit.operations.edit_points_shared import child_named, put_document, system_with
from plaudit.operations.edit_points_trigger_rules import (
    TriggerDraft,
    TriggerPatch,
    blank_trigger,
    plan_trigger,
)
from plaudit.storage.port import CatalogEdit


async def create_triggers(
    editor: Editor, system: bytes, items: Sequence[TriggerDraft | Unreadable]
) -> Edited[PointsTrigger]:
    """Create triggers; active ones award what happens from now on."""
    users = await users_of(editor)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        owner = system_with(bench, system)

        async def create(draft: TriggerDraft) -> PointsTrigger:
            return await put_trigger(edit, bench, new_trigger(bench, owner, draft, editor))

        edited = await each(items, create)
        await settle_after(edit, bench, editor, users, [(None, after) for after in edited.done])
        return edited


async def update_triggers(
    editor: Editor, system: bytes, items: Sequence[TriggerPatch | Unreadable]
) -> Edited[PointsTrigger]:
    """Change triggers; what was awarded stays."""
    users = await users_of(editor)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        owner = system_with(bench, system)
        changes: list[tuple[PointsTrigger | None, PointsTrigger]] = []

        async def update(patch: TriggerPatch) -> PointsTrigger:
            before = child_named(bench, PointsTrigger, owner, patch.id, "Trigger")
            after = await put_trigger(edit, bench, plan_trigger(bench, before, patch, editor.now))
            changes.append((before, after))
            return after

        edited = await each(items, update)
        await settle_after(edit, bench, editor, users, changes)
        return edited


async def delete_triggers(editor: Editor, system: bytes, ids: Sequence[str]) -> Edited[PointsTrigger]:
    """Archive triggers; what they awarded stays."""
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        owner = system_with(bench, system)

        async def delete(id: str) -> PointsTrigger:
            found = child_named(bench, PointsTrigger, owner, id, "Trigger")
            return await put_document(edit, bench, replace(found, archived=True, updated=editor.now))

        return await each(ids, delete)


def new_trigger(bench: Bench, owner: PointsSystem, draft: TriggerDraft, editor: Editor) -> PointsTrigger:
    """Give the trigger a draft describes; its number and measure are still to be given.

    Raises:
        Invalid: the draft cannot be used.
    """
    blank = blank_trigger(owner.number, editor.new_id(editor.now), draft.type, editor.now)
    return plan_trigger(bench, blank, draft, editor.now)


async def put_trigger(edit: CatalogEdit, bench: Bench, planned: PointsTrigger) -> PointsTrigger:
    """Store a planned trigger with the measure its threshold counts."""
    measure = None
    if planned.type is PointsTriggerType.METRIC and planned.metric is not None:
        filters = measure_filters(bench, planned.event_attributes)
        measure = (await ensure_measure(edit, bench, planned.metric, filters, bench.next_version)).number
    return await put_document(edit, bench, replace(planned, measure=measure))


async def settle_after(
    edit: CatalogEdit,
    bench: Bench,
    editor: Editor,
    users: int,
    changes: Iterable[tuple[PointsTrigger | None, PointsTrigger]],
) -> None:
    """Ask for all users to be visited where a measure has to be built, or instants have to be planned."""
    measures = {measure.number: measure for measure in bench.measures.values()}
    if any(_needs_visit(bench, measures, before, after) for before, after in changes):
        await put_backdate(edit, bench, editor, users)


def _needs_visit(
    bench: Bench, measures: dict[int, Measure], before: PointsTrigger | None, after: PointsTrigger
) -> bool:
    if after.type is PointsTriggerType.METRIC:
        measure = measures.get(after.measure or 0)
        return measure is not None and measure.since == bench.next_version
    if after.type is not PointsTriggerType.TIME or not after.active:
        return False
    kept = ("active", "type", "time_unit", "time_interval")
    return before is None or any(getattr(before, name) != getattr(after, name) for name in kept)
