"""Tenants are sealed from one another in users, definitions and settings; unknown ones are let in nowhere."""

import pytest
from tests.support.world import eventually, refused

from plaudit.model.catalog import EnvironmentSettings

NORTH, SOUTH = {"Tenant-ID": "north"}, {"Tenant-ID": "south"}
DEFINITIONS = {
    "metrics": {"name": "Pages", "key": "pages"},
    "attributes": {"name": "Team", "key": "team", "type": "user"},
    "achievements": {"name": "Hello", "trigger": "api", "key": "hello", "status": "active"},
    "points": {"name": "XP", "key": "xp"},
    "leaderboards": {"name": "Best", "key": "best", "rankBy": "streak", "start": "2026-01-01"},
    "webhooks": {"url": "https://hooks.example.com/"},
}


@pytest.fixture
def shared(worlds):
    """An environment of two tenants, with the metric words for both."""
    made = worlds.make(EnvironmentSettings(multi_tenancy=True))
    made.words = made.metric("words")
    made.tenants("north", "south")
    yield made
    made.close()


def make(world, kind, item, headers=None, status=201):
    answer = world.http.post(f"/admin/v1/{kind}", json=[item], headers=headers)
    assert answer.status_code == status, answer.text
    return (answer.json()["created"] or answer.json()["issues"])[0]


def listed(world, kind, headers=None):
    return [each["id"] for each in world.http.get(f"/admin/v1/{kind}", headers=headers).json()]


def test_a_tenant_nobody_made_is_refused_also_before_the_first_one_and_nothing_is_stored(worlds):
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.metric("words")
    refused(world.event(1, headers=NORTH), 422, "'north'", "POST /admin/v1/tenants", "Tenant-ID")
    refused(world.http.get("/admin/v1/metrics", headers=NORTH), 422, "'north'")
    refused(
        world.http.post("/admin/v1/metrics", json=[{"name": "N", "key": "n"}], headers=NORTH), 422, "'north'"
    )
    world.tenants("north")
    assert world.http.get("/admin/v1/users", headers=NORTH).json()["users"] == []
    assert world.event(1, headers=NORTH).status_code == 201
    refused(world.event(1, headers=SOUTH), 422, "'south'")
    assert len(listed(world, "metrics")) == 1


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_a_definition_of_one_tenant_is_not_there_for_another(shared, kind):
    item = DEFINITIONS[kind]
    common = set(listed(shared, kind))
    own = make(shared, kind, item, NORTH)["id"]
    assert set(listed(shared, kind, NORTH)) == common | {own}
    assert set(listed(shared, kind, SOUTH)) == common
    assert set(listed(shared, kind)) == common
    refused(shared.http.get(f"/admin/v1/{kind}/{own}", headers=SOUTH), 404)
    refused(shared.http.get(f"/admin/v1/{kind}/{own}"), 404)
    for elsewhere in (SOUTH, None):
        patched = shared.http.patch(
            f"/admin/v1/{kind}", json=[{"id": own, "name": "Mine"}], headers=elsewhere
        )
        assert patched.json()["updated"] == []
        assert "not found" in patched.json()["issues"][0]["message"]
        gone = shared.http.delete(f"/admin/v1/{kind}", params={"ids": own}, headers=elsewhere)
        assert gone.json()["deleted"] == []
    gone = shared.http.delete(f"/admin/v1/{kind}", params={"ids": own}, headers=NORTH)
    assert gone.json()["deleted"] == [{"id": own}]


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_what_all_share_is_seen_by_each_tenant_and_changed_by_none(shared, kind):
    common = make(shared, kind, DEFINITIONS[kind])["id"]
    assert common in listed(shared, kind, NORTH)
    assert common in listed(shared, kind, SOUTH)
    gone = shared.http.delete(f"/admin/v1/{kind}", params={"ids": common}, headers=NORTH).json()
    assert (gone["deleted"], "shared by all tenants" in gone["issues"][0]["message"]) == ([], True)
    assert common in listed(shared, kind)


@pytest.mark.parametrize("kind", ["metrics", "attributes", "achievements", "points", "leaderboards"])
def test_two_tenants_may_use_one_key_and_a_shared_definition_none_of_theirs(shared, kind):
    item = DEFINITIONS[kind]
    assert make(shared, kind, item, NORTH)["id"] != make(shared, kind, item, SOUTH)["id"]
    assert "already in use" in make(shared, kind, item, NORTH, 200)["message"]
    assert "already in use by a tenant" in make(shared, kind, item, None, 200)["message"]


def test_events_move_only_what_is_the_tenants_own_or_shared(shared):
    for headers in (NORTH, SOUTH):
        make(shared, "metrics", DEFINITIONS["metrics"], headers)
    system = make(shared, "points", DEFINITIONS["points"], NORTH)["id"]
    trigger = {
        "type": "metric",
        "metricId": shared.words,
        "metricThreshold": 1,
        "points": 5,
        "status": "active",
    }
    make(shared, f"points/{system}/triggers", trigger, NORTH)
    board = {"rankBy": "metric", "metricId": shared.words, "name": "W", "key": "w", "start": "2026-01-01"}
    make(shared, "leaderboards", board | {"status": "active"}, NORTH)
    goal = {
        "name": "Ten",
        "trigger": "metric",
        "status": "active",
        "metricId": shared.words,
        "metricValue": 2,
    }
    theirs = make(shared, "achievements", goal, NORTH)["id"]
    all_of_us = make(shared, "achievements", goal)["id"]
    north = shared.event(2, headers=NORTH).json()
    south = shared.event(2, headers=SOUTH).json()
    assert {each["id"] for each in north["achievements"]} == {theirs, all_of_us}
    assert {each["id"] for each in south["achievements"]} == {all_of_us}
    assert north["points"]["xp"]["total"] == 10
    assert north["leaderboards"]["w"]["rank"] == 1
    assert (south["points"], south["leaderboards"]) == ({}, {})
    assert shared.event(3, metric="pages", headers=NORTH).json()["total"] == 3
    assert shared.http.get("/v1/users/ada/metrics/pages", headers=SOUTH).json()["current"] == 0
    for path in (
        "points/xp",
        "points/xp/levels",
        "points/xp/summary",
        "leaderboards/w",
        "users/ada/points/xp",
    ):
        assert shared.http.get(f"/v1/{path}", headers=NORTH).status_code == 200, path
        refused(shared.http.get(f"/v1/{path}", headers=SOUTH), 404)
    listing = shared.http.get("/v1/achievements", headers=SOUTH).json()
    assert [(each["id"], each["completions"], each["rarity"]) for each in listing] == [(all_of_us, 1, 100)]
    assert shared.http.get("/v1/leaderboards", headers=SOUTH).json() == []


def test_back_dating_reaches_the_tenants_users_alone(shared):
    for headers in (NORTH, SOUTH):
        assert shared.event(5, headers=headers).status_code == 201
    goal = {
        "name": "Five",
        "trigger": "metric",
        "status": "active",
        "metricId": shared.words,
        "metricValue": 5,
    }
    own = make(shared, "achievements", goal, NORTH)["id"]
    path = "/v1/users/ada/achievements"
    assert eventually(lambda: own in {each["id"] for each in shared.http.get(path, headers=NORTH).json()})
    assert shared.http.get(path, headers=SOUTH).json() == []
    refused(shared.http.get(path), 422, "Tenant-ID")


def test_an_undeclared_attribute_is_refused_where_only_another_tenant_declared_it(shared):
    make(shared, "attributes", DEFINITIONS["attributes"], NORTH)
    profile = {"attributes": {"team": "red"}}
    assert shared.event(1, profile=profile, headers=NORTH).status_code == 201
    refused(shared.event(1, profile=profile, headers=SOUTH), 422, "team")


def test_settings_and_streak_settings_are_a_tenants_own_from_its_first_change_on(shared):
    def streaks(headers=None):
        return shared.http.get("/admin/v1/streaks/settings", headers=headers).json()["frequency"]

    def branding(headers=None):
        return shared.http.get("/admin/v1/settings", headers=headers).json()["branding"]["appName"]

    for path, body in (
        ("streaks/settings", {"frequency": "weekly"}),
        ("settings", {"branding": {"appName": "North"}}),
    ):
        assert shared.http.patch(f"/admin/v1/{path}", json=body, headers=NORTH).status_code == 200
    assert (streaks(NORTH), streaks(SOUTH), streaks()) == ("weekly", "daily", "daily")
    assert (branding(NORTH), branding(SOUTH)) == ("North", branding())
    north, south = (shared.event(1, headers=headers).json() for headers in (NORTH, SOUTH))
    assert (north["currentStreak"]["frequency"], south["currentStreak"]["frequency"]) == ("weekly", "daily")
    shared.http.patch("/admin/v1/streaks/settings", json={"frequency": "monthly"})
    assert (streaks(NORTH), streaks(SOUTH), streaks()) == ("weekly", "monthly", "monthly")


def test_a_shared_metric_that_a_tenant_counts_on_is_kept(shared):
    goal = {"name": "One", "trigger": "metric", "metricId": shared.words, "metricValue": 1}
    own = make(shared, "achievements", goal, NORTH)["id"]
    kept = shared.http.delete("/admin/v1/metrics", params={"ids": shared.words}).json()
    assert (kept["deleted"], "One" in kept["issues"][0]["message"]) == ([], True)
    shared.http.delete("/admin/v1/achievements", params={"ids": own}, headers=NORTH)
    assert shared.http.delete("/admin/v1/metrics", params={"ids": shared.words}).json()["issues"] == []


def test_a_tenant_cannot_build_on_what_another_owns(shared):
    pages = make(shared, "metrics", DEFINITIONS["metrics"], NORTH)["id"]
    goal = {"name": "One", "trigger": "metric", "metricId": pages, "metricValue": 1}
    for headers in (SOUTH, None):
        assert "no metric with the id" in make(shared, "achievements", goal, headers, 200)["message"]
    assert make(shared, "achievements", goal, NORTH)["id"]
