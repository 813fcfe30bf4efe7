"""The acts on attributes: declare, rename, archive.

Refuses to archive an attribute that an achievement still filters by.
"""

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.catalog import Attribute, AttributeType
from plaudit.operations.edit_batch import (
    Bench,
    Edited,
    Editor,
    Invalid,
    Unreadable,
    clean,
    clean_key,
    each,
    find,
    sent,
)
from plaudit.operations.edit_leaderboard_uses import refuse_board_use
from plaudit.operations.edit_points_uses import refuse_points_use


class AttributeDraft(Struct):
    """An attribute of users or events to declare. A key is unique among the attributes of its type."""

    name: str
    key: str
    type: AttributeType


class AttributePatch(Struct):
    """A new name for the attribute with this ``id``. Its key and type cannot be changed."""

    id: str
    name: str | UnsetType = UNSET


async def create_attributes(
    editor: Editor, items: Sequence[AttributeDraft | Unreadable]
) -> Edited[Attribute]:
    """Declare attributes; their ids grow in the order of the items, so that they are listed in it."""
    ids = iter(sorted(editor.new_id(editor.now) for _ in items))
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def create(draft: AttributeDraft) -> Attribute:
            attribute = plan_attribute(bench, draft, next(ids), editor.now)
            await edit.put_attribute(attribute)
            bench.keep_attribute(attribute)
            return attribute

        return await each(items, create)


async def update_attributes(
    editor: Editor, items: Sequence[AttributePatch | Unreadable]
) -> Edited[Attribute]:
    """Rename attributes."""
    async with editor.edit() as edit:
        bench = Bench(edit.definitions)

        async def update(patch: AttributePatch) -> Attribute:
            before = find(bench.attributes, patch.id, "Attribute")
            attribute = replace(before, name=clean(sent(patch.name, before.name), "name"))
            await edit.put_attribute(attribute)
            bench.keep_attribute(attribute)
            return attribute

        return await each(items, update)


async def delete_attributes(editor: Editor, ids: Sequence[str]) -> Edited[Attribute]:
    """Archive attributes; values that users and events already carry stay."""
    async with editor.edit() as edit:
        bench, own = Bench(edit.whole), Bench(edit.definitions)

        async def delete(id: str) -> Attribute:
            attribute = find(own.attributes, id, "Attribute")
            refuse_used_attribute(bench, attribute)
            archived = replace(attribute, archived=True)
            await edit.put_attribute(archived)
            bench.keep_attribute(archived)
            return archived

        return await each(ids, delete)


def plan_attribute(bench: Bench, draft: AttributeDraft, id: bytes, now: int) -> Attribute:
    """Give the attribute a draft describes.

    Raises:
        Invalid: the draft cannot be used.
    """
    taken = (a.key for a in bench.attributes.values() if a.type == draft.type)
    name, key = clean(draft.name, "name"), clean_key(draft.key, taken, "attribute of this type")
    return Attribute(id, key, name, draft.type, now)


def refuse_used_attribute(bench: Bench, attribute: Attribute) -> None:
    """Refuse to let go of an attribute that is in use.

    Raises:
        Invalid: naming the achievement that filters by it.
    """
    refuse_points_use(bench, attribute=attribute.id)
    refuse_board_use(bench, attribute=attribute.id)
    for achievement in bench.achievements.values():
        pairs = (*achievement.user_attributes, *achievement.event_attributes)
        if any(filtered == attribute.id for filtered, _ in pairs):
            raise Invalid(
                f"The achievement '{achievement.name}' filters by this attribute. Delete or change it first."
            )
