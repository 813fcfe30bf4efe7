"""The live feed: who is told what, at once, and no longer than allowed."""

import signal
import time

import httpx
import pytest
from tests.support.members import member_of
from tests.support.postgres import fresh_database, shared_cluster
from tests.support.server import Server, on, on_sqlite
from tests.support.world import World, eventually, refused
from tests.web.streams import listening

from plaudit.ingest.feeds import MOST_FEEDS
from plaudit.model.catalog import EnvironmentSettings
from plaudit.model.members import Role

SOON = 5
ARRIVES = 1.0
"""Seconds after which every process knows that somebody listens."""


def test_what_happens_is_told_at_once(world):
    goal = world.goal(world.words, 5, name="Writer", key="writer")
    with listening(world.http) as feed:
        assert feed.headers["content-type"] == "text/event-stream"
        time.sleep(ARRIVES)
        began = time.monotonic()
        assert world.event(7.5, profile={"name": "Ada L."}).status_code == 201
        assert feed.hears("completion")
        assert time.monotonic() - began < SOON
    (event,), (completion,) = feed.of("event"), feed.of("completion")
    assert event.pop("at") == completion.pop("at")
    assert event == {"userId": "ada", "userName": "Ada L.", "metric": "words", "value": 7.5, "total": 7.5}
    tag = {"id": goal, "key": "writer", "name": "Writer", "badgeUrl": None}
    assert completion == {"userId": "ada", "userName": "Ada L.", "achievement": tag}


def test_points_and_levels_are_told(world):
    trigger = {"type": "metric", "points": 10, "metricId": world.words, "metricThreshold": 1}
    levels = [{"name": "Bronze", "key": "bronze", "points": 20}]
    system = {"name": "XP", "key": "xp", "levels": levels, "triggers": [trigger | {"status": "active"}]}
    made = world._make("points", system)
    with listening(world.http) as feed:
        time.sleep(ARRIVES)
        assert world.event(1).status_code == 201
        assert world.event(1).status_code == 201
        assert feed.hears("level")
    points, (level,) = feed.of("points"), feed.of("level")
    tag = {"id": made["id"], "key": "xp", "name": "XP", "badgeUrl": None}
    assert [(each["points"], each["value"], each["total"]) for each in points] == [
        (tag, 10, 10),
        (tag, 10, 20),
    ]
    assert level["level"]["key"] == "bronze"
    assert level["previousLevel"] is None
    assert (level["points"], level["total"], level["userId"]) == (tag, 20, "ada")


def test_a_replay_and_what_is_refused_are_no_happenings(world):
    with listening(world.http) as feed:
        time.sleep(ARRIVES)
        assert world.event(1, key="once").status_code == 201
        assert world.event(1, key="once").status_code == 202
        assert world.event(1, metric="nothing").status_code == 404
        assert world.event(1, "ben").status_code == 201
        assert feed.hears("event", "ben")
    assert feed.kinds() == ["event", "event"]


def test_other_environments_and_tenants_are_not_told(worlds, world):
    shared = worlds.make(EnvironmentSettings(multi_tenancy=True))
    shared.metric("words")
    for tenant in ("red", "blue"):
        shared._make("tenants", {"customerId": tenant, "name": tenant})
    refused(shared.http.get("/admin/v1/feed"), 422, "Tenant-ID")
    red, blue = {"Tenant-ID": "red"}, {"Tenant-ID": "blue"}
    with listening(shared.http, **red) as feed:
        time.sleep(ARRIVES)
        assert world.event(1, "cleo").status_code == 201
        assert shared.event(1, "ben", headers=blue).status_code == 201
        assert shared.event(1, "ada", headers=red).status_code == 201
        assert feed.hears("event", "ada")
        time.sleep(0.5)
    assert [data["userId"] for _, data in feed.told] == ["ada"]
    shared.close()


def test_what_is_a_tenants_own_is_told_by_its_name(worlds):
    shared = worlds.make(EnvironmentSettings(multi_tenancy=True))
    shared.tenants("red")
    red = {"Tenant-ID": "red"}
    made = shared.http.post("/admin/v1/metrics", json=[{"name": "Own", "key": "own"}], headers=red).json()
    goal = {"name": "First", "trigger": "metric", "metricId": made["created"][0]["id"], "metricValue": 1}
    created = shared.http.post("/admin/v1/achievements", json=[goal | {"status": "active"}], headers=red)
    assert len(created.json()["created"]) == 1
    with listening(shared.http, **red) as feed:
        time.sleep(ARRIVES)
        assert shared.event(1, metric="own", headers=red).status_code == 201
        assert feed.hears("completion")
    (event,), (completion,) = feed.of("event"), feed.of("completion")
    assert (event["metric"], completion["achievement"]["name"]) == ("own", "First")
    shared.close()


def test_a_flood_is_counted_beyond_fifty_a_second_and_what_is_rare_is_told_first(world):
    world.goal(world.words, 1000)
    with listening(world.http) as feed:
        time.sleep(ARRIVES)
        items = [{"user": {"id": f"user-{n}"}, "key": "words", "value": 1} for n in range(999)]
        items.append({"user": {"id": "ada"}, "key": "words", "value": 1000})
        assert world.batch(items).status_code == 202
        assert feed.hears("completion", "ada")
        assert eventually(lambda: len(feed.of("event")) + sum(d["count"] for d in feed.of("more")) == 1000)
        assert len(feed.of("event")) <= 50
    assert feed.hears("more")


def test_every_role_may_listen_and_a_wrong_key_may_not(worlds):
    server = worlds.make().server
    for role in Role:
        person = member_of(server, role)
        with listening(person.http) as feed:
            assert feed.status == 200
        person.close()
    with httpx.Client(base_url=server.base, headers={"X-API-KEY": "adm_wrong.key"}) as http:
        refused(http.get("/admin/v1/feed"), 401)


def test_two_servers_on_one_database_tell_each_other():
    database = fresh_database(shared_cluster(fast=True))
    with Server(database) as one, Server(database, workers=2) as two:
        here, there = World(one, one.key), World(two, one.key)
        here.goal(here.metric("words"), 5, name="Writer")
        with listening(here.http) as feed:
            time.sleep(ARRIVES)
            assert there.event(7, "ada").status_code == 201
            assert feed.hears("completion", "ada", seconds=SOON)
            assert here.event(1, "ben").status_code == 201
            assert feed.hears("event", "ben", seconds=SOON)
        assert feed.kinds("ada") == ["event", "completion"]
        here.close()
        there.close()


@pytest.fixture(params=["sqlite", "postgres"])
def own_server(request, tmp_path):
    server = on(request.param, tmp_path)
    with server:
        yield server


def test_the_end_of_the_server_ends_every_feed_at_once(own_server):
    world = World(own_server, own_server.key)
    with listening(world.http) as one, listening(world.http) as two:
        world.close()
        began = time.monotonic()
        own_server._process.send_signal(signal.SIGTERM)
        assert own_server.wait() == 0
        assert time.monotonic() - began < 3
        assert one.over.wait(1)
        assert two.over.wait(1)
    assert "Traceback" not in own_server.log()


def test_too_many_feeds_are_refused_until_somebody_leaves(tmp_path):
    with on_sqlite(tmp_path) as server, httpx.Client(base_url=server.base, timeout=20) as http:
        http.headers["X-API-KEY"] = server.key
        open_feeds = [http.stream("GET", "/admin/v1/feed") for _ in range(MOST_FEEDS)]
        for each in open_feeds:
            assert each.__enter__().status_code == 200
        assert http.head("/admin/v1/feed").status_code == 429
        answer = http.get("/admin/v1/feed")
        refused(answer, 429, str(MOST_FEEDS), "again")
        assert answer.headers["retry-after"] == "5"
        for each in open_feeds:
            each.__exit__(None, None, None)
        assert eventually(lambda: http.head("/admin/v1/feed").status_code == 200, SOON)
        for _ in range(MOST_FEEDS):
            assert http.head("/admin/v1/feed").status_code == 200
        assert "Traceback" not in server.log()
