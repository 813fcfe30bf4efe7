"""The rules of achievements over the Admin API: which fields each trigger needs, and what is refused."""

from uuid import uuid4

import pytest
from tests.support.world import refused

NAME = {"name": "Goal"}


def create(world, *items):
    return world.http.post("/admin/v1/achievements", json=list(items))


def update(world, *items):
    return world.http.patch("/admin/v1/achievements", json=list(items))


def message(answer):
    (issue,) = answer.json()["issues"]
    assert issue["severity"] == "error"
    return issue["message"]


def test_each_trigger_is_created_and_shows_only_its_own_fields(world):
    common = {"description": None, "status": "inactive", "badge": None, "userAttributes": []}
    first = world.achievement("api", key="first")
    wanted = [
        {"trigger": "metric", "metricId": world.words, "metricValue": 2.5, "eventAttributes": []},
        {"trigger": "streak", "streakLength": 7},
        {"trigger": "api", "key": "shared"},
        {"trigger": "achievement", "achievementIds": [first]},
        {"trigger": "anniversary", "anniversaryYears": 1},
    ]
    answer = create(world, *(NAME | item for item in wanted))
    assert answer.status_code == 201
    made = answer.json()["created"]
    assert answer.json()["issues"] == []
    assert [{k: v for k, v in one.items() if k != "id"} for one in made] == [
        NAME | common | w for w in wanted
    ]
    assert world.read("/admin/v1/achievements?skip=1") == made
    assert world.read(f"/admin/v1/achievements/{made[0]['id']}") == made[0]


BROKEN = [
    ({"trigger": "metric", "metricValue": 5}, "metricId is required for the trigger 'metric'"),
    ({"trigger": "metric", "metricId": "words", "metricValue": 5}, "no metric with the id 'words'"),
    ({"trigger": "metric", "metricId": "$words"}, "metricValue is required"),
    ({"trigger": "metric", "metricId": "$words", "metricValue": 0}, "metricValue must be more than 0"),
    ({"trigger": "metric", "metricId": "$words", "metricValue": 1e-7}, "metricValue must be more than 0"),
    (
        {"trigger": "metric", "metricId": "$words", "metricValue": 1e300},
        "metricValue must be more than 0",
    ),
    ({"trigger": "metric", "metricId": "$words", "metricValue": "5"}, "metricValue must be a number"),
    ({"trigger": "streak"}, "streakLength is required"),
    ({"trigger": "streak", "streakLength": 0}, "streakLength must be at least 1"),
    ({"trigger": "streak", "streakLength": 2.5}, "streakLength must be a whole number"),
    ({"trigger": "api"}, "key is required"),
    ({"trigger": "api", "key": "has space"}, "key must be"),
    ({"trigger": "achievement"}, "achievementIds is required"),
    ({"trigger": "achievement", "achievementIds": []}, "achievementIds is required"),
    ({"trigger": "achievement", "achievementIds": ["x"]}, "no achievement with the id 'x'"),
    ({"trigger": "anniversary"}, "anniversaryYears is required"),
    ({"trigger": "anniversary", "anniversaryYears": 5000}, "anniversaryYears must be at least 1"),
    ({"trigger": "birthday"}, "trigger cannot be 'birthday'"),
    ({"trigger": "api", "key": "k", "status": "gone"}, "status cannot be 'gone'"),
    ({"trigger": "api", "key": "k", "streakLength": 2}, "streakLength is only for the trigger 'streak'"),
    ({"trigger": "api", "key": "k", "eventAttributes": []}, "eventAttributes is only for the trigger"),
    ({"trigger": "api", "key": "k", "badge": {"url": "javascript:alert(1)"}}, "badge.url must be"),
    ({"trigger": "api", "key": "k", "badge": {"url": f"/badges/{'0' * 64}.png"}}, "no uploaded badge"),
    ({"trigger": "api", "key": "k", "badge": "x.png"}, "badge must be an object"),
    (
        {"trigger": "api", "key": "k", "userAttributes": [{"attributeId": "x"}]},
        "attributeValue is missing",
    ),
    (
        {"trigger": "api", "key": "k", "userAttributes": [{"attributeId": "x", "attributeValue": "y"}]},
        "no user attribute with the id 'x'",
    ),
    ({"trigger": "api", "key": "k", "description": "x" * 2001}, "description must be 0 to 2000"),
]
"""What breaks a rule, and what the caller is told; $words stands for the id of a metric."""


def test_items_that_break_a_rule_are_issues_and_hurt_no_neighbour(world):
    items = [{k: world.words if v == "$words" else v for k, v in item.items()} for item, _ in BROKEN]
    answer = create(world, *(NAME | item for item in items), NAME | {"trigger": "api", "key": "good"})
    assert [one["key"] for one in answer.json()["created"]] == ["good"]
    told = {issue["index"]: issue["message"] for issue in answer.json()["issues"]}
    assert {n: told[n] for n, (_, said) in enumerate(BROKEN) if said not in told[n]} == {}


def test_every_achievement_may_carry_a_key_of_its_own(world):
    world.goal(world.words, 10, key="ten")
    assert "Key already in use" in message(create(world, NAME | {"trigger": "api", "key": "ten"}))
    assert world.read("/admin/v1/achievements")[0]["key"] == "ten"


def test_an_attribute_of_the_other_type_is_refused(world):
    place = world.attribute("place", "event")
    pair = {"attributeId": place, "attributeValue": "abroad"}
    goal = NAME | {"trigger": "metric", "metricId": world.words, "metricValue": 1}
    assert "no user attribute" in message(create(world, goal | {"userAttributes": [pair]}))
    assert "twice" in message(create(world, goal | {"eventAttributes": [pair, pair]}))
    assert create(world, goal | {"eventAttributes": [pair]}).status_code == 201


def test_fields_not_sent_are_kept_and_null_clears(world):
    plan = world.attribute("plan")
    sent = {
        "description": "All of it", "badge": {"url": "https://cdn.example/a.png"},
        "userAttributes": [{"attributeId": plan, "attributeValue": "pro"}],
    }  # fmt: skip
    made = world.goal(world.words, 10, name="Ten", key="ten", **sent)
    kept = update(world, {"id": made, "name": "Ten words"}).json()["updated"][0]
    assert {field: kept[field] for field in sent} == sent
    assert (kept["name"], kept["metricValue"], kept["key"], kept["status"]) == (
        "Ten words",
        10,
        "ten",
        "active",
    )
    cleared = dict.fromkeys(["description", "badge", "userAttributes", "eventAttributes", "key"])
    bare = update(world, {"id": made} | cleared).json()["updated"][0]
    assert (bare["description"], bare["badge"], bare["userAttributes"]) == (None, None, [])
    assert "key" not in bare


@pytest.mark.parametrize("field", ["status", "metricId", "metricValue"])
def test_what_is_needed_cannot_be_cleared(world, field):
    made = world.goal(world.words, 10)
    assert f"{field} can be changed but not cleared" == message(update(world, {"id": made, field: None}))


def test_the_key_of_an_api_achievement_cannot_be_cleared(world):
    made = world.achievement("api", key="first")
    assert "key is required" in message(update(world, {"id": made, "key": None}))
    assert update(world, {"id": made, "key": "first"}).json()["issues"] == []


def test_a_new_trigger_needs_its_own_fields_and_drops_the_old_ones(world):
    made = world.goal(world.words, 10)
    assert "streakLength is required" in message(update(world, {"id": made, "trigger": "streak"}))
    changed = update(world, {"id": made, "trigger": "streak", "streakLength": 3}).json()["updated"][0]
    assert (changed["trigger"], changed["streakLength"]) == ("streak", 3)
    assert not {"metricId", "metricValue", "eventAttributes"} & changed.keys()
    assert "metricValue is only for the trigger" in message(update(world, {"id": made, "metricValue": 5}))


def test_an_update_names_its_issues_by_id(world):
    missing = str(uuid4())
    answer = update(world, {"id": missing, "name": "x"}, {"id": "x"})
    assert answer.status_code == 200
    assert [(i["id"], i["message"]) for i in answer.json()["issues"]] == [
        (missing, "Achievement not found by ID"),
        ("x", "id must be a valid UUID"),
    ]


def test_a_cycle_is_refused_with_422(world):
    first = world.achievement("api", key="first")
    second = world.achievement("achievement", achievementIds=[first])
    third = world.achievement("achievement", achievementIds=[second])
    for leads_back in (second, third, first):
        answer = update(world, {"id": first, "trigger": "achievement", "achievementIds": [leads_back]})
        sentence = refused(answer, 422, "lead back to itself")
        assert answer.json()["updated"] == []
        assert answer.json()["issues"][0]["message"] == sentence.rstrip(".")
    answer = update(world, {"id": first, "name": "One"}, {"id": second, "achievementIds": [third]})
    assert answer.status_code == 200
    assert [one["name"] for one in answer.json()["updated"]] == ["One"]
    assert "lead back" in message(answer)


def test_a_cycle_closed_inside_one_request_is_an_issue(world):
    base = world.achievement("api", key="base")
    one = world.achievement("achievement", achievementIds=[base])
    two = world.achievement("achievement", achievementIds=[base])
    answer = update(world, {"id": one, "achievementIds": [two]}, {"id": two, "achievementIds": [one]})
    assert [item["id"] for item in answer.json()["updated"]] == [one]
    assert "lead back" in message(answer)


def test_a_prerequisite_is_kept_until_those_that_need_it_are_gone(world):
    first = world.achievement("api", key="first")
    second = world.achievement("achievement", "Second", achievementIds=[first])
    answer = world.http.delete("/admin/v1/achievements", params={"ids": [first]})
    assert "'Second' needs this one" in message(answer)
    answer = world.http.delete("/admin/v1/achievements", params={"ids": [second, first]})
    assert answer.json() == {"deleted": [{"id": second}, {"id": first}], "issues": []}
    refused(world.complete("first"), 404)


def test_another_environment_cannot_be_referred_to(world, elsewhere):
    goal = elsewhere.goal(elsewhere.words, 1)
    item = NAME | {"trigger": "achievement", "achievementIds": [goal]}
    assert "no achievement with the id" in message(create(world, item))
    item = NAME | {"trigger": "metric", "metricId": elsewhere.words, "metricValue": 1}
    assert "no metric with the id" in message(create(world, item))
    refused(world.http.get(f"/admin/v1/achievements/{goal}"), 404)
