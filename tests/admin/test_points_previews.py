"""Dry runs of events: what they tell is what the event then brings, and nothing is stored before."""

from typing import Any

from tests.conftest import Worlds
from tests.support.world import World, refused

from plaudit.model.catalog import EnvironmentSettings


def system(world: World, goal: str, place: str) -> Any:
    """Make a points system with a trigger of every type that an event can pull."""
    abroad = [{"attributeId": place, "attributeValue": "abroad"}]
    words: dict[str, Any] = {"type": "metric", "metricId": world.words}
    triggers: list[dict[str, Any]] = [
        words | {"points": 3, "metricThreshold": 10},
        words | {"points": 7, "metricThreshold": 5, "eventAttributes": abroad},
        {"type": "achievement", "points": 50, "achievementId": goal},
        {"type": "streak", "points": 2, "streakLength": 1},
        {"type": "user_creation", "points": 11},
    ]
    item = {
        "name": "XP",
        "key": "xp",
        "triggers": [{"status": "active"} | each for each in triggers],
        "levels": [
            {"name": "Bronze", "key": "bronze", "points": 1},
            {"name": "Gold", "key": "gold", "points": 60},
        ],
        "boosts": [{"name": "Double", "start": "2020-01-01", "multiplier": 2}],
    }
    answer = world.http.post("/admin/v1/points", json=[item])
    assert answer.status_code == 201, answer.text
    return answer.json()["created"][0]["id"]


def preview(world: World, xp: str, **body: Any) -> Any:
    return world.http.post(f"/admin/v1/points/{xp}/preview", json={"metricKey": "words", "value": 20} | body)


def by_type(told: Any) -> dict[str, int]:
    return {it["trigger"]["type"]: it["awarded"] for it in told["triggers"] if it["awarded"]}


def brought(answer: Any) -> dict[str, int]:
    sums: dict[str, int] = {}
    for award in answer.json()["points"]["xp"]["awards"]:
        kind = award["trigger"]["id"]
        sums[kind] = sums.get(kind, 0) + award["awarded"]
    return sums


def test_an_event_brings_what_its_dry_run_told(world: World) -> None:
    goal = world.goal(world.words, 30)
    xp = system(world, goal, world.attribute("place", "event"))
    new = preview(world, xp).json()
    assert by_type(new) == {"metric": 12, "streak": 4, "user_creation": 22}
    assert (new["before"]["total"], new["before"]["level"], new["after"]["total"]) == (0, None, 38)
    assert [it["name"] for it in new["triggers"][0]["boosts"]] == ["Double"]
    assert world.read("/admin/v1/users")["users"] == []
    refused(preview(world, xp, userId="ada"), 404, "ada")

    assert world.event(12).status_code == 201
    before = (world.read("/admin/v1/users/ada"), world.read("/admin/v1/users/ada/events"))
    where = {"place": "abroad"}
    told = preview(world, xp, userId="ada", attributes=where).json()
    assert (world.read("/admin/v1/users/ada"), world.read("/admin/v1/users/ada/events")) == before
    sent = world.event(20, attributes=where)
    found = sent.json()["points"]["xp"]
    assert {it["trigger"]["id"]: it["awarded"] for it in told["triggers"] if it["awarded"]} == brought(sent)
    assert len(brought(sent)) == 3
    assert (told["added"], told["after"]["total"]) == (found["added"], found["total"])
    assert (told["before"]["level"]["key"], told["after"]["level"]) == ("bronze", found["level"])
    assert set(world.earned()) == {goal}


def test_what_was_paid_for_is_not_paid_again(world: World) -> None:
    xp = system(world, world.goal(world.words, 1000), world.attribute("place", "event"))
    for value in (25, -20):
        assert world.event(value).status_code == 201
    told = preview(world, xp, userId="ada").json()
    assert (told["added"], by_type(told)) == (0, {})
    assert world.event(20).json()["points"] == {}


def test_an_event_that_cannot_be_is_refused(world: World) -> None:
    xp = system(world, world.goal(world.words, 30), world.attribute("place", "event"))
    refused(preview(world, xp, metricKey="nothing"), 404, "nothing")
    refused(preview(world, xp, attributes={"colour": "red"}), 422, "colour")
    refused(preview(world, xp, value="x"), 422, "value")
    refused(preview(world, xp, userId=""), 422, "userId")
    refused(preview(world, "nonsense"), 422, "systemId")
    refused(preview(world, world.words), 404, "points system")


def test_a_tenants_own_points_are_tried_in_that_tenant_alone(worlds: Worlds) -> None:
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.tenants("here", "there")
    words = world.metric()
    here, there = {"Tenant-ID": "here"}, {"Tenant-ID": "there"}
    trigger = {"type": "metric", "points": 3, "metricId": words, "metricThreshold": 10, "status": "active"}
    item = {"name": "Own", "key": "own", "triggers": [trigger]}
    own = world.http.post("/admin/v1/points", json=[item], headers=here).json()["created"][0]["id"]
    path, trial = f"/admin/v1/points/{own}/preview", {"metricKey": "words", "value": 20}
    assert world.http.post(path, json=trial, headers=here).json()["added"] == 6
    refused(world.http.post(path, json=trial, headers=there), 404)
