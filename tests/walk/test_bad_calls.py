"""Calls that cannot be done: wrong routes, keys, tenants, names, dates and batches.

Each with the status and the sentence the caller gets; never a 500, and nothing stored.
"""

import pytest
from tests.support.world import Call, eventually, refused

from plaudit.model.catalog import EnvironmentSettings

GOOD = {"user": {"id": "ada"}, "value": 10}


# Routes and methods


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v2/users/ada", "/admin/v1/nothing", "/v1", "/v1/users/a/b/c/d"]
)
def test_an_unknown_route_is_a_404_with_a_sentence(world, path):
    refused(world.http.get(path), 404, "There is no GET", "openapi")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/metrics/words/event", "POST"),
        ("DELETE", "/v1/users/ada", "PATCH"),
        ("POST", "/v1/achievements", "GET"),
        ("PUT", "/admin/v1/metrics", "POST"),
    ],
)
def test_a_wrong_method_is_a_405_that_names_the_right_ones(world, method, path, allowed):
    answer = world.http.request(method, path)
    refused(answer, 405, method, allowed)
    assert allowed in answer.headers["Allow"]


# Keys


@pytest.mark.parametrize("path", ["/v1/users/ada", "/v1/achievements", "/admin/v1/metrics"])
def test_a_call_without_a_key_is_refused(world, path):
    del world.http.headers["X-API-KEY"]
    refused(world.http.get(path), 401, "The API key is missing", "X-API-KEY")


@pytest.mark.parametrize("key", ["x", "adm_AAAAAAAA." + "A" * 49, "é".encode(), "a" * 5000])
@pytest.mark.parametrize("path", ["/v1/achievements", "/admin/v1/metrics"])
def test_a_wrong_key_is_refused(world, key, path):
    refused(world.http.get(path, headers={"X-API-KEY": key}), 401, "The API key is not valid")


def test_a_key_with_one_letter_changed_is_refused(world):
    wrong = world.key[:-1] + ("a" if world.key[-1] != "a" else "b")
    refused(world.http.get("/v1/achievements", headers={"X-API-KEY": wrong}), 401, "not valid")


def test_an_application_key_acts_for_its_user_and_for_nobody_else(world):
    world.event(1, "ben")
    key = {"X-API-KEY": world.app_key("ada")}
    assert world.event(5, "ada", headers=key).status_code == 201
    refused(world.event(5, "ben", headers=key), 403, "acts for another user")
    refused(world.http.get("/v1/users/ben", headers=key), 403, "acts for another user")
    refused(world.http.get("/v1/users/ben/achievements", headers=key), 403, "acts for another user")
    refused(world.http.patch("/v1/users/ben", json={"name": "x"}, headers=key), 403, "another user")
    assert (world.total("ada"), world.total("ben")) == (5, 1)


def test_an_application_key_reaches_nothing_of_the_admin_api(world):
    key = {"X-API-KEY": world.app_key("ada")}
    item = {"key": "words", "user": {"id": "ada"}, "value": 1}
    for method, path, body in (
        ("GET", "/admin/v1/metrics", None),
        ("POST", "/admin/v1/metrics/events", [item]),
        ("POST", "/admin/v1/application-api-keys", [{"userId": "ben"}]),
    ):
        refused(world.send(Call(method, path, body, key)), 403, "Use an admin key")
    assert world.total() is None


def test_a_deleted_application_key_opens_nothing(world):
    made = world.http.post("/admin/v1/application-api-keys", json=[{"userId": "ada"}]).json()["created"][0]
    key = {"X-API-KEY": made["key"]}
    assert world.event(1, headers=key).status_code == 201
    world.http.delete(f"/admin/v1/application-api-keys?ids={made['id']}")
    # Every process learns of it within half a second.
    assert eventually(lambda: world.event(0, headers=key).status_code == 401)
    refused(world.event(0, headers=key), 401, "not valid")


def test_another_environment_is_another_world(world, elsewhere):
    elsewhere.event(5, "cleo")
    refused(world.http.get("/v1/users/cleo"), 404, "There is no user with the id 'cleo'")


# Tenants


@pytest.fixture
def shared(worlds):
    """An environment of many tenants."""
    made = worlds.make(EnvironmentSettings(multi_tenancy=True))
    made.metric("words")
    made.tenants("north", "south")
    made.http.headers["Tenant-ID"] = "north"
    yield made
    made.close()


def test_a_tenant_must_be_named_where_there_are_tenants(shared):
    del shared.http.headers["Tenant-ID"]
    refused(shared.event(1), 422, "multi-tenant", "Tenant-ID")
    refused(shared.http.get("/v1/users/ada"), 422, "Tenant-ID")


@pytest.mark.parametrize("tenant", ["", "t" * 256, "a\tb", "te\u0301".encode(), b"\xff"])
def test_a_tenant_id_that_is_no_id_is_refused(shared, tenant):
    refused(shared.event(1, headers={"Tenant-ID": tenant}), 422, "Tenant-ID")


def test_a_tenant_id_means_nothing_where_there_are_no_tenants(world):
    world.event(1, headers={"Tenant-ID": "north"})
    world.event(1, headers={"Tenant-ID": "south"})
    assert world.total() == 2


def test_tenants_are_sealed_from_each_other(shared):
    shared.event(1, "ada")
    refused(shared.http.get("/v1/users/ada", headers={"Tenant-ID": "south"}), 404, "There is no user")


# Names


def test_an_unknown_metric_is_named(world):
    refused(world.event(1, metric="word"), 404, "There is no metric with the key 'word'")
    world.event(1)
    refused(world.http.get("/v1/users/ada/metrics/word"), 404, "'word'")
    item = {"key": "word", "user": {"id": "ben"}, "value": 1}
    refused(world.batch([item]), 404, "'word'")
    assert world.total("ben") is None


def test_an_unknown_user_is_named(world):
    for path in ("", "/achievements", "/metrics", "/metrics/words", "/streak"):
        refused(world.http.get(f"/v1/users/ben{path}"), 404, "There is no user with the id 'ben'")
    refused(world.http.patch("/v1/users/ben", json={"name": "Ben"}), 404, "'ben'")


def test_undeclared_attributes_are_named(world):
    refused(world.event(1, attributes={"shoe": "left"}), 422, "Event attributes not declared", "shoe")
    shoes = {"attributes": {"size": "9"}}
    refused(world.event(1, profile=shoes), 422, "User attributes not declared", "size")
    refused(world.http.put("/v1/users/ada", json=shoes), 422, "size")
    assert world.total() is None


def test_an_achievement_that_cannot_be_completed_by_call_says_why(world):
    world.achievement("api", key="closed", status="locked")
    world.achievement("api", key="asleep", status="inactive")
    plan = world.attribute("plan")
    world.achievement("api", key="pros", userAttributes=[{"attributeId": plan, "attributeValue": "pro"}])
    world.goal(world.words, 1, key="by-words")
    refused(world.complete("unknown"), 404, "no active achievement with the key 'unknown'")
    refused(world.complete("asleep"), 404, "no active achievement with the key 'asleep'")
    refused(world.complete("closed"), 422, "locked")
    refused(world.complete("pros"), 422, "limited to users with", "plan")
    refused(world.complete("by-words"), 422, "trigger 'metric'", "api")
    assert world.http.get("/v1/users/ada").status_code == 404


# Queries


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("", "aggregation"),
        ("aggregation=hourly&startDate=2026-01-01&endDate=2026-01-02", "aggregation"),
        ("aggregation=daily&endDate=2026-01-02", "startDate"),
        ("aggregation=daily&startDate=2026-01-01", "endDate"),
        ("aggregation=daily&startDate=2026-02-30&endDate=2026-03-02", "startDate"),
        ("aggregation=daily&startDate=01.02.2026&endDate=2026-03-02", "startDate"),
        ("aggregation=daily&startDate=2026-01-03&endDate=2026-01-02", "Date"),
        ("aggregation=daily&startDate=2020-01-01&endDate=2026-01-02", "400 days"),
        ("aggregation=daily&startDate=0000-01-01&endDate=9999-12-31", "Date"),
    ],
)
def test_a_summary_of_impossible_dates_is_refused(world, query, word):
    world.event(1)
    refused(world.http.get(f"/v1/users/ada/metrics/words/event-summary?{query}"), 422, word)


@pytest.mark.parametrize("number", ["-1", "0.5", "many", "1" * 30, ""])
def test_an_impossible_number_of_periods_is_refused(world, number):
    world.event(1)
    refused(world.http.get(f"/v1/users/ada/streak?historyPeriods={number}"), 422, "historyPeriods")


def test_streaks_of_nobody_and_of_too_many_are_refused(world):
    refused(world.http.get("/v1/streaks"), 422, "userIds")
    many = ",".join(f"user-{n}" for n in range(101))
    refused(world.http.get(f"/v1/streaks?userIds={many}"), 422, "userIds", "100")


@pytest.mark.parametrize("path", ["/v1/users/%ff", "/v1/users/ad%00a", "/v1/users/%E2%80%AE"])
def test_a_path_that_hides_something_is_refused(world, path):
    answer = world.http.get(path)
    refused(answer, answer.status_code)
    assert answer.status_code in {404, 422}


# Batches


def item(**changes):
    return {"key": "words", "user": {"id": "ada"}, "value": 1} | changes


@pytest.mark.parametrize(
    ("wrong", "status", "word"),
    [
        (item(value="x"), 422, "value"),
        (item(value=1e300), 422, "value"),
        (item(user={}), 422, "id"),
        (item(key="word"), 404, "word"),
        (item(user={"id": "ada", "tz": "Mars"}), 422, "tz"),
        (item(attributes={"shoe": "left"}), 422, "shoe"),
        (item(idempotencyKey=""), 422, "dempotency"),
        (item(timestamp="2099-01-01T00:00:00Z"), 422, "timestamp"),
        ("text", 422, "object"),
    ],
)
def test_one_bad_item_names_its_index_and_nothing_of_a_batch_is_stored(world, wrong, status, word):
    goal = world.goal(world.words, 1)
    answer = world.batch([item(), item(user={"id": "ben"}), wrong, item()])
    refused(answer, status, word, "2")
    assert (world.total("ada"), world.total("ben"), world.completions(goal)) == (None, None, 0)


@pytest.mark.parametrize(
    ("items", "word"), [([], "1"), ([item()] * 1001, "1000"), ({}, "list"), ("x", "list")]
)
def test_a_batch_of_none_or_too_many_is_refused(world, items, word):
    answer = world.send(Call("POST", "/admin/v1/metrics/events", items))
    refused(answer, 422)
    assert word in answer.json()["error"].replace(",", "")
    assert world.total() is None


def test_a_batch_that_would_leave_the_range_is_not_stored_in_part(world):
    answer = world.batch([item(value=9_000_000_000), item(value=9_000_000_000, user={"id": "ada"})])
    refused(answer, 422, "total of 'words'", "1")
    assert world.total() is None
