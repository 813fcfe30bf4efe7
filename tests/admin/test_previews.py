"""Dry runs of achievements: what they tell is what back-dating then does, and nothing is stored before."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.conftest import Worlds
from tests.support.world import World, eventually, refused

from plaudit.model.catalog import EnvironmentSettings
from plaudit.operations import preview_achievement

NOW = datetime.now(UTC)


def ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def preview(world: World, achievement: Any, **more: Any) -> Any:
    answer = world.http.post("/admin/v1/achievements/preview", json={"achievement": achievement} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def stored(world: World) -> list[Any]:
    """Give everything a dry run could have changed."""
    paths = ("achievements?limit=100", "backdates", "audit", "users", "attributes", "metrics")
    return [
        *(world.read(f"/admin/v1/{path}") for path in paths),
        *(world.earned(user) for user in ("ada", "ben", "cleo", "dan")),
    ]


def settled(world: World) -> bool:
    return eventually(lambda: all(it["status"] == "finished" for it in world.read("/admin/v1/backdates")))


def people(world: World) -> dict[str, str]:
    """Make four users that differ in everything an achievement can ask for; give ids by name."""
    ids = {"plan": world.attribute("plan"), "place": world.attribute("place", "event")}
    ids["by_hand"] = world.achievement("api", key="by-hand")
    pro = {"attributes": {"plan": "pro"}, "signUpDate": ago(800)[:10], "name": "Ada"}
    for days in (2, 1, 0):
        world.event(4, timestamp=ago(days), attributes={"place": "abroad"}, profile=pro)
    world.event(20, "ben", attributes={"place": "home"})
    world.event(9, "cleo", attributes={"place": "abroad"}, profile={"attributes": {"plan": "pro"}})
    world.event(1, "dan", profile={"signUpDate": ago(400)[:10]})
    assert world.complete("by-hand").status_code < 300
    assert world.complete("by-hand", "dan").status_code < 300
    return ids


def item(world: World, ids: dict[str, str], **fields: Any) -> Any:
    """Give an active achievement, with ``$name`` for an id and ``key=value`` for attributes."""
    known = {"$words": world.words, **{f"${name}": made for name, made in ids.items()}}

    def read(value: Any) -> Any:
        if isinstance(value, list):
            return [read(each) for each in value]
        if isinstance(value, str) and "=" in value:
            key, _, wanted = value.partition("=")
            return {"attributeId": ids[key], "attributeValue": wanted}
        return known.get(value, value) if isinstance(value, str) else value

    return {"name": "Goal", "status": "active"} | {name: read(value) for name, value in fields.items()}


CASES: list[tuple[Any, set[str]]] = [
    ({"trigger": "metric", "metricId": "$words", "metricValue": 9}, {"ada", "ben", "cleo"}),
    (
        {"trigger": "metric", "metricId": "$words", "metricValue": 9, "userAttributes": ["plan=pro"]},
        {"ada", "cleo"},
    ),
    (
        {"trigger": "metric", "metricId": "$words", "metricValue": 10, "eventAttributes": ["place=abroad"]},
        {"ada"},
    ),
    ({"trigger": "streak", "streakLength": 3}, {"ada"}),
    ({"trigger": "anniversary", "anniversaryYears": 1}, {"ada", "dan"}),
    ({"trigger": "anniversary", "anniversaryYears": 2}, {"ada"}),
    ({"trigger": "achievement", "achievementIds": ["$by_hand"]}, {"ada", "dan"}),
    (
        {"trigger": "achievement", "achievementIds": ["$by_hand"], "userAttributes": ["plan=pro"]},
        {"ada"},
    ),
    ({"trigger": "api", "key": "another"}, set()),
    ({"trigger": "metric", "metricId": "$words", "metricValue": 9, "status": "inactive"}, set()),
]


@pytest.mark.parametrize(("fields", "wanted"), CASES)
def test_a_dry_run_tells_what_back_dating_then_does(world: World, fields: Any, wanted: set[str]) -> None:
    ids = people(world)
    assert settled(world)
    before = stored(world)
    draft = item(world, ids, **fields)
    told = preview(world, draft)
    assert stored(world) == before
    assert (told["issues"], told["done"], told["total"], told["cursor"]) == ([], 4, 4, None)
    assert (told["users"], {it["userId"] for it in told["sample"]}) == (len(wanted), wanted)
    times = [it["achievedAt"] for it in told["sample"]]
    assert times == sorted(times, reverse=True)

    made = world.http.post("/admin/v1/achievements", json=[draft]).json()["created"][0]["id"]
    assert settled(world)
    owners = world.read(f"/admin/v1/achievements/{made}/users")["data"]
    assert {it["userId"]: it for it in owners} == {it["userId"]: it for it in told["sample"]}
    assert world.completions(made) == told["users"] if draft["status"] == "active" else owners == []
    assert preview(world, {}, id=made)["users"] == 0


def test_a_change_is_tried_for_those_who_lack_the_achievement(world: World) -> None:
    people(world)
    goal = world.goal(world.words, 15)
    assert settled(world)
    assert set(world.earned("ben")) == {goal}
    before = stored(world)
    told = preview(world, {"metricValue": 5}, id=goal)
    assert stored(world) == before
    assert {it["userId"] for it in told["sample"]} == {"ada", "cleo"}
    assert preview(world, {"name": "Other words"}, id=goal)["users"] == 0
    world.http.patch("/admin/v1/achievements", json=[{"id": goal, "metricValue": 5}])
    assert settled(world)
    assert world.completions(goal) == 1 + told["users"]


def test_what_an_edit_would_refuse_is_an_issue(world: World) -> None:
    for draft, more in (
        ({"name": "X", "trigger": "metric", "metricValue": 5}, {}),
        ({"name": 5, "trigger": "streak"}, {}),
        ({"metricValue": -1}, {"id": world.goal(world.words, 5)}),
        ({"name": "X"}, {"id": "nonsense"}),
        ("text", {"id": "nonsense"}),
        ("text", {}),
    ):
        items = [draft | more] if isinstance(draft, dict) else [draft]
        method = "PATCH" if more else "POST"
        real = world.http.request(method, "/admin/v1/achievements", json=items).json()["issues"]
        told = preview(world, draft, **more)
        assert [it["message"] for it in told["issues"]] == [it["message"] for it in real] != []
        assert (told["users"], told["done"], told["cursor"]) == (0, 0, None)
    answer = world.http.post("/admin/v1/achievements/preview", json={"achievement": {}, "cursor": "1.x"})
    refused(answer, 422, "cursor")


def test_many_users_are_looked_at_in_turns(world: World) -> None:
    many = preview_achievement.MOST_USERS + 70
    items = [{"user": {"id": f"u{n}"}, "key": "words", "value": n % 2 + 1} for n in range(many)]
    assert world.batch(items).status_code < 300
    draft = {
        "name": "Two",
        "trigger": "metric",
        "metricId": world.words,
        "metricValue": 2,
        "status": "active",
    }
    told, seen, turns = preview(world, draft), set[str](), 1
    seen |= {it["userId"] for it in told["sample"]}
    while told["cursor"] is not None:
        assert 0 < told["done"] < told["total"] == many
        assert len(told["sample"]) <= 10
        told, turns = preview(world, draft, cursor=told["cursor"]), turns + 1
        seen |= {it["userId"] for it in told["sample"]}
    assert turns > 1
    assert (told["done"], told["users"]) == (many, many // 2)
    assert all(int(user[1:]) % 2 for user in seen)


def test_a_dry_run_stays_in_its_tenant(worlds: Worlds) -> None:
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.tenants("here", "there")
    words = world.metric()
    here, there = {"Tenant-ID": "here"}, {"Tenant-ID": "there"}
    for user, tenant in (("ada", here), ("ben", here), ("ada", there)):
        assert world.event(5, user, headers=tenant).status_code == 201
    body = {"achievement": item(world, {}, trigger="metric", metricId=words, metricValue=5)}
    for tenant, users in ((here, 2), (there, 1)):
        told = world.http.post("/admin/v1/achievements/preview", json=body, headers=tenant).json()
        assert (told["done"], told["total"], told["users"]) == (users, users, users)


def test_a_dry_run_sees_what_its_tenant_sees(worlds: Worlds) -> None:
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.tenants("here", "there")
    here, there = {"Tenant-ID": "here"}, {"Tenant-ID": "there"}
    made = world.http.post("/admin/v1/metrics", json=[{"name": "Own", "key": "own"}], headers=here).json()
    own = made["created"][0]["id"]
    assert world.event(5, "ada", metric="own", headers=here).status_code == 201
    goal = {"name": "Five", "trigger": "metric", "metricId": own, "metricValue": 5}
    goal["id"] = world.http.post("/admin/v1/achievements", json=[goal], headers=here).json()["created"][0][
        "id"
    ]

    def told(tenant: dict[str, str], item: dict[str, Any], **beside: str) -> Any:
        body = {"achievement": item | {"status": "active"}} | beside
        return world.http.post("/admin/v1/achievements/preview", json=body, headers=tenant).json()

    new = {key: value for key, value in goal.items() if key != "id"} | {"name": "New"}
    for item, beside in ((new, {}), ({}, {"id": goal["id"]})):
        mine, theirs = told(here, item, **beside), told(there, item, **beside)
        assert (mine["issues"], mine["users"]) == ([], 1)
        assert (len(theirs["issues"]), theirs["users"]) == (1, 0)
