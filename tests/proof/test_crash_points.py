"""A crash at every named point of a write, on both databases: the retry gives exactly one effect.

There is no outbox yet; the counters are the last thing that is written, and stand for it here. What
lies between the answer and a webhook comes with the webhooks.
"""

import httpx
import pytest
from tests.support.crashing_server import ARMED, CODE, MIGRATION, POINTS
from tests.support.server import NotReady, on_postgres, on_sqlite
from tests.support.world import World

ENTRY = "tests.support.crashing_server:application"

IDLE = {"before replace_users", "before move_sequences", "before settle_users"}
"""A user's first event changes no profile that was there, and settles nobody."""

REACHED = [point for point in POINTS if point not in IDLE]


@pytest.fixture(scope="module")
def armed(tmp_path_factory):
    """The file that names the point at which the server is to end."""
    return tmp_path_factory.mktemp("armed") / "point"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request, tmp_path_factory, armed):
    """One server that dies at every point and starts again; audited in the end."""
    environ = {ARMED: str(armed)}
    if request.param == "sqlite":
        server = on_sqlite(tmp_path_factory.mktemp("crash"), entry=ENTRY, environ=environ)
    else:
        server = on_postgres(workers=1, entry=ENTRY, environ=environ)
    with server:
        yield server
    audited = server.run("verify")
    assert audited.returncode == 0, audited.stdout + audited.stderr


@pytest.mark.parametrize("point", REACHED)
def test_a_crash_in_the_middle_of_a_write_leaves_all_or_nothing(server, armed, point):
    world = World(server, server.key)
    metric, user = point.replace(" ", "-"), f"ada-{point.replace(' ', '-')}"
    goal = world.goal(world.metric(metric), 10)
    both = world.achievement("achievement", achievementIds=[goal])
    armed.write_text(point)
    with pytest.raises(httpx.TransportError):
        world.event(10, user, metric=metric, key="lesson-1")
    assert server.wait() == CODE
    server.start()
    world = World(server, server.key)
    kept = point == "after commit"
    assert world.total(user, metric) == (10 if kept else None)
    again = world.event(10, user, metric=metric, key="lesson-1")
    assert again.status_code == (202 if kept else 201)
    assert {item["id"] for item in again.json()["achievements"]} == {goal, both}
    assert world.event(10, user, metric=metric, key="lesson-1").status_code == 202
    assert world.total(user, metric) == 10
    assert (world.completions(goal), world.completions(both)) == (1, 1)


def test_a_crash_during_a_migration_leaves_the_schema_as_it_was(request, tmp_path, armed):
    """On SQLite; a PostgreSQL database of the tests is a copy of one that is migrated already."""
    armed.write_text(MIGRATION)
    server = on_sqlite(tmp_path, entry=ENTRY, environ={ARMED: str(armed)}, empty=True)
    request.addfinalizer(server.kill)
    with pytest.raises(NotReady):
        server.start()
    assert not armed.exists()
    server.start()
    server.key = server.new_environment()
    world = World(server, server.key)
    world.metric("words")
    assert world.event(10, key="lesson-1").status_code == 201
    server.stop()
    assert server.run("verify").returncode == 0
