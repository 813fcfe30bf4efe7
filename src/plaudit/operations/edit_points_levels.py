"""The acts on the levels of a points system: create, change, archive.

Refuses to change a level's key.
"""

from collections.abc import Collection, Sequence
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.amounts import LIMIT
from plaudit.model.points import PointsLevel, PointsSystem
from plaudit.operations.edit_achievement_drafts import BadgeDraft
from plaudit.operations.edit_achievement_rules import plan_badge
from plaudit.operations.edit_achievements import uploaded_names
from plaudit.operations.edit_batch import (
    LONGEST_PROSE,
    Bench,
    Edited,
    Editor,
    Unreadable,
    clean,
    clean_key,
    each,
    sent,
)
from plaudit.operations.edit_points_shared import child_named, put_document, system_with


class LevelDraft(Struct, rename="camel"):
    """A level to create, reached at ``points``."""

    name: str
    key: str
    points: Annotated[int, Meta(ge=0, le=LIMIT)]
    description: str | None | UnsetType = UNSET
    badge: BadgeDraft | None | UnsetType = UNSET


class LevelPatch(Struct, rename="camel"):
    """A change of the level with this ``id``. Its key cannot be changed."""

    id: str
    name: str | UnsetType = UNSET
    points: Annotated[int, Meta(ge=0, le=LIMIT)] | UnsetType = UNSET
    description: str | None | UnsetType = UNSET
    badge: BadgeDraft | None | UnsetType = UNSET


async def create_levels(
    editor: Editor, system: bytes, items: Sequence[LevelDraft | Unreadable]
) -> Edited[PointsLevel]:
    """Create levels; users are at them at once."""
    uploaded = await uploaded_of(editor, items)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        owner = system_with(bench, system)

        async def create(draft: LevelDraft) -> PointsLevel:
            planned = plan_level(bench, owner, draft, editor, uploaded)
            return await put_document(edit, bench, planned)

        return await each(items, create)


async def update_levels(
    editor: Editor, system: bytes, items: Sequence[LevelPatch | Unreadable]
) -> Edited[PointsLevel]:
    """Change levels; users are at them at once."""
    uploaded = await uploaded_of(editor, items)
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        owner = system_with(bench, system)

        async def update(patch: LevelPatch) -> PointsLevel:
            before = child_named(bench, PointsLevel, owner, patch.id, "Level")
            after = replace(
                before,
                name=clean(sent(patch.name, before.name), "name"),
                points=sent(patch.points, before.points),
                description=_description(patch.description, before.description),
                badge=plan_badge(patch.badge, before.badge, uploaded),
            )
            return await put_document(edit, bench, after)

        return await each(items, update)


async def delete_levels(editor: Editor, system: bytes, ids: Sequence[str]) -> Edited[PointsLevel]:
    """Archive levels; their users fall to the next lower ones."""
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)
        owner = system_with(bench, system)

        async def delete(id: str) -> PointsLevel:
            found = child_named(bench, PointsLevel, owner, id, "Level")
            return await put_document(edit, bench, replace(found, archived=True))

        return await each(ids, delete)


async def uploaded_of(
    editor: Editor, items: Sequence[LevelDraft | LevelPatch | Unreadable]
) -> Collection[str]:
    """Find out which of the uploaded badges that the items name are really there."""
    badges = [item.badge for item in items if not isinstance(item, Unreadable)]
    return await uploaded_names(editor.store.catalog, badges)


def plan_level(
    bench: Bench,
    owner: PointsSystem,
    draft: LevelDraft,
    editor: Editor,
    uploaded: Collection[str],
    beside: Sequence[PointsLevel] = (),
) -> PointsLevel:
    """Give the level a draft describes; its number is still to be given.

    Args:
        bench: the definitions it has to fit.
        owner: its system.
        draft: the fields sent.
        editor: gives the id and the time.
        uploaded: names of uploaded badges that exist.
        beside: levels planned in the same item.

    Raises:
        Invalid: the draft cannot be used.
    """
    taken = [level.key for level in bench.of(PointsLevel) if level.system == owner.number]
    return PointsLevel(
        number=0,
        id=editor.new_id(editor.now),
        system=owner.number,
        key=clean_key(draft.key, [*taken, *(level.key for level in beside)], "level"),
        name=clean(draft.name, "name"),
        description=_description(draft.description, ""),
        badge=plan_badge(draft.badge, None, uploaded),
        points=draft.points,
        created=editor.now,
    )


def _description(new: str | None | UnsetType, old: str) -> str:
    if isinstance(new, UnsetType):
        return old
    return clean(new or "", "description", LONGEST_PROSE, 0)
