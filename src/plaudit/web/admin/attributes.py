"""The doors of attributes.

Refuses to change an attribute's key and type, by which values are kept.
"""

from plaudit.model.catalog import Attribute
from plaudit.model.ids import uuid_text
from plaudit.operations.edit_attributes import (
    AttributeDraft,
    AttributePatch,
    create_attributes,
    delete_attributes,
    update_attributes,
)
from plaudit.web.admin.reading import (
    IDS,
    PAGE,
    ItemReader,
    definitions_of,
    deleted_answer,
    editor_of,
    find_one,
    ids_of,
    page_of,
    renew,
)
from plaudit.web.admin.shapes import AdminAttribute, CreatedAttributes, Deleted, UpdatedAttributes
from plaudit.web.answers import Answer, as_json
from plaudit.web.door import Audience, Call, operation

_drafts = ItemReader(AttributeDraft)
_patches = ItemReader(AttributePatch)


@operation("List attributes", {200: list[AdminAttribute]}, parameters=PAGE, audience=Audience.ADMIN)
async def list_all(call: Call) -> Answer:
    """List the declared attributes, the oldest first."""
    return as_json([attribute_of(each) for each in page_of(call, await _attributes(call))])


@operation("Get an attribute", {200: AdminAttribute}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one attribute by its id."""
    return as_json(attribute_of(find_one(call, await _attributes(call), "attribute")))


@operation(
    "Create attributes",
    {201: CreatedAttributes, 200: CreatedAttributes},
    body=list[AttributeDraft],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def create(call: Call) -> Answer:
    """Declare 1 to 100 attributes. 201 when at least one was declared, 200 when every item had an issue."""
    read = _drafts.read(call.body)
    edited = await create_attributes(editor_of(call), read.items)
    await renew(call)
    made = CreatedAttributes([attribute_of(each) for each in edited.done], edited.issues + read.warnings)
    return as_json(made, 201 if edited.done else 200)


@operation(
    "Update attributes",
    {200: UpdatedAttributes},
    body=list[AttributePatch],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def update(call: Call) -> Answer:
    """Rename 1 to 100 attributes by id."""
    read = _patches.read(call.body)
    edited = await update_attributes(editor_of(call), read.items)
    await renew(call)
    changed = [attribute_of(each) for each in edited.done]
    return as_json(UpdatedAttributes(changed, edited.issues + read.warnings))


@operation("Delete attributes", {200: Deleted}, parameters=IDS, errors=(422, 503), audience=Audience.ADMIN)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 attributes by id. One that an achievement filters by is kept."""
    edited = await delete_attributes(editor_of(call), ids_of(call))
    await renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


def attribute_of(attribute: Attribute) -> AdminAttribute:
    """Give an attribute as the Admin API shows it."""
    return AdminAttribute(uuid_text(attribute.id), attribute.name, attribute.key, attribute.type)


async def _attributes(call: Call) -> list[Attribute]:
    definitions = await definitions_of(call)
    declared = [each for each in definitions.attributes if not each.archived]
    return sorted(declared, key=lambda each: (each.created, each.id))
