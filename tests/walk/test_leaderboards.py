"""Leaderboards through HTTP: ranks under load are a permutation, and the audit finds no drift."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.world import World, event, eventually, refused

NOW = datetime.now(UTC)
EVENTS = 64


def board(world: World, key: str, **more) -> None:
    item = {"name": key.title(), "key": key, "rankBy": "metric", "metricId": world.words, "status": "active"}
    sent = {
        name: value for name, value in (item | more).items() if value is not None or name == "maxParticipants"
    }
    world._make("leaderboards", sent)
    assert eventually(
        lambda: all(job["status"] == "finished" for job in world.read("/admin/v1/backdates?limit=100"))
    )


def places(world: World, key: str, query: str = "") -> list[tuple[str, int, float]]:
    found = world.read(f"/v1/leaderboards/{key}?limit=1000{query}")["rankings"]
    return [(it["userId"], it["rank"], it["value"]) for it in found]


def test_parallel_events_leave_exact_ranks(world: World) -> None:
    board(world, "all-time", maxParticipants=None)
    answers = world.together([event(1 + n % 7, f"user {n}") for n in range(EVENTS)])
    assert {answer.status_code for answer in answers} == {201}
    assert all(answer.json()["leaderboards"]["all-time"]["rank"] for answer in answers)
    found = places(world, "all-time")
    assert [rank for _, rank, _ in found] == list(range(1, EVENTS + 1))
    assert [value for _, _, value in found] == sorted((1 + n % 7 for n in range(EVENTS)), reverse=True)
    again = world.together([event(3, f"user {n % 8}") for n in range(EVENTS)])
    ranks = [answer.json()["leaderboards"]["all-time"] for answer in again]
    assert all(it["previousRank"] >= it["rank"] for it in ranks)
    totals = {f"user {n}": 1 + n % 7 + (24 if n < 8 else 0) for n in range(EVENTS)}
    found = places(world, "all-time")
    assert {user: value for user, _, value in found} == totals
    assert sorted(rank for _, rank, _ in found) == list(range(1, EVENTS + 1))
    for user, rank, value in found[::9]:
        mine = world.read(f"/v1/users/{user}/leaderboards/all-time")
        assert (mine["rank"], mine["value"]) == (rank, value)


def test_a_hundred_events_of_one_user_at_once_count_once_each(world: World) -> None:
    board(world, "all-time")
    world.event(50, "ben")
    answers = world.together([event(1, "ada") for _ in range(100)])
    ranks = {answer.json()["leaderboards"]["all-time"]["rank"] for answer in answers}
    assert ranks == {1, 2}
    assert places(world, "all-time") == [("ada", 1, 100), ("ben", 2, 50)]


def test_a_replay_changes_no_board(world: World) -> None:
    board(world, "all-time")
    first = world.event(5, key="once").json()
    again = world.event(5, key="once").json()
    assert set(first["leaderboards"]) == {"all-time"}
    assert again["leaderboards"] == {}
    assert places(world, "all-time") == [("ada", 1, 5)]


def test_a_run_is_by_the_users_own_day(world: World) -> None:
    """At one instant it is another day on the other side of the world."""
    start = (NOW.date() - timedelta(days=20)).isoformat()
    board(world, "daily", runUnit="day", runInterval=1, start=start)
    at = (NOW - timedelta(days=5)).replace(hour=11, minute=30).isoformat()
    world.event(1, "east", timestamp=at, profile={"tz": "Pacific/Kiritimati"})
    world.event(1, "west", timestamp=at, profile={"tz": "Pacific/Pago_Pago"})
    day = NOW.date() - timedelta(days=5)
    assert places(world, "daily", f"&run={day + timedelta(days=1)}") == [("east", 1, 1)]
    assert places(world, "daily", f"&run={day}") == [("west", 1, 1)]


def test_hours_of_the_users_day(world: World) -> None:
    start = (NOW.date() - timedelta(days=20)).isoformat()
    board(world, "office", startTime="09:00", endTime="17:00", start=start)
    noon = (NOW - timedelta(days=2)).replace(hour=12, minute=0).isoformat()
    world.event(1, "london", timestamp=noon, profile={"tz": "UTC"})
    world.event(1, "tokyo", timestamp=noon, profile={"tz": "Asia/Tokyo"})
    assert places(world, "office") == [("london", 1, 1)]


@pytest.mark.parametrize("limit", [None, 3])
def test_lower_scores_fall(world: World, limit: int | None) -> None:
    board(world, "all-time", maxParticipants=limit)
    for n, user in enumerate(("ada", "ben", "cleo", "dan")):
        world.event(40 - n * 10, user)
    fallen = world.event(-35, "ada").json()["leaderboards"]["all-time"]
    assert (fallen["previousRank"], fallen["rank"]) == (1, 4 if limit is None else None)
    assert [user for user, _, _ in places(world, "all-time")] == ["ben", "cleo", "dan", "ada"][:limit]


def test_points_and_streaks_rank_too(world: World) -> None:
    trigger = {
        "type": "metric",
        "metricId": world.words,
        "metricThreshold": 10,
        "points": 5,
        "status": "active",
    }
    system = world._make("points", {"name": "XP", "key": "xp", "triggers": [trigger]})
    board(world, "xp", rankBy="points", pointsSystemId=system["id"], metricId=None)
    board(world, "streaks", rankBy="streak", metricId=None)
    world.event(25, "ada")
    answer = world.event(35, "ben").json()["leaderboards"]
    assert (answer["xp"]["previousRank"], answer["xp"]["rank"]) == (None, 1)
    assert (answer["xp"]["pointsSystemKey"], answer["streaks"]["rank"]) == ("xp", 2)
    assert places(world, "xp") == [("ben", 1, 15), ("ada", 2, 10)]
    world.event(1, "cleo", timestamp=(NOW - timedelta(days=1)).isoformat())
    world.event(1, "cleo")
    assert places(world, "streaks")[0] == ("cleo", 1, 2)
    board(world, "later", rankBy="points", pointsSystemId=system["id"], metricId=None)
    assert places(world, "later") == [("ben", 1, 15), ("ada", 2, 10)]


def test_user_attributes_name_the_group_of_a_breakdown_and_nothing_else(world: World) -> None:
    city, plan = world.attribute("city"), world.attribute("plan")
    board(world, "cities", maxParticipants=None, breakdownAttributes=[city])
    board(world, "two", maxParticipants=None, breakdownAttributes=[city, plan])
    board(world, "plain", maxParticipants=None)
    for name, home in (("ada", "London"), ("ben", "Köln"), ("cleo", "a:b")):
        world.event(1, name, profile={"attributes": {"city": home, "plan": "pro"}})
    for home, name in (("London", "ada"), ("K%C3%B6ln", "ben"), ("a:b", "cleo")):
        assert places(world, "cities", f"&userAttributes=city:{home}") == [(name, 1, 1)]
    assert places(world, "cities", "&userAttributes=city:Rome") == []
    assert places(world, "cities", "&userId=ben") == [("ben", 1, 1)]
    assert places(world, "two", "&userAttributes=plan:pro,city:London") == [("ada", 1, 1)]

    def asked(key: str, query: str, *words: str) -> None:
        refused(world.http.get(f"/v1/leaderboards/{key}{query}"), 422, "userAttributes", *words)

    asked("cities", "", "city")
    asked("two", "?userAttributes=city:London", "plan")
    asked("cities", "?userAttributes=city:London,plan:pro", "city")
    asked("plain", "?userAttributes=city:London", "no breakdown")
    asked("cities", "?userAttributes=city")
    asked("cities", "?userAttributes=city:London,city:Rome", "once")
    refused(world.http.get("/v1/leaderboards/cities?userAttributes=shoe:1"), 422, "shoe")
