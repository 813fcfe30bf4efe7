"""The published Python client drives the Admin API: metrics, attributes, achievements, keys, batches."""

from collections.abc import Sequence

import pytest
from pydantic import BaseModel
from tests.conformance.clients import call, client_for
from tests.support.world import World
from trophy import (
    BatchMetricEvent,
    BatchMetricEventUser,
    CreateAchievementRequestItem,
    CreateApplicationKeyRequestItem,
    CreateAttributeRequestItem,
    CreateMetricRequestItem,
    UpdateAchievementRequestItem,
    UpdateAttributeRequestItem,
    UpdateMetricRequestItem,
)
from trophy.errors import NotFoundError

MISSING = "550e8400-e29b-41d4-a716-446655440999"


def settled(achievement: BaseModel) -> dict[str, object]:
    """Give what an achievement is, without how far its back-dating has come."""
    return achievement.model_dump(exclude={"backdate"})


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_metrics(kind: str, world: World) -> None:
    metrics = client_for(kind, world).admin.metrics
    answer = await call(
        metrics.create,
        request=[
            CreateMetricRequestItem(name="Invites", key="invites"),
            CreateMetricRequestItem(name="Revenue", key="revenue", unit_type="currency", units="USD"),
            CreateMetricRequestItem(name="Again", key="invites"),
        ],
    )
    invites, revenue = answer.created
    assert (invites.name, invites.key, invites.unit_type, invites.units) == (
        "Invites",
        "invites",
        "number",
        "",
    )
    assert (revenue.unit_type, revenue.units) == ("currency", "USD")
    assert [(issue.index, issue.severity) for issue in answer.issues] == [(2, "error")]
    assert [metric.key for metric in await call(metrics.list)] == ["words", "invites", "revenue"]
    assert [metric.key for metric in await call(metrics.list, limit=1, skip=1)] == ["invites"]
    changed = await call(
        metrics.update,
        request=[
            UpdateMetricRequestItem(id=invites.id, name="Invitations", units="people"),
            UpdateMetricRequestItem(id=MISSING, name="Nothing"),
        ],
    )
    assert [(metric.name, metric.units, metric.key) for metric in changed.updated] == [
        ("Invitations", "people", "invites")
    ]
    assert [issue.id for issue in changed.issues] == [MISSING]
    assert await call(metrics.get, invites.id) == changed.updated[0]
    gone = await call(metrics.delete, ids=[invites.id, MISSING, "not-a-uuid"])
    assert [item.id for item in gone.deleted] == [invites.id]
    assert {issue.id for issue in gone.issues} == {MISSING, "not-a-uuid"}
    with pytest.raises(NotFoundError):
        await call(metrics.get, invites.id)


async def test_attributes(kind: str, world: World) -> None:
    attributes = client_for(kind, world).admin.attributes
    answer = await call(
        attributes.create,
        request=[
            CreateAttributeRequestItem(name="Plan", key="plan", type="user"),
            CreateAttributeRequestItem(name="Plan", key="plan", type="event"),
            CreateAttributeRequestItem(name="Plan", key="plan", type="user"),
        ],
    )
    user, event = answer.created
    assert ((user.key, user.type), (event.key, event.type)) == (("plan", "user"), ("plan", "event"))
    assert [issue.index for issue in answer.issues] == [2]
    assert len(await call(attributes.list)) == 2
    changed = await call(attributes.update, request=[UpdateAttributeRequestItem(id=user.id, name="Tariff")])
    assert [(item.name, item.key) for item in changed.updated] == [("Tariff", "plan")]
    assert await call(attributes.get, user.id) == changed.updated[0]
    gone = await call(attributes.delete, ids=[user.id, MISSING, "not-a-uuid"])
    assert [item.id for item in gone.deleted] == [user.id]
    assert [(issue.id, issue.severity, issue.message) for issue in gone.issues] == [
        (MISSING, "error", "Attribute not found by ID"),
        ("not-a-uuid", "error", "id must be a valid UUID"),
    ]
    assert [item.id for item in await call(attributes.list)] == [event.id]


async def test_achievements_of_all_triggers(kind: str, world: World) -> None:
    achievements = client_for(kind, world).admin.achievements
    answer = await call(
        achievements.create,
        request=[
            CreateAchievementRequestItem(
                name="Novice", trigger="metric", metric_id=world.words, metric_value=5
            ),
            CreateAchievementRequestItem(name="Week", trigger="streak", streak_length=7, status="active"),
            CreateAchievementRequestItem(name="Hello", trigger="api", key="hello", description="Say hello."),
            CreateAchievementRequestItem(name="Year", trigger="anniversary", anniversary_years=1),
            CreateAchievementRequestItem(name="Nothing", trigger="metric"),
        ],
    )
    novice, week, hello, year = answer.created
    assert (novice.status, novice.metric_id, novice.metric_value) == ("inactive", world.words, 5)
    assert (week.status, week.streak_length) == ("active", 7)
    assert (hello.key, hello.description, hello.badge) == ("hello", "Say hello.", None)
    assert year.anniversary_years == 1
    assert [issue.index for issue in answer.issues] == [4]
    both = (
        await call(
            achievements.create,
            request=[
                CreateAchievementRequestItem(
                    name="Both", trigger="achievement", achievement_ids=[novice.id, hello.id]
                )
            ],
        )
    ).created[0]
    assert both.achievement_ids == [novice.id, hello.id]
    assert len(await call(achievements.list)) == 5
    changed = await call(
        achievements.update,
        request=[
            UpdateAchievementRequestItem(
                id=novice.id,
                status="active",
                badge={"url": "https://example.com/novice.png"},
                metric_value=10,
            )
        ],
    )
    assert changed.issues == []
    (novice,) = changed.updated
    assert (novice.status, novice.metric_value, novice.name) == ("active", 10, "Novice")
    assert novice.badge.url == "https://example.com/novice.png"
    assert settled(await call(achievements.get, novice.id)) == settled(novice)
    gone = await call(achievements.delete, ids=[novice.id, both.id, MISSING])
    assert [item.id for item in gone.deleted] == [both.id]
    assert [(issue.id, issue.severity) for issue in gone.issues] == [(novice.id, "error"), (MISSING, "error")]
    assert "'Both' needs this one" in gone.issues[0].message


async def test_achievements_for_some_users_and_some_events(kind: str, world: World) -> None:
    achievements = client_for(kind, world).admin.achievements
    plan, city, source = (
        world.attribute("plan"),
        world.attribute("city"),
        world.attribute("source", "event"),
    )

    def pair(id: str, value: str) -> dict[str, str]:
        return {"attribute_id": id, "attribute_value": value}

    def pairs(found: Sequence[object]) -> list[tuple[str, str]]:
        return [(each.attribute_id, each.attribute_value) for each in found]  # type: ignore[attr-defined]  # the client has several such types

    answer = await call(
        achievements.create,
        request=[
            CreateAchievementRequestItem(
                name="Mobile",
                trigger="metric",
                status="active",
                metric_id=world.words,
                metric_value=5,
                user_attributes=[pair(plan, "pro"), pair(city, "Köln")],
                event_attributes=[pair(source, "app")],
            ),
            CreateAchievementRequestItem(
                name="Nobody's", trigger="api", key="none", user_attributes=[pair(source, "app")]
            ),
        ],
    )
    (mobile,) = answer.created
    assert [issue.index for issue in answer.issues] == [1]
    assert pairs(mobile.user_attributes) == [(plan, "pro"), (city, "Köln")]
    assert pairs(mobile.event_attributes) == [(source, "app")]
    assert settled(await call(achievements.get, mobile.id)) == settled(mobile)
    sent = {"attributes": {"source": "app"}}
    for user, home in (("ada", "Köln"), ("ben", "Rome")):
        world.event(6, user, profile={"attributes": {"plan": "pro", "city": home}}, **sent)
    assert (set(world.earned("ada")), set(world.earned("ben"))) == ({mobile.id}, set())
    changed = await call(
        achievements.update,
        request=[
            UpdateAchievementRequestItem(
                id=mobile.id, user_attributes=[pair(plan, "free")], event_attributes=[pair(source, "web")]
            )
        ],
    )
    assert changed.issues == []
    assert pairs(changed.updated[0].user_attributes) == [(plan, "free")]
    assert pairs(changed.updated[0].event_attributes) == [(source, "web")]
    assert settled(await call(achievements.get, mobile.id)) == settled(changed.updated[0])


async def test_application_keys(kind: str, world: World) -> None:
    keys = client_for(kind, world).admin.application_api_keys
    made = (await call(keys.create, request=[CreateApplicationKeyRequestItem(user_id="ada")])).created[0]
    assert made.user_id == "ada"
    assert made.key.startswith(f"{made.prefix}.")
    assert made.prefix.startswith("app_")
    gone = await call(keys.delete, ids=[made.id, MISSING])
    assert [item.id for item in gone.deleted] == [made.id]
    assert [issue.id for issue in gone.issues] == [MISSING]


async def test_a_batch_is_durable_and_evaluated_before_the_answer(kind: str, world: World) -> None:
    client = client_for(kind, world)
    goal = world.goal(world.words, 30)
    items = [
        BatchMetricEvent(
            key="words",
            user=BatchMetricEventUser(id="ada", name="Ada"),
            value=10,
            idempotency_key=f"lesson-{n % 3}",
        )
        for n in range(6)
    ]
    assert (await call(client.admin.metrics.batch_events, request=items)).accepted == 6
    assert world.total("ada") == 30
    assert set(world.earned("ada")) == {goal}


async def test_environments_and_streak_settings(kind: str, world: World) -> None:
    admin = client_for(kind, world).admin
    environments = await call(admin.environments.list)
    assert [item.key for item in environments]
    before = await call(admin.streaks.settings.get)
    assert (before.frequency, before.evaluation_mode, before.metrics) == ("daily", "OR", [])
    after = await call(
        admin.streaks.settings.update,
        evaluation_mode="AND",
        metrics=[{"key": "words", "threshold": 10}],
        days_off=[0, 6],
    )
    assert (after.frequency, after.evaluation_mode, after.days_off) == ("daily", "AND", [0, 6])
    assert [(metric.key, metric.threshold) for metric in after.metrics] == [("words", 10)]
    assert await call(admin.streaks.settings.get) == after
    weekly = await call(admin.streaks.settings.update, frequency="weekly")
    assert (weekly.frequency, weekly.evaluation_mode, weekly.days_off) == ("weekly", "AND", [])
