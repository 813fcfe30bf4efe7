"""The acts on application keys: made for one user each, shown once, stored as a digest.

Refuses to give a key's secret a second time; a lost key is deleted and another one made.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from plaudit.model.catalog import ApiKey, KeyKind
from plaudit.model.ids import uuid_bytes
from plaudit.model.keys import RANDOM_BYTES, mint
from plaudit.operations.edit_batch import Edited, Editor, Issue, Unreadable, each


class ApplicationKeyDraft(Struct, rename="camel"):
    """A user to make an application key for; the user need not exist yet."""

    user_id: str


class NewApplicationKey(Struct, frozen=True):
    """A key as stored, and its text, which is shown this once."""

    stored: ApiKey
    text: str


def new_key(
    editor: Editor,
    kind: KeyKind,
    random: Callable[[int], bytes],
    *,
    tenant: str = "",
    user_id: str | None = None,
    name: str = "",
) -> NewApplicationKey:
    """Make a key of the editor's environment; storing it is the caller's."""
    minted = mint(kind, random(RANDOM_BYTES))
    stored = ApiKey(
        id=editor.new_id(editor.now),
        environment=editor.environment,
        kind=kind,
        prefix=minted.prefix,
        digest=minted.digest,
        tenant=tenant,
        user_id=user_id,
        created=editor.now,
        name=name,
    )
    return NewApplicationKey(stored, minted.text)


async def create_application_keys(
    editor: Editor,
    tenant: str,
    items: Sequence[ApplicationKeyDraft | Unreadable],
    random: Callable[[int], bytes],
) -> Edited[NewApplicationKey]:
    """Make one key per item.

    Args:
        editor: who makes them, and when.
        tenant: the tenant the users belong to, ``""`` where there are none.
        items: the users.
        random: gives that many random bytes.
    """

    async def create(draft: ApplicationKeyDraft) -> NewApplicationKey:
        return new_key(editor, KeyKind.APPLICATION, random, tenant=tenant, user_id=draft.user_id)

    edited = await each(items, create)
    if edited.done:
        await editor.store.catalog.put_keys([key.stored for key in edited.done], editor.author)
    return edited


async def delete_application_keys(editor: Editor, ids: Sequence[str]) -> Edited[bytes]:
    """Delete application keys of the environment; admin keys are not reached by this."""
    read = [(text, uuid_bytes(text)) for text in ids]
    asked = [raw for _, raw in read if raw is not None]
    catalog = editor.store.catalog
    gone = set(await catalog.delete_keys(editor.environment, asked, editor.author)) if asked else set()
    issues = []
    for text, raw in read:
        if raw is None:
            issues.append(Issue("error", "id must be a valid UUID", id=text))
        elif raw not in gone:
            issues.append(Issue("error", "Application API key not found by ID", id=text))
    return Edited([raw for raw in asked if raw in gone], issues)
