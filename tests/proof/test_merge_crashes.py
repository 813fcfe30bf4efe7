"""A crash at every step of a merge, on both databases: both users are as before, or one has everything.

The two have events, totals, keys, streaks, completions, points, freezes, pauses, and stand on a board.
"""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.crashes import dying_at, mortal
from tests.support.crashing_server import ERASING, POINTS
from tests.support.world import World

MERGE = "/admin/v1/users/merge"

IDLE = {
    "before replace_users",
    "before move_tallies",
    "before settle_users",
    "before delete_completions",
    "before put_revocations",
    "before put_scores",
    "before plan_letters",
    "before move_dues",
    "before end_dues",
    "before replace_held",
    "before insert_messages",
    "before insert_deliveries",
    "before insert_rankings",
    "before erase_outbox",
    "before erase_deliveries",
    "before erase_delivery_attempts",
}
"""What a merge never does, or never does here: nobody listens, and nothing is taken back."""

REACHED = [point for point in (*ERASING, *POINTS) if point not in IDLE]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request, tmp_path_factory, armed):
    with mortal(request.param, tmp_path_factory.mktemp("crash"), armed) as server:
        define(World(server, server.key))
        yield server


def define(world):
    words = world.metric("words")
    world.goal(words, 5)
    freezes = {"freezes": {"startCount": 1, "maxCount": 9}}
    assert world.http.patch("/admin/v1/streaks/settings", json=freezes).status_code == 200
    triggers = [
        {"type": "metric", "points": 1, "metricId": words, "metricThreshold": 1},
        {"type": "time", "points": 1, "timeUnit": "days", "timeInterval": 1},
    ]
    active = [each | {"status": "active"} for each in triggers]
    world._make("points", {"name": "XP", "key": "xp", "triggers": active})
    board = {"name": "Best", "key": "best", "rankBy": "metric", "metricId": words, "status": "active"}
    world._make("leaderboards", board | {"maxParticipants": None, "start": "2020-01-01"})


def live(world, *users):
    """Let each user count on two days, once under a key of its own, be given a freeze and pause next week."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    days = [str((datetime.now(UTC) + timedelta(days=n)).date()) for n in (7, 9)]
    for n, user in enumerate(users):
        world.event(5, user, key="same", timestamp=yesterday)
        world.event(2 + n, user, key=user)
        assert world.http.post("/admin/v1/streaks/freezes", json={"freezes": [{"userId": user}]}).json()
        pause = {"userId": user, "start": days[0], "end": days[n]}
        assert world.http.post("/admin/v1/streaks/pauses", json={"pauses": [pause]}).status_code == 201


def known(world, *users):
    return [world.http.get(f"/admin/v1/users/{user}/export").json() for user in users]


@pytest.mark.parametrize("point", REACHED)
def test_a_crash_in_the_middle_of_a_merge_leaves_all_or_nothing(server, armed, point):
    world = World(server, server.key)
    ada, guest = (f"{name}-{point.replace(' ', '-')}" for name in ("ada", "guest"))
    live(world, ada, guest)
    before = known(world, ada, guest)
    with dying_at(point, armed, server):
        world.http.post(MERGE, json={"from": guest, "to": ada})
    world = World(server, server.key)
    done = point == "after commit"
    assert (known(world, ada, guest) == before) is not done
    again = world.http.post(MERGE, json={"from": guest, "to": ada}).json()
    assert again["alreadyMerged"] is done
    assert world.total(ada) == 5 + 2 + 3
    assert world.http.get(f"/v1/users/{guest}").status_code == 404
    assert world.event(9, ada, key=guest).status_code == 202
    assert world.event(9, ada, key="same").status_code == 202
    assert world.read(f"/v1/users/{ada}/points/xp")["total"] == 10
    (held,) = known(world, ada)
    assert held["records"]["profile"]["freezes"] == 3
    pauses = held["records"]["details"]["pauses"]
    days = [day for each in pauses for day in range(each["first"], each["last"] + 1)]
    assert len(days) == len(set(days)) == 3
    board = world.read("/v1/leaderboards/best?limit=100")["rankings"]
    ranked = {each["userId"]: each["value"] for each in board}
    assert (ranked[ada], guest in ranked) == (10, False)
    world.http.delete(f"/admin/v1/users/{ada}")
