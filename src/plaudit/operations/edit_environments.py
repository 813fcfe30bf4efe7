"""The acts on environments: made, renamed, put into another order.

Refuses to change a key, by which programs and people name an environment.
"""

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from plaudit.model.catalog import Environment, EnvironmentSettings
from plaudit.model.errors import Code, PlauditError
from plaudit.operations.edit_batch import Editor, Invalid, clean, clean_key, sent
from plaudit.storage.port import Conflict

HIGHEST_PRIORITY = 1_000_000


class EnvironmentDraft(Struct, rename="camel"):
    """An environment to make; its key stands in the ``Environment`` header."""

    key: str
    name: str
    multi_tenancy: bool = False
    strict_idempotency: bool = False


class EnvironmentPatch(Struct):
    """What may change of an environment. The lowest priority comes first."""

    name: str | UnsetType = UNSET
    priority: int | UnsetType = UNSET


async def create_environment(editor: Editor, draft: EnvironmentDraft) -> Environment:
    """Make an environment behind the others.

    Raises:
        PlauditError: ``INVALID_BODY``: the key or the name cannot be used.
    """
    catalog = editor.store.catalog
    choices = EnvironmentSettings(
        strict_idempotency=draft.strict_idempotency, multi_tenancy=draft.multi_tenancy
    )
    try:
        taken = [each.key for each in await catalog.environments()]
        key, name = clean_key(draft.key, taken, "environment"), clean(draft.name.strip(), "name")
        made = await catalog.create_environment(
            editor.new_id(editor.now), key, name, choices, editor.now, editor.author
        )
    except Conflict:
        raise _refused("key already in use by another environment") from None
    except Invalid as reason:
        raise _refused(str(reason)) from None
    return made


async def change_environment(editor: Editor, it: Environment, patch: EnvironmentPatch) -> Environment:
    """Change an environment's name and place.

    Raises:
        PlauditError: ``INVALID_BODY``.
    """
    priority = sent(patch.priority, it.priority)
    if not 0 <= priority <= HIGHEST_PRIORITY:
        raise _refused(f"priority must be a whole number from 0 to {HIGHEST_PRIORITY}")
    try:
        name = clean(sent(patch.name, it.name).strip(), "name")
    except Invalid as reason:
        raise _refused(str(reason)) from None
    changed = replace(it, name=name, priority=priority)
    if changed != it:
        await editor.store.catalog.save_environment(changed, editor.author)
    return changed


def _refused(why: str) -> PlauditError:
    return PlauditError(Code.INVALID_BODY, why=f"The field {why[:1].lower()}{why[1:]}")
