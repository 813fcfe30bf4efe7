"""The doors of application keys.

Refuses to show a key's text after its creation.
"""

import secrets

from plaudit.model.errors import PlauditError
from plaudit.model.ids import uuid_text
from plaudit.model.members import Role
from plaudit.operations.application_keys import (
    ApplicationKeyDraft,
    NewApplicationKey,
    create_application_keys,
    delete_application_keys,
)
from plaudit.operations.edit_batch import Unreadable
from plaudit.web.admin.reading import IDS, ItemReader, deleted_answer, ids_of, whole_editor_of
from plaudit.web.admin.shapes import CreatedKey, CreatedKeys, Deleted
from plaudit.web.answers import Answer, as_json
from plaudit.web.door import Audience, Call, operation
from plaudit.web.ids import check_id

_drafts = ItemReader(ApplicationKeyDraft)


@operation(
    "Create application API keys",
    {201: CreatedKeys, 200: CreatedKeys},
    body=list[ApplicationKeyDraft],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
    role=Role.OWNER,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 keys that each act for one user, on the Application API only.

    The key is shown this once: store it before you close the answer.
    """
    tenant = call.caller.sealed_tenant
    read = _drafts.read(call.body)
    items = [_checked(item) for item in read.items]
    edited = await create_application_keys(whole_editor_of(call), tenant, items, secrets.token_bytes)
    await call.context.keyring.refresh()
    made = CreatedKeys([_key_of(each) for each in edited.done], edited.issues + read.warnings)
    return as_json(made, 201 if edited.done else 200)


@operation(
    "Delete application API keys",
    {200: Deleted},
    parameters=IDS,
    errors=(422, 503),
    audience=Audience.ADMIN,
    role=Role.OWNER,
)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 application keys by id; they open nothing from then on."""
    edited = await delete_application_keys(whole_editor_of(call), ids_of(call))
    await call.context.keyring.refresh()
    return deleted_answer(edited.done, edited.issues)


def _checked(item: ApplicationKeyDraft | Unreadable) -> ApplicationKeyDraft | Unreadable:
    if isinstance(item, Unreadable):
        return item
    try:
        check_id(item.user_id, "userId")
    except PlauditError as error:
        return Unreadable(error.words["why"])
    return item


def _key_of(new: NewApplicationKey) -> CreatedKey:
    return CreatedKey(uuid_text(new.stored.id), new.stored.user_id or "", new.text, new.stored.prefix)
