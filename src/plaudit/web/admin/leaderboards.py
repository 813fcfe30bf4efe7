"""The doors of leaderboards.

Refuses nothing itself: the rules stand in ``operations/edit_leaderboard_rules.py``.
"""

from collections.abc import Iterable

from msgspec import UNSET

from plaudit.engine.board_runs import phase
from plaudit.model.catalog import Definitions
from plaudit.model.ids import uuid_text
from plaudit.model.leaderboards import Leaderboard
from plaudit.model.points import PointsSystem
from plaudit.operations.edit_achievement_drafts import AttributeFilter
from plaudit.operations.edit_leaderboard_rules import LeaderboardDraft, LeaderboardPatch
from plaudit.operations.edit_leaderboards import (
    create_leaderboards,
    delete_leaderboards,
    update_leaderboards,
)
from plaudit.web.admin.board_shapes import AdminLeaderboard, CreatedLeaderboards, UpdatedLeaderboards
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
from plaudit.web.board_texts import clock_text
from plaudit.web.door import Audience, Call, operation
from plaudit.web.texts import day_text

_drafts = ItemReader(LeaderboardDraft)
_patches = ItemReader(LeaderboardPatch)


@operation("List leaderboards", {200: list[AdminLeaderboard]}, parameters=PAGE, audience=Audience.ADMIN)
async def list_all(call: Call) -> Answer:
    """List the leaderboards of every status, the oldest first."""
    definitions = await definitions_of(call)
    return as_json(_shown(definitions, page_of(call, _listed(definitions)), call.now))


@operation("Get a leaderboard", {200: AdminLeaderboard}, errors=(404, 422), audience=Audience.ADMIN)
async def get(call: Call) -> Answer:
    """Get one leaderboard by its id."""
    definitions = await definitions_of(call)
    return as_json(_shown(definitions, [find_one(call, _listed(definitions), "leaderboard")], call.now)[0])


@operation(
    "Create leaderboards",
    {201: CreatedLeaderboards, 200: CreatedLeaderboards},
    body=list[LeaderboardDraft],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def create(call: Call) -> Answer:
    """Create 1 to 100 leaderboards. 201 when at least one was created, 200 when every item had an issue.

    Live ones count everything since their first day, built in the background.
    """
    read = _drafts.read(call.body)
    edited = await create_leaderboards(editor_of(call), read.items)
    await renew(call)
    shown = _shown(await definitions_of(call), edited.done, call.now)
    return as_json(CreatedLeaderboards(shown, edited.issues + read.warnings), 201 if edited.done else 200)


@operation(
    "Update leaderboards",
    {200: UpdatedLeaderboards},
    body=list[LeaderboardPatch],
    errors=(400, 413, 415, 422, 503),
    audience=Audience.ADMIN,
)
async def update(call: Call) -> Answer:
    """Change 1 to 100 leaderboards by id. How one counts can only change while it is inactive."""
    read = _patches.read(call.body)
    edited = await update_leaderboards(editor_of(call), read.items)
    await renew(call)
    shown = _shown(await definitions_of(call), edited.done, call.now)
    return as_json(UpdatedLeaderboards(shown, edited.issues + read.warnings))


@operation("Delete leaderboards", {200: Deleted}, parameters=IDS, errors=(422, 503), audience=Audience.ADMIN)
async def delete(call: Call) -> Answer:
    """Delete 1 to 100 leaderboards by id."""
    edited = await delete_leaderboards(editor_of(call), ids_of(call))
    await renew(call)
    return deleted_answer((each.id for each in edited.done), edited.issues)


def _shown(definitions: Definitions, boards: Iterable[Leaderboard], now: int) -> list[AdminLeaderboard]:
    metrics = {metric.number: uuid_text(metric.id) for metric in definitions.metrics}
    systems = {system.number: uuid_text(system.id) for system in definitions.of(PointsSystem)}
    return [_board_of(each, metrics, systems, now) for each in boards]


def _board_of(
    it: Leaderboard, metrics: dict[int, str], systems: dict[int, str], now: int
) -> AdminLeaderboard:
    return AdminLeaderboard(
        id=uuid_text(it.id),
        name=it.name,
        key=it.key,
        description=UNSET if it.description is None else it.description,
        status=phase(it, now).value,
        rank_by=it.rank_by,
        metric_id=UNSET if it.metric is None else metrics[it.metric],
        points_system_id=UNSET if it.points_system is None else systems[it.points_system],
        max_participants=it.max_participants,
        start=day_text(it.start),
        end=UNSET if it.end is None else day_text(it.end),
        start_time=clock_text(it.start_time) or UNSET,
        end_time=clock_text(it.end_time) or UNSET,
        breakdown_attributes=[uuid_text(each) for each in it.breakdown],
        run_unit=UNSET if it.run_unit is None else it.run_unit,
        run_interval=UNSET if it.run_interval is None else it.run_interval,
        user_attributes=[AttributeFilter(uuid_text(one), value) for one, value in it.user_attributes],
    )


async def boards_of(call: Call) -> list[Leaderboard]:
    """Read the leaderboards of the caller's environment that are not archived."""
    return _listed(await definitions_of(call))


def _listed(definitions: Definitions) -> list[Leaderboard]:
    return [each for each in definitions.of(Leaderboard) if not each.archived]
