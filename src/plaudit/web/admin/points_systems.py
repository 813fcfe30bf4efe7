"""The doors of points systems.

Refuses to change a system's key, by which apps ask for it.
"""

from msgspec import UNSET

from plaudit.model.catalog import Definitions
from plaudit.model.ids import uuid_text
from plaudit.model.points import PointsSystem
from plaudit.operations.edit_points_systems import (
    CreatedSystem,
    SystemDraft,
    SystemPatch,
    create_systems,
    delete_systems,
    update_systems,
)
from plaudit.web.admin.points_parts import (
    LIMIT,
    admin_system_of,
    boost_of,
    level_of,
    trigger_of,
)
from plaudit.web.admin.points_shapes import (
    AdminPointsSystem,
    CreatedAdminPointsSystem,
    CreatedPointsSystems,
    UpdatedPointsSystems,
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
from plaudit.web.admin.shapes import Deleted
from plaudit.web.answers import Answer, as_json
from plaudit.web.door import Audience, Call, operation

ERRORS = (400, 413, 415, 422, 503)

_drafts = ItemReader(SystemDraft)
_patches = ItemReader(SystemPatch)


@operation("List points systems", {200: list[AdminPointsSystem]}, parameters=PAGE, audience=Audience.ADMIN)
async def list_all(call: Call) -> Answer:
    """List the points systems, the oldest first."""
    return as_json([admin_system_of(each, call) for each in page_of(call, await _systems(call))])


@operation("Get a points system", {200: AdminPointsSystem}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one points system by its id."""
    return as_json(admin_system_of(find_one(call, await _systems(call), "points system"), call))


@operation(
    "Create points systems",
    {201: CreatedPointsSystems, 200: CreatedPointsSystems},
    body=list[SystemDraft],
    errors=ERRORS,
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 points systems, each with its parts or not at all.

    201 when at least one was created, 200 when every item had an issue.
    """
    read = _drafts.read(call.body)
    edited = await create_systems(editor_of(call), call.caller.tenant or "", read.items)
    await renew(call)
    definitions = await definitions_of(call)
    shown = [_created(each, definitions, call) for each in edited.done]
    return as_json(CreatedPointsSystems(shown, edited.issues + read.warnings), 201 if shown else 200)


@operation(
    "Update points systems",
    {200: UpdatedPointsSystems},
    body=list[SystemPatch],
    errors=ERRORS,
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def update(call: Call) -> Answer:
    """Change 1 to 100 points systems by id. Fields not sent are kept."""
    read = _patches.read(call.body)
    edited = await update_systems(editor_of(call), read.items)
    await renew(call)
    changed = [admin_system_of(each, call) for each in edited.done]
    return as_json(UpdatedPointsSystems(changed, edited.issues + read.warnings))


@operation(
    "Delete points systems", {200: Deleted}, parameters=IDS, errors=(422, 503), audience=Audience.ADMIN
)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 points systems by id, with their parts. One that a leaderboard ranks by is kept."""
    edited = await delete_systems(editor_of(call), ids_of(call))
    await renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


async def _systems(call: Call) -> list[PointsSystem]:
    return [each for each in (await definitions_of(call)).of(PointsSystem) if not each.archived]


def _created(it: CreatedSystem, definitions: Definitions, call: Call) -> CreatedAdminPointsSystem:
    plain = admin_system_of(it.system, call)
    return CreatedAdminPointsSystem(
        id=uuid_text(it.system.id),
        name=plain.name,
        key=plain.key,
        description=plain.description,
        status=plain.status,
        badge=plain.badge,
        max_points=plain.max_points,
        levels=UNSET if it.levels is None else [level_of(each, call) for each in it.levels],
        boosts=UNSET if it.boosts is None else [boost_of(each, call) for each in it.boosts],
        triggers=UNSET if it.triggers is None else [trigger_of(each, definitions) for each in it.triggers],
    )
