"""The acts on the keys of an environment: admin keys made, keys of either kind listed and deleted.

Refuses to give a key's secret a second time; a lost key is deleted and another one made.
"""

from collections.abc import Callable

from plaudit.model.catalog import ApiKey, KeyKind
from plaudit.model.errors import Code, PlauditError
from plaudit.model.ids import uuid_bytes
from plaudit.operations.application_keys import NewApplicationKey, new_key
from plaudit.operations.edit_batch import Editor, Invalid, clean

LONGEST_NAME = 100
"""Characters of a key's name."""


async def make_admin_key(editor: Editor, name: str, random: Callable[[int], bytes]) -> NewApplicationKey:
    """Make an admin key of the editor's environment.

    Raises:
        PlauditError: ``INVALID_BODY``: the name cannot be kept.
    """
    try:
        plain = clean(name.strip(), "name", LONGEST_NAME, least=0)
    except Invalid as reason:
        raise PlauditError(Code.INVALID_BODY, why=f"The field {reason}") from None
    made = new_key(editor, KeyKind.ADMIN, random, name=plain)
    await editor.store.catalog.put_keys([made.stored], editor.author)
    return made


async def keys_of(editor: Editor) -> list[ApiKey]:
    """Read the keys of the editor's environment, the newest first."""
    found = [key for key in await editor.store.catalog.keys() if key.environment == editor.environment]
    return sorted(found, key=lambda key: (key.created, key.id), reverse=True)


async def delete_key(editor: Editor, id: str) -> None:
    """Delete a key of the editor's environment; it opens nothing from then on.

    Raises:
        PlauditError: ``UNKNOWN_RESOURCE``.
    """
    raw, catalog = uuid_bytes(id), editor.store.catalog
    if raw is not None:
        for kind in KeyKind:
            if await catalog.delete_keys(editor.environment, [raw], editor.author, kind):
                return
    raise PlauditError(Code.UNKNOWN_RESOURCE, kind="API key", id=id[:80])
