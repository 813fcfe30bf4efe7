"""The doors of points boosts.

Refuses nothing itself: the rules stand in ``operations/edit_points_boosts.py``.
"""

from plaudit.model.points import PointsBoost
from plaudit.operations.edit_points_boosts import (
    BoostDraft,
    BoostPatch,
    create_boosts,
    delete_boosts,
    update_boosts,
)
from plaudit.web.admin.points_parts import ERRORS, LIMIT, boost_of, parts_of, system_id
from plaudit.web.admin.points_shapes import AdminPointsBoost, CreatedPointsBoosts, UpdatedPointsBoosts
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

_drafts = ItemReader(BoostDraft)
_patches = ItemReader(BoostPatch)


@operation(
    "List points boosts",
    {200: list[AdminPointsBoost]},
    parameters=PAGE,
    errors=(404, 422),
    audience=Audience.ADMIN,
)
async def list_all(call: Call) -> Answer:
    """List the boosts of a points system, the oldest first."""
    return as_json(_shown(call, list(page_of(call, await parts_of(call, PointsBoost)))))


@operation("Get a points boost", {200: AdminPointsBoost}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one boost of a points system by its id."""
    found = find_one(call, await parts_of(call, PointsBoost), "points boost")
    return as_json(_shown(call, [found])[0])


@operation(
    "Create points boosts",
    {201: CreatedPointsBoosts, 200: CreatedPointsBoosts},
    body=list[BoostDraft],
    errors=ERRORS,
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 boosts. 201 when at least one was created, 200 when every item had an issue."""
    read = _drafts.read(call.body)
    edited = await create_boosts(editor_of(call), call.caller.tenant or "", system_id(call), read.items)
    await renew(call)
    shown = _shown(call, edited.done)
    return as_json(CreatedPointsBoosts(shown, edited.issues + read.warnings), 201 if shown else 200)


@operation(
    "Update points boosts",
    {200: UpdatedPointsBoosts},
    body=list[BoostPatch],
    errors=ERRORS,
    audience=Audience.ADMIN,
    limit=LIMIT,
)
async def update(call: Call) -> Answer:
    """Change 1 to 100 boosts by id. Fields not sent are kept."""
    read = _patches.read(call.body)
    edited = await update_boosts(editor_of(call), system_id(call), read.items)
    await renew(call)
    return as_json(UpdatedPointsBoosts(_shown(call, edited.done), edited.issues + read.warnings))


@operation(
    "Delete points boosts", {200: Deleted}, parameters=IDS, errors=(404, 422, 503), audience=Audience.ADMIN
)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 boosts by id. What users have stays."""
    edited = await delete_boosts(editor_of(call), system_id(call), ids_of(call))
    await renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


def _shown(call: Call, parts: list[PointsBoost]) -> list[AdminPointsBoost]:
    return [boost_of(each, call) for each in parts]
