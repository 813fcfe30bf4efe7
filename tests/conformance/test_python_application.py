"""The published Python client drives the Application API: every call, values and not only shapes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.conformance.clients import Client, call, client_for
from tests.conftest import Worlds
from tests.support.world import World
from trophy import UpsertedUser
from trophy.core.api_error import ApiError
from trophy.errors import NotFoundError, UnauthorizedError, UnprocessableEntityError

YESTERDAY = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shop(worlds: Worlds) -> Iterator[World]:
    """A world with one achievement of each trigger and both kinds of attributes."""
    world = worlds.make()
    world.words = world.metric("words")
    world.plan = world.attribute("plan", "user")
    world.source = world.attribute("source", "event")
    world.novice = world.goal(world.words, 500, name="Novice", description="Write 500 words.")
    world.mobile = world.goal(
        world.words,
        100,
        name="Mobile",
        eventAttributes=[{"attributeId": world.source, "attributeValue": "app"}],
    )
    world.onboarded = world.achievement("api", "Onboarded", key="onboarded")
    world.daily = world.achievement("streak", "First day", streakLength=1)
    world.both = world.achievement("achievement", "Both", achievementIds=[world.novice, world.onboarded])
    world.year = world.achievement("anniversary", "One year", anniversaryYears=1)
    yield world
    world.close()


async def send(client: Client, value: float, user: str = "ada", **more: object) -> object:
    return await call(client.metrics.event, "words", user=UpsertedUser(id=user), value=value, **more)


async def test_an_event_answers_what_it_caused(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    answer = await call(
        client.metrics.event,
        "words",
        user=UpsertedUser(id="ada", email="ada@example.com", tz="Europe/London", attributes={"plan": "pro"}),
        value=750.5,
        attributes={"source": "web"},
        idempotency_key="lesson-1",
    )
    assert answer.metric_id == shop.words
    assert answer.total == 750.5
    assert {done.id for done in answer.achievements} == {shop.novice, shop.daily}
    novice = next(done for done in answer.achievements if done.id == shop.novice)
    assert (novice.name, novice.trigger, novice.description) == ("Novice", "metric", "Write 500 words.")
    assert (novice.metric_id, novice.metric_name, novice.metric_value) == (shop.words, "Words", 500)
    assert abs(novice.achieved_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert (answer.current_streak.length, answer.current_streak.frequency) == (1, "daily")
    assert answer.current_streak.extended is True
    assert (answer.points, answer.leaderboards) == ({}, {})
    assert answer.idempotency_key == "lesson-1"
    assert not answer.idempotent_replayed


async def test_a_replay_answers_the_first_use(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    first = await send(client, 600, idempotency_key="once")
    again = await send(client, 600, idempotency_key="once")
    assert (again.idempotent_replayed, again.idempotency_key) == (True, "once")
    assert (again.event_id, again.total) == (first.event_id, 600)
    assert {done.id for done in again.achievements} == {done.id for done in first.achievements} != set()


async def test_unknown_things_are_refused_with_a_sentence(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    with pytest.raises(ApiError) as metric:
        await call(client.metrics.event, "letters", user=UpsertedUser(id="ada"), value=1)
    assert metric.value.status_code == 404
    assert "'letters'" in metric.value.body["error"]
    with pytest.raises(UnprocessableEntityError) as attribute:
        await send(client, 1, attributes={"colour": "red"})
    assert "colour" in attribute.value.body["error"]
    with pytest.raises(NotFoundError):
        await call(client.users.achievements, "nobody")
    with pytest.raises(UnauthorizedError):
        await send(client_for(kind, shop, key="adm_wrong.key"), 1)


async def test_an_api_achievement_completes_once(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    await send(client, 500)
    first = await call(client.achievements.complete, "onboarded", user=UpsertedUser(id="ada"))
    again = await call(client.achievements.complete, "onboarded", user=UpsertedUser(id="ada"))
    assert first.completion_id == again.completion_id
    assert first.achievement.achieved_at == again.achievement.achieved_at
    assert (first.achievement.id, first.achievement.key) == (shop.onboarded, "onboarded")
    assert first.points == {}
    earned = await call(client.users.achievements, "ada")
    assert {item.id for item in earned} == {shop.novice, shop.daily, shop.onboarded, shop.both}
    with pytest.raises(NotFoundError):
        await call(client.achievements.complete, "nothing", user=UpsertedUser(id="ada"))


async def test_all_achievements_with_their_rarity(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    await send(client, 500, "ada")
    await send(client, 1, "ben")
    listed = {item.id: item for item in await call(client.achievements.all_)}
    assert (listed[shop.novice].completions, listed[shop.novice].rarity) == (1, 50)
    assert (listed[shop.daily].completions, listed[shop.daily].rarity) == (2, 100)
    assert listed[shop.both].achievement_ids == [shop.novice, shop.onboarded]
    assert listed[shop.year].anniversary_years == 1
    assert listed[shop.daily].streak_length == 1
    mobile = listed[shop.mobile]
    assert [(pair.key, pair.value) for pair in mobile.event_attributes] == [("source", "app")]
    assert mobile.event_attribute.key == "source"


async def test_a_users_achievements_and_their_progress(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    await send(client, 125, attributes={"source": "web"})
    earned = await call(client.users.achievements, "ada")
    assert [item.id for item in earned] == [shop.daily]
    listed = {
        item.id: item for item in await call(client.users.achievements, "ada", include_incomplete="true")
    }
    assert set(listed) == {shop.novice, shop.mobile, shop.onboarded, shop.daily, shop.both, shop.year}
    assert listed[shop.novice].achieved_at is None
    assert listed[shop.novice].progress == {"current": 125, "target": 500, "percent": 25.0}
    assert listed[shop.daily].progress == {"current": 1, "target": 1, "percent": 100.0}
    assert listed[shop.mobile].progress["current"] == 0
    assert listed[shop.both].progress == {"current": 0, "target": 2, "percent": 0.0}
    assert listed[shop.onboarded].progress == {"current": 0, "target": 1, "percent": 0.0}
    assert listed[shop.year].progress == {"current": 0, "target": 1, "percent": 0.0}
    await call(client.users.update, "ada", sign_up_date="2020-01-01")
    (year,) = (item for item in await call(client.users.achievements, "ada") if item.id == shop.year)
    assert year.achieved_at == datetime(2021, 1, 1, tzinfo=UTC)
    assert (year.progress["target"], year.progress["percent"]) == (1, 100.0)
    assert year.progress["current"] >= 6


async def test_users_are_created_read_and_changed(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    made = await call(
        client.users.create,
        id="ada",
        name="Ada",
        email="ada@example.com",
        tz="Asia/Kathmandu",
        sign_up_date="2020-02-29",
        attributes={"plan": "free"},
    )
    assert (made.id, made.name, made.email, made.tz) == ("ada", "Ada", "ada@example.com", "Asia/Kathmandu")
    assert (made.sign_up_date, made.attributes, made.control) == ("2020-02-29", {"plan": "free"}, False)
    assert made.subscribe_to_emails is True
    changed = await call(client.users.update, "ada", attributes={"plan": "pro"})
    assert (changed.name, changed.attributes) == ("Ada", {"plan": "pro"})
    assert changed.created == made.created <= changed.updated
    same = await call(client.users.get, "ada")
    assert same == changed
    ben = await call(client.users.identify, "ben", name="Ben")
    assert (ben.id, ben.name, ben.email) == ("ben", "Ben", None)
    with pytest.raises(NotFoundError):
        await call(client.users.update, "cleo", name="Cleo")


async def test_an_anniversary_comes_with_the_sign_up_date(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    await call(client.users.create, id="ada", sign_up_date="2020-02-29", tz="America/New_York")
    (item,) = await call(client.users.achievements, "ada")
    assert item.id == shop.year
    assert item.achieved_at == datetime(2021, 2, 28, 5, tzinfo=UTC)


async def test_a_users_metrics(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    await send(client, 510)
    await send(client, -20.25)
    (metric,) = await call(client.users.all_metrics, "ada")
    one = await call(client.users.single_metric, "ada", "words")
    assert metric == one
    assert (one.id, one.key, one.name, one.current) == (shop.words, "words", "Words", 489.75)
    achieved = {item.id: item.achieved_at for item in one.achievements}
    assert achieved[shop.novice] is not None
    assert achieved[shop.mobile] is None
    with pytest.raises(NotFoundError):
        await call(client.users.single_metric, "ada", "letters")


async def test_an_event_summary(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    shop.event(100, timestamp=f"{YESTERDAY}T12:00:00Z")
    await send(client, 200)
    days = await call(
        client.users.metric_event_summary,
        "ada",
        "words",
        aggregation="daily",
        start_date=YESTERDAY,
        end_date=TODAY,
    )
    assert [(day.date, day.total, day.change) for day in days] == [(YESTERDAY, 100, 100), (TODAY, 300, 200)]


async def test_an_event_summary_of_longer_periods(kind: str, shop: World) -> None:
    for value, day in ((100, "2026-05-27"), (50, "2026-06-02"), (7, "2026-06-10")):
        shop.event(value, timestamp=f"{day}T12:00:00Z")
    for aggregation, expected in (
        ("weekly", [("2026-05-25", 100, 100), ("2026-06-01", 150, 50), ("2026-06-08", 157, 7)]),
        ("monthly", [("2026-05-01", 100, 100), ("2026-06-01", 157, 57)]),
    ):
        periods = await call(
            client_for(kind, shop).users.metric_event_summary,
            "ada",
            "words",
            aggregation=aggregation,
            start_date="2026-05-27",
            end_date="2026-06-10",
        )
        assert [(each.date, each.total, each.change) for each in periods] == expected


async def test_a_users_streak(kind: str, shop: World) -> None:
    client = client_for(kind, shop)
    shop.event(1, timestamp=f"{YESTERDAY}T12:00:00Z")
    await send(client, 1)
    streak = await call(client.users.streak, "ada", history_periods=3)
    assert (streak.length, streak.frequency, streak.started) == (2, "daily", YESTERDAY)
    assert (streak.period_start, streak.period_end) == (TODAY, TODAY)
    assert [period.length for period in streak.streak_history] == [0, 1, 2]
    assert streak.pauses == []
    ranked = await call(client.streaks.list, user_ids=["ben", "ada"])
    assert (ranked[0].user_id, ranked[0].streak_length) == ("ada", 2)


async def test_an_application_key_acts_for_its_user_only(kind: str, shop: World) -> None:
    client = client_for(kind, shop, key=shop.app_key("ada"))
    assert (await send(client, 5)).total == 5
    with pytest.raises(ApiError) as another:
        await send(client, 5, "ben")
    assert another.value.status_code == 403
    with pytest.raises(ApiError) as admin:
        await call(client.admin.metrics.list)
    assert admin.value.status_code == 403
