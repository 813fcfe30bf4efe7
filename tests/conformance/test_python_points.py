"""The published Python client drives points: the Admin API's batches, and what users have, with values."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.conformance.clients import call, client_for
from tests.support.world import World
from trophy import (
    CreatePointsBoostRequestItem,
    CreatePointsLevelRequestItem,
    CreatePointsSystemRequestItem,
    CreatePointsTriggerRequestItem,
    PatchPointsBoostsRequestItem,
    PatchPointsLevelsRequestItem,
    PatchPointsTriggersRequestItem,
    UpdatePointsSystemRequestItem,
    UpsertedUser,
)
from trophy.errors import NotFoundError, UnprocessableEntityError

MISSING = "550e8400-e29b-41d4-a716-446655440999"


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _whole(world: World) -> CreatePointsSystemRequestItem:
    return CreatePointsSystemRequestItem(
        name="XP",
        key="xp",
        description="Experience",
        max_points=1000,
        levels=[CreatePointsLevelRequestItem(name="Bronze", key="bronze", points=10)],
        boosts=[CreatePointsBoostRequestItem(name="Double", start="2020-01-01", multiplier=2)],
        triggers=[
            CreatePointsTriggerRequestItem(
                type="metric", points=10, status="active", metric_id=world.words, metric_threshold=100
            )
        ],
    )


async def test_systems(kind: str, world: World) -> None:
    systems = client_for(kind, world).admin.points.systems
    again = CreatePointsSystemRequestItem(name="Again", key="xp")
    broken = CreatePointsSystemRequestItem(
        name="Broken", key="b", levels=[CreatePointsLevelRequestItem(name="?", key="not a key", points=0)]
    )
    made = await call(systems.create, request=[_whole(world), again, broken])
    (xp,) = made.created
    assert (xp.name, xp.key, xp.description, xp.status, xp.max_points) == (
        "XP",
        "xp",
        "Experience",
        "active",
        1000,
    )
    assert (xp.levels[0].key, xp.boosts[0].multiplier, xp.triggers[0].metric_threshold) == ("bronze", 2, 100)
    assert [(issue.index, issue.severity) for issue in made.issues] == [(1, "error"), (2, "error")]
    assert "levels[0]" in made.issues[1].message
    changed = await call(
        systems.update,
        request=[
            UpdatePointsSystemRequestItem(id=xp.id, name="Points", max_points=None),
            UpdatePointsSystemRequestItem(id=MISSING, name="Nothing"),
        ],
    )
    assert [(each.name, each.key) for each in changed.updated] == [("Points", "xp")]
    assert [issue.id for issue in changed.issues] == [MISSING]
    assert (await call(systems.get, xp.id)).name == "Points"
    assert [each.key for each in await call(systems.list, limit=5)] == ["xp"]
    gone = await call(systems.delete, ids=[xp.id, MISSING])
    assert ([each.id for each in gone.deleted], len(gone.issues)) == ([xp.id], 1)
    with pytest.raises(NotFoundError):
        await call(systems.get, xp.id)


async def _system(client: object, world: World) -> str:
    systems = client.admin.points.systems  # type: ignore[attr-defined]  # either client
    made = await call(systems.create, request=[_whole(world)])
    return str(made.created[0].id)


async def test_levels(kind: str, world: World) -> None:
    client = client_for(kind, world)
    levels = client.admin.points.levels
    xp = await _system(client, world)
    made = await call(
        levels.create,
        xp,
        request=[
            CreatePointsLevelRequestItem(name="Gold", key="gold", points=500, description="Top"),
            CreatePointsLevelRequestItem(name="Other", key="bronze", points=1),
        ],
    )
    assert [(each.key, each.points, each.description) for each in made.created] == [("gold", 500, "Top")]
    assert made.issues[0].message == "Key already in use by another level"
    gold = made.created[0].id
    changed = await call(levels.update, xp, request=[PatchPointsLevelsRequestItem(id=gold, points=600)])
    assert [(each.name, each.points) for each in changed.updated] == [("Gold", 600)]
    assert (await call(levels.get, xp, gold)).points == 600
    assert [each.key for each in await call(levels.list, xp)] == ["bronze", "gold"]
    gone = await call(levels.delete, xp, ids=[gold, MISSING])
    assert ([each.id for each in gone.deleted], gone.issues[0].message) == ([gold], "Level not found by ID")
    with pytest.raises(NotFoundError):
        await call(levels.list, MISSING)


async def test_boosts(kind: str, world: World) -> None:
    client = client_for(kind, world)
    boosts = client.admin.points.boosts
    xp = await _system(client, world)
    world.event(1, "ada")
    start, end = "2024-01-01", "2024-01-03"
    made = await call(
        boosts.create,
        xp,
        request=[
            CreatePointsBoostRequestItem(name="Ada's", user_id="ada", start=start, end=end, multiplier=1.5),
            CreatePointsBoostRequestItem(name="Nobody's", user_id="nobody", start=start, multiplier=2),
            CreatePointsBoostRequestItem(name="One", start=start, multiplier=1),
        ],
    )
    (boost,) = made.created
    assert (boost.status, boost.user_id, boost.rounding, boost.start) == (
        "finished",
        "ada",
        "down",
        "2024-01-01",
    )
    assert (made.issues[0].index, made.issues[0].message) == (1, "User does not exist")
    changed = await call(
        boosts.update,
        xp,
        request=[PatchPointsBoostsRequestItem(id=boost.id, end=None, rounding="nearest")],
    )
    assert (changed.updated[0].status, changed.updated[0].rounding) == ("active", "nearest")
    assert (await call(boosts.get, xp, boost.id)).end is None
    assert [each.name for each in await call(boosts.list, xp)] == ["Double", "Ada's"]
    gone = await call(boosts.delete, xp, ids=[boost.id])
    assert [each.id for each in gone.deleted] == [boost.id]


async def test_triggers(kind: str, world: World) -> None:
    client = client_for(kind, world)
    triggers = client.admin.points.triggers
    xp = await _system(client, world)
    goal = world.achievement("api", key="finish")
    made = await call(
        triggers.create,
        xp,
        request=[
            CreatePointsTriggerRequestItem(type="time", points=1, time_unit="days", time_interval=7),
            CreatePointsTriggerRequestItem(type="achievement", points=50, achievement_id=goal),
            CreatePointsTriggerRequestItem(type="streak", points=5, streak_length=7),
            CreatePointsTriggerRequestItem(type="user_creation", points=0),
            CreatePointsTriggerRequestItem(type="streak", points=5),
        ],
    )
    weekly, finish, streak = made.created
    assert (weekly.status, weekly.time_unit, weekly.time_interval) == ("inactive", "days", 7)
    assert (finish.achievement_id, streak.streak_length) == (goal, 7)
    assert [issue.index for issue in made.issues] == [3, 4]
    changed = await call(
        triggers.update,
        xp,
        request=[
            PatchPointsTriggersRequestItem(id=weekly.id, status="active", points=2),
            PatchPointsTriggersRequestItem(id=streak.id, type="user_creation", block_if_out_of_points=True),
        ],
    )
    assert [(each.status, each.points, each.type) for each in changed.updated] == [
        ("active", 2, "time"),
        ("inactive", 5, "user_creation"),
    ]
    assert changed.updated[1].streak_length is None and changed.updated[1].block_if_out_of_points
    assert (await call(triggers.get, xp, finish.id)).points == 50
    assert len(await call(triggers.list, xp, limit=2)) == 2
    gone = await call(triggers.delete, xp, ids=[finish.id, MISSING])
    assert [each.id for each in gone.deleted] == [finish.id]


async def test_what_users_have(kind: str, world: World) -> None:
    client = client_for(kind, world)
    await _system(client, world)
    told = await call(client.metrics.event, "words", user=UpsertedUser(id="ada"), value=250)
    xp = told.points["xp"]
    assert (xp.total, xp.added, xp.level.key, len(xp.awards)) == (40, 40, "bronze", 2)
    assert (xp.awards[0].awarded, xp.awards[0].trigger.metric_name) == (20, "Words")
    assert [boost.name for boost in xp.awards[0].boosts] == ["Double"]
    held = await call(client.users.points, "ada", "xp", awards=1)
    assert (held.total, held.level.name, held.max_points, len(held.awards)) == (40, "Bronze", 1000, 1)
    assert held.awards[0].total == 40
    boosts = await call(client.users.points_boosts, "ada", "xp")
    assert [(each.name, each.status) for each in boosts] == [("Double", "active")]
    today = datetime.now(UTC).date()
    days = await call(
        client.users.points_event_summary,
        "ada",
        "xp",
        aggregation="daily",
        start_date=today - timedelta(days=1),
        end_date=today + timedelta(days=1),
    )
    assert (sum(each.change for each in days), days[-1].total) == (40, 40)
    with pytest.raises(UnprocessableEntityError):
        await call(client.users.points, "ada", "xp", awards=0)
    with pytest.raises(NotFoundError):
        await call(client.users.points, "ada", "none")


async def test_what_everybody_has(kind: str, world: World) -> None:
    client = client_for(kind, world)
    await _system(client, world)
    world.event(250)
    world.event(1, "ben")
    system = await call(client.points.system, "xp")
    assert (system.name, [each.metric_threshold for each in system.triggers]) == ("XP", [100])
    assert [each.multiplier for each in await call(client.points.boosts, "xp", include_finished=True)] == [2]
    assert [each.key for each in await call(client.points.levels, "xp")] == ["bronze"]
    (bronze,) = await call(client.points.level_summary, "xp")
    assert (bronze.level.name, bronze.users) == ("Bronze", 1)
    ranges = await call(client.points.summary, "xp")
    assert len(ranges) == 11
    assert [(each.from_, each.to, each.users) for each in ranges if each.users] == [(0, 0, 1), (36, 40, 1)]
