"""The log of requests: what is kept of each, how it is filtered, and what is never in it."""

import json
import time
from functools import partial

import httpx
import pytest
from tests.support.members import PASSWORD, Person, member_of
from tests.support.world import eventually, refused

from plaudit.model.catalog import EnvironmentSettings
from plaudit.model.members import Role


@pytest.fixture
def log(world, log_of):
    """Read the log of a world, once something is in it."""
    return partial(log_of, world)


@pytest.fixture
def log_of():
    def read(world, count=1, **wanted):
        found = []

        def enough():
            answer = world.http.get("/admin/v1/requests", params={"limit": 100} | wanted)
            assert answer.status_code == 200, answer.text
            found[:] = [each for each in answer.json()["data"] if each["path"] != "/admin/v1/requests"]
            return len(found) >= count

        assert eventually(enough, 40), found
        return found

    return read


def test_a_request_is_kept_with_its_outcome(world, log):
    world.event(3, "ada", key="e-1")
    (kept,) = log(metric="words", user="ada")
    assert (kept["method"], kept["path"], kept["status"]) == ("POST", "/v1/metrics/words/event", 201)
    assert kept["keyPrefix"] == world.key.partition(".")[0]
    assert kept["sentence"] is kept["hint"] is kept["code"] is None
    assert '"value":3' in kept["body"].replace(" ", "")
    assert 0 < kept["ms"] < 10_000


def test_an_error_is_kept_with_the_sentence_the_caller_got_and_what_to_do(world, log):
    told = refused(world.event(1, metric="wrods"), 404)
    world.http.get("/v1/users/nobody")
    kept = log(count=2, outcome="error")
    assert [each["path"] for each in kept] == ["/v1/users/nobody", "/v1/metrics/wrods/event"]
    assert kept[1]["sentence"] == told
    assert kept[1]["code"] == "unknown_metric"
    assert "Metrics" in kept[1]["hint"]
    assert (kept[0]["userId"], kept[1]["userId"], kept[1]["metric"]) == ("nobody", "ada", "wrods")


def test_the_log_is_filtered(world, log):
    for user in ("ada", "ben"):
        world.event(1, user)
    world.event("much", "ada")
    world.http.get("/v1/users/ada/metrics/words")
    log(count=5)
    prefix = world.key.partition(".")[0]
    for wanted, count in (
        ({"user": "ada"}, 3),
        ({"user": "ada", "metric": "words", "status": "201"}, 1),
        ({"status": "4xx"}, 1),
        ({"status": "422", "user": "ada"}, 1),
        ({"status": "404"}, 0),
        ({"outcome": "ok", "user": "ada"}, 2),
        ({"outcome": "ok", "status": "4xx"}, 0),
        ({"method": "GET", "user": "ada"}, 1),
        ({"key": prefix, "user": "ben"}, 1),
        ({"key": "adm_other", "user": "ben"}, 0),
    ):
        answer = world.http.get("/admin/v1/requests", params=wanted)
        assert len(answer.json()["data"]) == count, wanted


def test_pages_follow_each_other_without_gap_or_repetition(world, log):
    for number in range(7):
        world.event(number, "ada")
    whole = [each["id"] for each in log(count=7, user="ada")]
    paged, before = [], None
    while before is not None or not paged:
        params = {"user": "ada", "limit": 3} | ({"before": before} if before else {})
        page = world.http.get("/admin/v1/requests", params=params).json()
        paged += [each["id"] for each in page["data"]]
        before = page["cursor"]
    assert paged == whole
    assert whole == sorted(whole, reverse=True)


def test_an_environment_does_not_see_the_requests_of_another(world, elsewhere, log):
    elsewhere.event(1, "cleo")
    world.event(1, "ada")
    log(count=1, user="ada")
    time.sleep(1.2)
    assert world.http.get("/admin/v1/requests", params={"user": "cleo"}).json()["data"] == []


def test_a_tenant_sees_its_requests_and_those_of_none(worlds, log_of):
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.metric("words")
    world.tenants("north", "south")
    north, south = ({"Tenant-ID": name} for name in ("north", "south"))
    world.event(1, "ada", headers=north)
    world.event(2, "ada", headers=south)
    refused(world.event(3, "ada"), 422)
    of_ada = {"user": "ada"}
    assert [each["status"] for each in log_of(world, 3, **of_ada)] == [422, 201, 201]

    def values(tenant):
        answer = world.http.get("/admin/v1/requests", params=of_ada, headers=tenant).json()
        return [json.loads(each["body"])["value"] for each in answer["data"]], answer["kept"]["rows"]

    (of_north, rows), (of_south, _), (of_all, whole) = (values(each) for each in (north, south, {}))
    assert (of_north, of_south, of_all) == ([3, 1], [3, 2], [3, 2, 1])
    assert rows < whole
    refused(world.http.get("/admin/v1/requests", headers={"Tenant-ID": "west"}), 422, "west")
    assert world.http.delete("/admin/v1/users/ada", headers=north).json()["deleted"]
    assert values({})[0] == [2]
    world.close()


def test_a_test_event_is_found_by_its_metric(world, log):
    event = {"metricKey": "words", "value": 2, "idempotencyKey": "try-1"}
    assert world.http.post("/admin/v1/users/ada/events", json=event).status_code == 201
    world.http.post("/admin/v1/users/ada/events", json={"metricKey": 7})
    world.event(1, "ada", key="real-1")
    found = log(count=2, user="ada", metric="words")
    assert [each["path"].rpartition("/")[2] for each in found] == ["event", "events"]
    assert [each["idempotencyKey"] for each in found] == ["real-1", "try-1"]


@pytest.mark.parametrize(
    "params",
    [
        {"status": "999"},
        {"status": "20"},
        {"status": "6xx"},
        {"outcome": "good"},
        {"before": "x"},
        {"limit": "0"},
        {"user": "\0"},
    ],
)
def test_bad_filters_get_a_sentence(world, params):
    refused(world.http.get("/admin/v1/requests", params=params), 422)


def test_whoever_is_deleted_is_gone_from_the_log(world, log):
    world.event(1, "ada")
    world.event(1, "ben")
    log(count=1, user="ada")
    assert world.http.delete("/admin/v1/users/ada").json()["deleted"]
    (ben,) = log(count=1, user="ben")
    assert ben["userId"] == "ben"
    (erased,) = log(count=1, method="DELETE")
    assert erased["path"] == "/admin/v1/users/{id}"
    time.sleep(1.2)
    everything = world.http.get("/admin/v1/requests", params={"limit": 100}).text
    assert '"ada"' not in everything
    assert "users/ada" not in everything


def test_large_bodies_and_images_are_not_kept(world, log):
    world.event(1, "ada", attributes={"note": "x" * 5000})
    world.http.post("/admin/v1/badges", content=b"\x89PNG no image")
    for each in log(count=2, method="POST"):
        if "metrics/words" in each["path"] or "badges" in each["path"]:
            assert each["body"] is None


@pytest.fixture
def people(worlds):
    worlds.make().close()
    owner = member_of(worlds.server, Role.OWNER)
    yield owner, Person(worlds.server)
    owner.close()


def test_no_secret_is_in_the_log(worlds, people):
    owner, browser = people
    secret = "adm_8charsXX." + "S" * 49
    httpx.get(f"{worlds.server.base}/v1/achievements", headers={"X-API-KEY": secret})
    browser.log_in(owner.email, "a wrong password")
    browser.log_in(owner.email)
    invited = owner.post("/members", {"email": f"x{owner.email}", "name": "X", "role": "viewer"}).json()
    made = owner.post("/api-keys", {"name": "ci"}).json()
    owner.ask("PUT", "/session/password", json={"current": PASSWORD, "password": "five new brave wolves"})
    texts = []

    def there():
        texts[:] = [owner.get("/requests?limit=100").text]
        return "adm_8charsXX" in texts[0] and "/session/password" in texts[0]

    assert eventually(there, 8)
    token = invited["inviteUrl"].partition("#")[2]
    cookies = [owner.http.cookies["plaudit_session"], browser.http.cookies["plaudit_session"]]
    hidden = ["S" * 49, "a wrong password", PASSWORD, "five new brave wolves", token, made["key"], owner.csrf]
    assert [text for text in (*hidden, *cookies) if text in texts[0]] == []


def test_members_see_what_came_without_a_valid_key_and_not_what_they_read(worlds, people):
    owner, _ = people
    httpx.get(f"{worlds.server.base}/v1/nothing-of-the-sort")
    owner.get("/metrics")
    pages = []

    def there():
        pages[:] = owner.get("/requests?limit=100").json()["data"]
        return any(each["path"] == "/v1/nothing-of-the-sort" for each in pages)

    assert eventually(there, 8)
    assert not [
        each for each in pages if each["path"] == "/admin/v1/metrics" and each["keyPrefix"] == owner.email
    ]
