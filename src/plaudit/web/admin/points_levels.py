"""The doors of points levels.

Refuses to change a level's key.
"""

from plaudit.model.points import PointsLevel
from plaudit.operations.edit_points_levels import (
    LevelDraft,
    LevelPatch,
    create_levels,
    delete_levels,
    update_levels,
)
from plaudit.web.admin.points_parts import ERRORS, LIMIT, level_of, parts_of, system_id
from plaudit.web.admin.points_shapes import AdminPointsLevel, CreatedPointsLevels, UpdatedPointsLevels
from plaudit.web.admin.reading import (
    IDS,
    PAGE,
    ItemReader,
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

_drafts = ItemReader(LevelDraft)
_patches = ItemReader(LevelPatch)


@operation(
    "List points levels",
    {200: list[AdminPointsLevel]},
    parameters=PAGE,
    errors=(404, 422),
    audience=Audience.ADMIN,
)
async def list_all(call: Call) -> Answer:
    """List the levels of a points system, the oldest first."""
    return as_json(_shown(call, list(page_of(call, await parts_of(call, PointsLevel)))))


@operation("Get a points level", {200: AdminPointsLevel}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one level of a points system by its id."""
    found = find_one(call, await parts_of(call, PointsLevel), "points level")
    return as_json(_shown(call, [found])[0])


@operation(
    "Create points levels",
    {201: CreatedPointsLevels, 200: CreatedPointsLevels},
    body=list[LevelDraft],
    errors=ERRORS,
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 levels. 201 when at least one was created, 200 when every item had an issue."""
    read = _drafts.read(call.body)
    edited = await create_levels(editor_of(call), system_id(call), read.items)
    await renew(call)
    shown = _shown(call, edited.done)
    return as_json(CreatedPointsLevels(shown, edited.issues + read.warnings), 201 if shown else 200)


@operation(
    "Update points levels",
    {200: UpdatedPointsLevels},
    body=list[LevelPatch],
    errors=ERRORS,
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def update(call: Call) -> Answer:
    """Change 1 to 100 levels by id. Fields not sent are kept."""
    read = _patches.read(call.body)
    edited = await update_levels(editor_of(call), system_id(call), read.items)
    await renew(call)
    return as_json(UpdatedPointsLevels(_shown(call, edited.done), edited.issues + read.warnings))


@operation(
    "Delete points levels", {200: Deleted}, parameters=IDS, errors=(404, 422, 503), audience=Audience.ADMIN
)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 levels by id. What users have stays."""
    edited = await delete_levels(editor_of(call), system_id(call), ids_of(call))
    await renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


def _shown(call: Call, parts: list[PointsLevel]) -> list[AdminPointsLevel]:
    return [level_of(each, call) for each in parts]
