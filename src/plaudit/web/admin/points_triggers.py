"""The doors of points triggers.

Refuses nothing itself: the rules stand in ``operations/edit_points_trigger_rules.py``.
"""

from plaudit.model.points import PointsTrigger
from plaudit.operations.edit_points_trigger_rules import TriggerDraft, TriggerPatch
from plaudit.operations.edit_points_triggers import create_triggers, delete_triggers, update_triggers
from plaudit.web.admin.points_parts import ERRORS, LIMIT, parts_of, system_id, trigger_of
from plaudit.web.admin.points_shapes import AdminPointsTrigger, CreatedPointsTriggers, UpdatedPointsTriggers
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
from plaudit.web.admin.shapes import Deleted
from plaudit.web.answers import Answer, as_json
from plaudit.web.door import Audience, Call, operation

_drafts = ItemReader(TriggerDraft)
_patches = ItemReader(TriggerPatch)


@operation(
    "List points triggers",
    {200: list[AdminPointsTrigger]},
    parameters=PAGE,
    errors=(404, 422),
    audience=Audience.ADMIN,
)
async def list_all(call: Call) -> Answer:
    """List the triggers of a points system, the oldest first."""
    return as_json(await _shown(call, list(page_of(call, await parts_of(call, PointsTrigger)))))


@operation("Get a points trigger", {200: AdminPointsTrigger}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one trigger of a points system by its id."""
    found = find_one(call, await parts_of(call, PointsTrigger), "points trigger")
    return as_json((await _shown(call, [found]))[0])


@operation(
    "Create points triggers",
    {201: CreatedPointsTriggers, 200: CreatedPointsTriggers},
    body=list[TriggerDraft],
    errors=ERRORS,
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 triggers. 201 when at least one was created, 200 when every item had an issue."""
    read = _drafts.read(call.body)
    edited = await create_triggers(editor_of(call), system_id(call), read.items)
    await renew(call)
    shown = await _shown(call, edited.done)
    return as_json(CreatedPointsTriggers(shown, edited.issues + read.warnings), 201 if shown else 200)


@operation(
    "Update points triggers",
    {200: UpdatedPointsTriggers},
    body=list[TriggerPatch],
    errors=ERRORS,
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def update(call: Call) -> Answer:
    """Change 1 to 100 triggers by id. Fields not sent are kept."""
    read = _patches.read(call.body)
    edited = await update_triggers(editor_of(call), system_id(call), read.items)
    await renew(call)
    return as_json(UpdatedPointsTriggers(await _shown(call, edited.done), edited.issues + read.warnings))


@operation(
    "Delete points triggers", {200: Deleted}, parameters=IDS, errors=(404, 422, 503), audience=Audience.ADMIN
)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 triggers by id. What users have stays."""
    edited = await delete_triggers(editor_of(call), system_id(call), ids_of(call))
    await renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


async def _shown(call: Call, parts: list[PointsTrigger]) -> list[AdminPointsTrigger]:
    definitions = await definitions_of(call)
    return [trigger_of(each, definitions) for each in parts]
