"""A crash at every named point of a write, on both databases: the retry gives exactly one effect.

The event completes achievements, brings points, enters a leaderboard and fills the outbox, so that
every statement of a write has something to do. Refuses the deliveries themselves; nobody listens.
"""

import apsw
import pytest
from tests.support.crashes import ENTRY, dying_at, mortal
from tests.support.crashing_server import ARMED, MIGRATION, POINTS
from tests.support.postgres import database_of, empty_database, shared_cluster
from tests.support.server import NotReady, Server
from tests.support.world import World, eventually

LATER = (
    "before move_tallies",
    "before add_days",
    "before add_points_days",
    "before put_rank_days",
)
"""Points that only a user's events of a later day come to."""

IDLE = {
    "before replace_users",
    "before settle_users",
    "before put_pauses",
    "before delete_completions",
    "before put_revocations",
    "before put_merges",
    "before plan_letters",
    "before move_dues",
    "before end_dues",
    *LATER,
    "before replace_held",
}
"""A user's first event changes no profile, streak or rank that was there, and takes nothing back."""

HOOKS = {
    "PLAUDIT_WEBHOOK_HTTP": "true",
    "PLAUDIT_WEBHOOK_PRIVATE_NETWORKS": "127.0.0.1/32",
    "PLAUDIT_WEBHOOK_PORTS": "9",
}

REACHED = [point for point in POINTS if point not in IDLE]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request, tmp_path_factory, armed):
    with mortal(request.param, tmp_path_factory.mktemp("crash"), armed, HOOKS) as server:
        World(server, server.key).http.post("/admin/v1/webhooks", json=[{"url": "http://127.0.0.1:9/"}])
        yield server


def rewarded(world, key, metric, **more):
    """Let a metric bring points, for ten and every day, and rank users on a leaderboard."""
    triggers = [
        {"type": "metric", "points": 3, "metricId": metric, "metricThreshold": 10},
        {"type": "time", "points": 1, "timeUnit": "days", "timeInterval": 1},
    ]
    world._make("points", {"name": key, "key": key, "triggers": [t | {"status": "active"} for t in triggers]})
    board = {"name": key, "key": key, "rankBy": "metric", "metricId": metric, "status": "active"} | more
    world._make("leaderboards", board | {"maxParticipants": None})
    jobs = "/admin/v1/backdates?limit=100"
    assert eventually(lambda: all(job["status"] == "finished" for job in world.read(jobs)))


@pytest.mark.parametrize("point", REACHED)
def test_a_crash_in_the_middle_of_a_write_leaves_all_or_nothing(server, armed, point):
    world = World(server, server.key)
    metric, user = point.replace(" ", "-"), f"ada-{point.replace(' ', '-')}"
    number = world.metric(metric)
    goal = world.goal(number, 10)
    both = world.achievement("achievement", achievementIds=[goal])
    rewarded(world, metric, number)
    with dying_at(point, armed, server):
        world.event(10, user, metric=metric, key="lesson-1")
    world = World(server, server.key)
    kept = point == "after commit"
    assert world.total(user, metric) == (10 if kept else None)
    again = world.event(10, user, metric=metric, key="lesson-1")
    assert again.status_code == (202 if kept else 201)
    assert {item["id"] for item in again.json()["achievements"]} == {goal, both}
    assert world.event(10, user, metric=metric, key="lesson-1").status_code == 202
    assert world.total(user, metric) == 10
    assert (world.completions(goal), world.completions(both)) == (1, 1)
    assert world.read(f"/v1/users/{user}/points/{metric}")["total"] == 3
    ranked = world.read(f"/v1/leaderboards/{metric}")["rankings"]
    assert [(each["userId"], each["value"]) for each in ranked] == [(user, 10)]
    told = world.read(f"/admin/v1/webhooks/deliveries?userId={user}&type=achievement.completed")
    assert len(told) == 2


@pytest.mark.parametrize("point", LATER)
def test_a_crash_in_the_middle_of_a_later_event_leaves_all_or_nothing(server, armed, point):
    world = World(server, server.key)
    metric, user = point.replace(" ", "-"), f"ada-{point.replace(' ', '-')}"
    rewarded(world, metric, world.metric(metric), start="2020-01-01")
    assert world.event(10, user, metric=metric, timestamp="2020-02-03T12:00:00Z").status_code == 201
    with dying_at(point, armed, server):
        world.event(10, user, metric=metric, key="lesson-2")
    world = World(server, server.key)
    ranked = world.read(f"/v1/leaderboards/{metric}")["rankings"]
    assert (world.total(user, metric), [each["value"] for each in ranked]) == (10, [10])
    assert world.event(10, user, metric=metric, key="lesson-2").status_code == 201
    ranked = world.read(f"/v1/leaderboards/{metric}")["rankings"]
    assert (world.total(user, metric), [each["value"] for each in ranked]) == (20, [20])


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_crash_during_a_migration_leaves_the_schema_as_it_was(request, tmp_path, armed, kind):
    """The statements of the first migration are done, but it is not recorded yet."""
    armed.write_text(MIGRATION)
    database = f"sqlite:{tmp_path / 'plaudit.db'}" if kind == "sqlite" else empty_database()
    server = Server(database, entry=ENTRY, environ={ARMED: str(armed)}, empty=True)
    request.addfinalizer(server.kill)
    with pytest.raises(NotReady):
        server.start()
    assert not armed.exists()
    assert "users" not in tables_of(server)
    server.start()
    server.key = server.new_environment()
    world = World(server, server.key)
    world.metric("words")
    assert world.event(10, key="lesson-1").status_code == 201
    server.stop()
    assert server.run("verify").returncode == 0


def tables_of(server):
    """List the tables of a database, without opening it as Plaudit does."""
    if server.settings().is_sqlite:
        connection = apsw.Connection(server.settings().sqlite_path)
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return set(shared_cluster(fast=True).sql(listed, database_of(server.database)).split())
