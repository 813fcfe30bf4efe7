"""Statistics: right to the user, of the asked tenant alone, on both databases."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.conftest import Worlds
from tests.support.world import World, refused

from plaudit.model.catalog import EnvironmentSettings

NOW = datetime.now(UTC)


def ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def day(days: int) -> str:
    return (NOW.date() - timedelta(days=days)).isoformat()


def told(answer: Any) -> dict[str, Any]:
    return {it["date"]: it for it in answer["days"]}


def test_the_overview_counts_events_active_users_and_completions(world: World) -> None:
    world.goal(world.words, 5)
    world.event(3, timestamp=ago(2))
    world.event(3, timestamp=ago(2))
    world.event(9, "ben", timestamp=ago(2))
    world.event(1, timestamp=ago(0))
    world.event(1, timestamp=ago(60))
    found = world.read("/admin/v1/stats/overview?days=30")
    assert found["totals"] == {"users": 2, "events": 5, "completions": 2, "achievements": 1}
    assert (found["step"], len(found["days"])) == ("day", 30)
    assert told(found)[day(2)] == {"date": day(2), "events": 3, "activeUsers": 2, "completions": 2}
    assert told(found)[day(1)]["events"] == 0
    assert sum(it["events"] for it in found["days"]) == 4
    refused(world.http.get("/admin/v1/stats/overview?days=7"), 422, "days")


def test_a_long_life_is_told_by_weeks_that_begin_on_mondays(world: World) -> None:
    world.goal(world.words, 3)
    for days in (900, 899, 3, 2):
        world.event(1, timestamp=ago(days))
    found = world.read("/admin/v1/stats/overview?days=all")
    dates = [datetime.fromisoformat(it["date"]) for it in found["days"]]
    assert (found["step"], {it.weekday() for it in dates}) == ("week", {0})
    assert {(b - a).days for a, b in pairwise(dates)} == {7}
    assert sum(it["events"] for it in found["days"]) == 4
    assert sum(it["completions"] for it in found["days"]) == 1


def test_highlights_name_the_rarest_the_newest_and_the_busiest(world: World) -> None:
    easy, hard = world.goal(world.words, 1, name="Easy"), world.goal(world.words, 9, name="Hard")
    world.event(1, "ben", timestamp=ago(3))
    world.event(9, profile={"name": "Ada"}, timestamp=ago(1))
    found = world.read("/admin/v1/stats/highlights")
    assert [(it["achievement"]["id"], it["completions"], it["rarity"]) for it in found["rarest"]] == [
        (hard, 1, 50),
        (easy, 2, 100),
    ]
    assert [it["userId"] for it in found["newest"]] == ["ada", "ada", "ben"]
    assert found["topUsers"] == [
        {"userId": "ada", "userName": "Ada", "completions": 2, "events": 1},
        {"userId": "ben", "userName": None, "completions": 1, "events": 1},
    ]
    shares = {it["id"]: it for it in world.read("/admin/v1/stats/achievements")["data"]}
    assert shares[hard] == {"id": hard, "completions": 1, "rarity": 50}


def test_insights_tell_who_is_on_the_way_and_who_stays(world: World) -> None:
    goal = world.goal(world.words, 10)
    for user, value in (("ada", 10), ("ben", 5), ("cleo", 0.5)):
        world.event(value, user, timestamp=ago(30))
    world.event(1, "ada", timestamp=ago(20))
    found = world.read(f"/admin/v1/achievements/{goal}/insights")
    assert (found["users"], found["completions"], round(found["rarity"], 2)) == (3, 1, 33.33)
    assert [it["users"] for it in found["progress"]] == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0]
    assert found["progressSample"] is None
    stay = found["retention"]
    assert (stay["completersCount"], stay["othersCount"]) == (1, 2)
    assert stay["completers"][:5] == [1, 1, 0, 0, None]
    assert stay["others"][:5] == [1, 0, 0, 0, None]
    assert sum(it["completions"] for it in found["days"]) == 1
    refused(world.http.get(f"/admin/v1/achievements/{world.words}/insights"), 404, "achievement")


def test_who_has_an_achievement_is_listed_page_by_page(world: World) -> None:
    goal = world.goal(world.words, 1)
    for days, user in enumerate(("ada", "ben", "cleo")):
        world.event(1, user, timestamp=ago(days + 1))
    path = f"/admin/v1/achievements/{goal}/users?limit=2"
    first = world.read(path)
    assert [it["userId"] for it in first["data"]] == ["ada", "ben"]
    second = world.read(f"{path}&cursor={first['cursor']}")
    assert ([it["userId"] for it in second["data"]], second["cursor"]) == (["cleo"], None)
    refused(world.http.get(f"{path}&cursor=nonsense"), 422, "cursor")


def test_a_tenant_sees_its_own_users_only(worlds: Worlds) -> None:
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.tenants("a", "b")
    world.words = world.metric("words")
    goal = world.goal(world.words, 1)
    for tenant, user in (("a", "ada"), ("b", "ben"), ("b", "cleo")):
        sent = world.event(2, user, headers={"Tenant-ID": tenant})
        assert sent.status_code == 201, sent.text
    for tenant, users in (("a", ["ada"]), ("b", ["ben", "cleo"])):
        world.http.headers["Tenant-ID"] = tenant
        found = world.read("/admin/v1/stats/overview")["totals"]
        assert (found["users"], found["events"], found["completions"]) == (len(users),) * 3
        assert sorted(it["userId"] for it in world.read("/admin/v1/stats/highlights")["topUsers"]) == users
        owners = world.read(f"/admin/v1/achievements/{goal}/users")["data"]
        assert sorted(it["userId"] for it in owners) == users
        assert world.read(f"/admin/v1/achievements/{goal}/insights")["completions"] == len(users)
    world.close()
