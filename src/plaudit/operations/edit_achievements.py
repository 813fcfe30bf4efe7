"""The acts on achievements: create, change, archive; what they newly make possible is back-dated.

Refuses to archive an achievement that another one needs. Its rules stand in ``edit_achievement_rules``.
"""

from collections.abc import Iterable, Sequence

from msgspec import UnsetType
from msgspec.structs import replace

from plaudit.badges.links import uploaded_name
from plaudit.model.catalog import Achievement, Trigger
from plaudit.operations.edit_achievement_drafts import (
    AchievementDraft,
    AchievementFields,
    AchievementPatch,
    BadgeDraft,
)
from plaudit.operations.edit_achievement_rules import (
    Blank,
    measure_filters,
    newly_meetable,
    plan_achievement,
    refuse_needed,
)
from plaudit.operations.edit_batch import (
    Bench,
    Edited,
    Editor,
    Unreadable,
    each,
    ensure_measure,
    find,
    put_backdate,
    users_of,
)
from plaudit.storage.port import Catalog, CatalogEdit


async def create_achievements(
    editor: Editor, items: Sequence[AchievementDraft | Unreadable]
) -> Edited[Achievement]:
    """Create achievements; active ones are back-dated to everybody who already meets them."""
    uploaded = await uploaded_badges(editor.store.catalog, items)
    users = await users_of(editor)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def create(draft: AchievementDraft) -> Achievement:
            blank = Blank(editor.new_id(editor.now), draft.name, draft.trigger, editor.now).achievement()
            planned = plan_achievement(bench, blank, draft, editor.now, uploaded)
            return await _put(edit, bench, replace(planned, number=await edit.next_number("achievement")))

        edited = await each(items, create)
        if any(newly_meetable(None, achievement) for achievement in edited.done):
            await put_backdate(edit, bench, editor, users)
        return edited


async def update_achievements(
    editor: Editor, items: Sequence[AchievementPatch | Unreadable]
) -> Edited[Achievement]:
    """Change achievements; those that somebody could newly meet are back-dated."""
    uploaded = await uploaded_badges(editor.store.catalog, items)
    users = await users_of(editor)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        before = dict(bench.achievements)

        async def update(patch: AchievementPatch) -> Achievement:
            found = find(bench.achievements, patch.id, "Achievement")
            return await _put(edit, bench, plan_achievement(bench, found, patch, editor.now, uploaded))

        edited = await each(items, update)
        if any(newly_meetable(before[after.id], after) for after in edited.done):
            await put_backdate(edit, bench, editor, users)
        return edited


async def delete_achievements(editor: Editor, ids: Sequence[str]) -> Edited[Achievement]:
    """Archive achievements; completions stay, but are shown no more."""
    async with editor.edit() as edit:
        bench, own = Bench(edit.whole), Bench(edit.definitions)

        async def delete(id: str) -> Achievement:
            achievement = find(own.achievements, id, "Achievement")
            refuse_needed(bench, achievement)
            archived = replace(achievement, archived=True, updated=editor.now)
            await edit.put_achievement(archived)
            bench.keep_achievement(archived)
            return archived

        return await each(ids, delete)


async def uploaded_badges(
    catalog: Catalog, items: Iterable[AchievementFields | AchievementDraft | AchievementPatch | Unreadable]
) -> set[str]:
    """Find out which of the uploaded badges that the items name are really there."""
    return await uploaded_names(
        catalog, [item.badge for item in items if isinstance(item, AchievementFields)]
    )


async def uploaded_names(catalog: Catalog, badges: Iterable[BadgeDraft | None | UnsetType]) -> set[str]:
    """Find out which of the uploaded badges that some drafts name are really there."""
    names = {uploaded_name(badge.url) for badge in badges if isinstance(badge, BadgeDraft)} - {None}
    return {name for name in names if name is not None and await catalog.badge(name) is not None}


async def _put(edit: CatalogEdit, bench: Bench, planned: Achievement) -> Achievement:
    """Store a planned achievement with the measure its threshold is compared with."""
    measure = None
    if planned.trigger is Trigger.METRIC and planned.metric is not None:
        filters = measure_filters(bench, planned.event_attributes)
        measure = (await ensure_measure(edit, bench, planned.metric, filters, bench.next_version)).number
    achievement = replace(planned, measure=measure)
    await edit.put_achievement(achievement)
    bench.keep_achievement(achievement)
    return achievement
