"""The published Python client drives leaderboards and wrapped: every call, values and not only shapes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from tests.conformance.clients import Client, call, client_for
from tests.conftest import Worlds
from tests.support.world import World, eventually
from trophy import (
    CreateLeaderboardRequestItem,
    UpdateLeaderboardRequestItem,
    UpsertedUser,
)
from trophy.errors import NotFoundError, UnprocessableEntityError

MISSING = "550e8400-e29b-41d4-a716-446655440999"
NOW = datetime.now(UTC)
TODAY = NOW.date().isoformat()


def day(offset: int) -> str:
    return (NOW.date() + timedelta(days=offset)).isoformat()


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def race(worlds: Worlds) -> Iterator[World]:
    """A world with a perpetual board, a daily one for two, one per city, and one of streaks."""
    world = worlds.make()
    world.words = world.metric("words")
    world.city = world.attribute("city", "user")
    boards = [
        {"name": "All time", "key": "all-time", "description": "Everybody, for ever", "start": day(-10)},
        {
            "name": "Daily",
            "key": "daily",
            "runUnit": "day",
            "runInterval": 1,
            "maxParticipants": 2,
            "start": day(-10),
        },
        {"name": "Cities", "key": "cities", "breakdownAttributes": [world.city], "start": day(-10)},
    ]
    for board in boards:
        world._make("leaderboards", board | {"rankBy": "metric", "metricId": world.words, "status": "active"})
    world._make("leaderboards", {"name": "Streaks", "key": "streaks", "rankBy": "streak", "status": "active"})
    settled(world)
    yield world
    world.close()


def settled(world: World) -> None:
    assert eventually(
        lambda: all(job["status"] == "finished" for job in world.read("/admin/v1/backdates?limit=100"))
    )


async def send(client: Client, user: str, value: float, city: str | None = None) -> object:
    attributes = {"city": city} if city else None
    return await call(
        client.metrics.event,
        "words",
        user=UpsertedUser(id=user, name=user.title(), attributes=attributes),
        value=value,
    )


async def test_an_event_tells_the_boards_it_changed(kind: str, race: World) -> None:
    client = client_for(kind, race)
    await send(client, "ada", 10, "London")
    answer = await send(client, "ben", 12.5, "London")
    assert set(answer.leaderboards) == {"all-time", "daily", "cities", "streaks"}
    board = answer.leaderboards["all-time"]
    assert (board.previous_rank, board.rank, board.threshold) == (None, 1, 0)
    assert (board.metric_key, board.metric_name, board.rank_by) == ("words", "Words", "metric")
    assert (board.name, board.description, board.start, board.end) == (
        "All time",
        "Everybody, for ever",
        day(-10),
        None,
    )
    daily = answer.leaderboards["daily"]
    assert (daily.start, daily.end, daily.threshold) == (TODAY, TODAY, 10)
    cities = answer.leaderboards["cities"]
    assert (cities.breakdown_attribute, cities.breakdown_attribute_value) == ("city", "London")
    assert [(pair.key, pair.value) for pair in cities.breakdown_attribute_values] == [("city", "London")]
    assert answer.leaderboards["streaks"].rank == 2
    again = await send(client, "ada", 5)
    assert (again.leaderboards["all-time"].previous_rank, again.leaderboards["all-time"].rank) == (2, 1)
    assert "streaks" not in again.leaderboards
    third = await send(client, "cleo", 1)
    assert (third.leaderboards["daily"].rank, third.leaderboards["daily"].threshold) == (None, 12)
    assert third.leaderboards["cities"].rank is None


async def test_a_leaderboard_with_its_places(kind: str, race: World) -> None:
    client = client_for(kind, race)
    for user, value, city in (("ada", 30, "Oslo"), ("ben", 20, "Oslo"), ("cleo", 10, "Rome")):
        await send(client, user, value, city)
    listed = await call(client.leaderboards.all_)
    assert [(board.key, board.status) for board in listed] == [
        ("all-time", "active"),
        ("daily", "active"),
        ("cities", "active"),
        ("streaks", "active"),
    ]
    board = await call(client.leaderboards.get, "all-time")
    assert [(it.user_id, it.user_name, it.rank, it.value) for it in board.rankings] == [
        ("ada", "Ada", 1, 30),
        ("ben", "Ben", 2, 20),
        ("cleo", "Cleo", 3, 10),
    ]
    page = await call(client.leaderboards.get, "all-time", offset=1, limit=1)
    assert [it.user_id for it in page.rankings] == ["ben"]
    near = await call(client.leaderboards.get, "all-time", user_id="ben", limit=2)
    assert [(it.user_id, it.rank) for it in near.rankings] == [("ben", 2), ("cleo", 3)]
    assert (await call(client.leaderboards.get, "all-time", user_id="nobody")).rankings == []
    daily = await call(client.leaderboards.get, "daily")
    assert [it.user_id for it in daily.rankings] == ["ada", "ben"]
    assert (await call(client.leaderboards.get, "daily", run=day(-1))).rankings == []
    oslo = await call(client.leaderboards.get, "cities", user_attributes="city:Oslo")
    assert [(it.user_id, it.rank) for it in oslo.rankings] == [("ada", 1), ("ben", 2)]
    with pytest.raises(UnprocessableEntityError):
        await call(client.leaderboards.get, "cities")
    with pytest.raises(UnprocessableEntityError):
        await call(client.leaderboards.get, "daily", run=day(-30))
    with pytest.raises(NotFoundError):
        await call(client.leaderboards.get, "nothing")


async def test_a_users_place_and_its_history(kind: str, race: World) -> None:
    client = client_for(kind, race)
    await send(client, "ben", 20)
    late = {"user": {"id": "ada"}, "value": 4, "timestamp": (NOW - timedelta(days=2)).isoformat()}
    assert race.http.post("/v1/metrics/words/event", json=late).status_code == 201
    await send(client, "ada", 26)
    mine = await call(client.users.leaderboard, "ada", "all-time")
    assert (mine.rank, mine.value, mine.key) == (1, 30, "all-time")
    assert [(it.date, it.previous_rank, it.rank, it.previous_value, it.value) for it in mine.history] == [
        (day(-2), None, 2, None, 4),
        (TODAY, 2, 1, 4, 30),
    ]
    last = await call(client.users.leaderboard, "ada", "all-time", num_events=1)
    assert [(it.date, it.previous_rank) for it in last.history] == [(TODAY, 2)]
    past = await call(client.users.leaderboard, "ada", "daily", run=day(-2))
    assert (past.rank, past.value) == (1, 4)
    await send(client, "cleo", 1)
    none = await call(client.users.leaderboard, "cleo", "daily")
    assert (none.rank, none.value) == (None, None)
    with pytest.raises(NotFoundError):
        await call(client.users.leaderboard, "nobody", "all-time")


async def test_leaderboards_are_created_changed_and_deleted(kind: str, race: World) -> None:
    boards = client_for(kind, race).admin.leaderboards
    answer = await call(
        boards.create,
        request=[
            CreateLeaderboardRequestItem(
                name="Month",
                key="month",
                rank_by="metric",
                metric_id=race.words,
                run_unit="month",
                run_interval=1,
                start_time="09:00",
                end_time="17:00",
            ),
            CreateLeaderboardRequestItem(
                name="Soon", key="soon", rank_by="streak", status="scheduled", start=day(3)
            ),
            CreateLeaderboardRequestItem(
                name="Bad", key="bad", rank_by="streak", run_unit="day", run_interval=1
            ),
            CreateLeaderboardRequestItem(name="None", key="none", rank_by="metric", metric_id=MISSING),
            CreateLeaderboardRequestItem(name="Twice", key="daily", rank_by="streak"),
        ],
    )
    month, soon = answer.created
    assert (month.status, month.run_unit, month.run_interval, month.max_participants) == (
        "inactive",
        "month",
        1,
        1000,
    )
    assert (month.start_time, month.end_time, month.metric_id) == ("09:00", "17:00", race.words)
    assert (soon.status, soon.start, soon.rank_by) == ("scheduled", day(3), "streak")
    assert [issue.index for issue in answer.issues] == [2, 3, 4]
    changed = await call(
        boards.update,
        request=[
            UpdateLeaderboardRequestItem(
                id=month.id, status="active", max_participants=5, breakdown_attributes=[race.city]
            ),
            UpdateLeaderboardRequestItem(id=soon.id, rank_by="points"),
            UpdateLeaderboardRequestItem(id=MISSING, name="Nothing"),
        ],
    )
    assert [(it.status, it.max_participants, it.breakdown_attributes) for it in changed.updated] == [
        ("active", 5, [race.city])
    ]
    assert [issue.id for issue in changed.issues] == [soon.id, MISSING]
    done = await call(boards.update, request=[UpdateLeaderboardRequestItem(id=month.id, status="finished")])
    assert [it.status for it in done.updated] == ["finished"]
    assert await call(boards.get, month.id) == done.updated[0]
    assert [it.key for it in await call(boards.list, limit=2, skip=4)] == ["month", "soon"]
    gone = await call(boards.delete, ids=[month.id, soon.id, MISSING])
    assert [item.id for item in gone.deleted] == [month.id, soon.id]
    with pytest.raises(NotFoundError):
        await call(boards.get, month.id)


async def test_a_board_that_becomes_live_counts_what_happened_before(kind: str, race: World) -> None:
    client = client_for(kind, race)
    await send(client, "ada", 3)
    await send(client, "ben", 7)
    race._make(
        "leaderboards",
        {"name": "Late", "key": "late", "rankBy": "metric", "metricId": race.words, "status": "active"},
    )
    await send(client, "ada", 1)
    settled(race)
    board = await call(client.leaderboards.get, "late")
    assert [(it.user_id, it.value) for it in board.rankings] == [("ben", 7), ("ada", 4)]


async def test_a_year_in_review(kind: str, race: World) -> None:
    client = client_for(kind, race)
    race.attribute("source", "event")
    goal = race.goal(race.words, 100)
    year = NOW.year - 1
    for when, value, source in (
        (f"{year - 1}-12-30T12:00:00Z", 50, "web"),
        (f"{year}-03-04T12:00:00Z", 30, "web"),
        (f"{year}-03-04T15:00:00Z", 20, "app"),
        (f"{year}-03-05T12:00:00Z", 10, "app"),
        (f"{year}-07-01T12:00:00Z", 5, "web"),
    ):
        answer = race.event(value, "ada", timestamp=when, attributes={"source": source})
        assert answer.status_code == 201, answer.text
    for user, value, month in (("ben", 66, "03"), ("cleo", 6, "07")):
        late = {"timestamp": f"{year}-{month}-04T12:00:00Z", "attributes": {"source": "web"}}
        assert race.event(value, user, **late).status_code == 201
    wrapped = await call(client.users.wrapped, "ada", year=year)
    assert wrapped.user.id == "ada"
    activity = wrapped.activity
    assert (activity.days_active, activity.weeks_active, activity.months_active) == (3, 2, 2)
    assert activity.most_active_day.date == f"{year}-03-04"
    day_words = activity.most_active_day.metrics["words"]
    assert (day_words.current_total, day_words.change_this_period, day_words.percent_change) == (100, 50, 100)
    assert activity.most_active_month.month == 2
    whole = activity.entire_year
    assert (whole.metrics["words"].current_total, whole.metrics["words"].change_this_period) == (115, 65)
    assert whole.metrics["words"].percent_change == 130
    assert day_words.percentile_this_period is None
    assert activity.most_active_week.metrics["words"].percentile_this_period in {50, 100}
    assert activity.most_active_month.metrics["words"].percentile_this_period == 50
    assert whole.metrics["words"].percentile_this_period == 66.6
    by_source = whole.metrics["words"].by_attribute["source"]
    assert (by_source["app"].change_this_period, by_source["web"].current_total) == (30, 85)
    assert (by_source["app"].percentile_this_period, by_source["web"].percentile_this_period) == (100, 66.6)
    assert [done.id for done in whole.achievements] == [goal]
    streak = whole.longest_streak
    assert (streak.length, streak.started, streak.frequency) == (2, f"{year}-03-04", "daily")
    assert (streak.period_start, streak.period_end) == (f"{year}-03-04", f"{year}-03-05")
    await send(client, "ada", 1)
    now = await call(client.users.wrapped, "ada")
    assert now.activity.entire_year.leaderboards["daily"].rank == 1
    empty = await call(client.users.wrapped, "ada", year=1999)
    assert (empty.activity.days_active, empty.activity.entire_year.metrics) == (0, {})
    for wrong in (0, NOW.year + 2):
        with pytest.raises(UnprocessableEntityError):
            await call(client.users.wrapped, "ada", year=wrong)
    with pytest.raises(NotFoundError):
        await call(client.users.wrapped, "nobody")
