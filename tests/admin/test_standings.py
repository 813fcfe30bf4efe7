"""Where users stand, as a team sees it: a leaderboard's runs, and the levels of a points system."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.world import World, eventually, refused

NOW = datetime.now(UTC)


def day(offset: int) -> str:
    return (NOW.date() + timedelta(days=offset)).isoformat()


def board(world: World, **more: Any) -> str:
    item = {"name": "Board", "key": "board", "rankBy": "metric", "metricId": world.words} | more
    answer = world.http.post("/admin/v1/leaderboards", json=[item])
    assert answer.status_code == 201, answer.text
    assert eventually(
        lambda: all(job["status"] == "finished" for job in world.read("/admin/v1/backdates?limit=100"))
    )
    return str(answer.json()["created"][0]["id"])


def ranks(world: World, board: str, query: str = "") -> Any:
    return world.read(f"/admin/v1/leaderboards/{board}/ranks{query}")


def test_ranks_are_read_page_by_page(world: World) -> None:
    made = board(world, status="active")
    world.event(5, profile={"name": "Ada"})
    world.event(9, "ben")
    world.event(2, "cleo")
    assert ranks(world, made)["data"] == [
        {"userId": "ben", "userName": None, "rank": 1, "value": 9},
        {"userId": "ada", "userName": "Ada", "rank": 2, "value": 5},
        {"userId": "cleo", "userName": None, "rank": 3, "value": 2},
    ]
    assert [it["userId"] for it in ranks(world, made, "?offset=1&limit=1")["data"]] == ["ada"]


def test_runs_lead_to_those_before_and_after(world: World) -> None:
    made = board(world, status="active", start=day(-8), runUnit="day", runInterval=7)
    world.event(5, timestamp=(NOW - timedelta(days=4)).isoformat())
    world.event(3)
    now = ranks(world, made)
    assert (now["run"]["start"], now["previous"], now["following"]) == (day(-1), day(-8), None)
    assert [it["value"] for it in now["data"]] == [3]
    past = ranks(world, made, f"?run={now['previous']}")
    assert (past["run"], past["previous"]) == ({"start": day(-8), "end": day(-2)}, None)
    assert past["following"] == day(-1)
    assert [it["value"] for it in past["data"]] == [5]
    refused(world.http.get(f"/admin/v1/leaderboards/{made}/ranks?run={day(-30)}"), 422, "no run on that day")


def test_a_breakdown_asks_which_group_is_meant(world: World) -> None:
    plan = world.attribute("plan")
    made = board(world, status="active", breakdownAttributes=[plan])
    world.event(5, profile={"attributes": {"plan": "pro"}})
    world.event(9, "ben", profile={"attributes": {"plan": "free"}})
    refused(world.http.get(f"/admin/v1/leaderboards/{made}/ranks"), 422, "plan")
    assert [it["userId"] for it in ranks(world, made, "?userAttributes=plan:pro")["data"]] == ["ada"]


def test_nobody_stands_on_an_inactive_board(world: World) -> None:
    made = board(world)
    world.event(5)
    assert ranks(world, made)["data"] == []
    refused(world.http.get(f"/admin/v1/leaderboards/{made[:-12]}000000000000/ranks"), 404, "leaderboard")
    refused(world.http.get(f"/admin/v1/leaderboards/{made}/ranks?limit=1001"), 422, "limit")


def test_users_are_counted_at_their_highest_level(world: World) -> None:
    system = {
        "name": "XP",
        "key": "xp",
        "levels": [{"name": "One", "key": "one", "points": 10}, {"name": "Two", "key": "two", "points": 20}],
        "triggers": [
            {
                "type": "metric",
                "metricId": world.words,
                "metricThreshold": 1,
                "points": 1,
                "status": "active",
            }
        ],
    }
    made = world.http.post("/admin/v1/points", json=[system]).json()["created"][0]
    for user, value in (("ada", 9), ("ben", 10), ("cleo", 25), ("dana", 30)):
        world.event(value, user)
    counted = world.read(f"/admin/v1/points/{made['id']}/level-summary")
    one, two = (level["id"] for level in made["levels"])
    assert counted == [
        {"levelId": None, "users": 1},
        {"levelId": one, "users": 1},
        {"levelId": two, "users": 2},
    ]
    refused(world.http.get(f"/admin/v1/points/{one}/level-summary"), 404, "points system")
