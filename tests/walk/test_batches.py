"""A batch causes what its events cause one by one, however many of one user it holds; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

KEYS = (None, None, "a", "b", "a", None, "c", "b", "c", "d")
"""Idempotency keys of ten events, some of which repeat an earlier one."""


@pytest.fixture
def rich(world):
    """A world in which nearly every event completes something, pays, or both."""
    kind = world.attribute("kind", "event")
    goals = [world.goal(world.words, n) for n in (3, *range(5, 30), 300)]
    world.achievement("achievement", achievementIds=goals[1:3])
    world.achievement("achievement", achievementIds=goals[6:9])
    for days in (2, 3, 6):
        world.achievement("streak", streakLength=days)
    world.goal(world.words, 12, eventAttributes=[{"attributeId": kind, "attributeValue": "poem"}])
    triggers = [
        {"type": "metric", "points": 2, "metricId": world.words, "metricThreshold": 5},
        {"type": "achievement", "points": 10, "achievementId": goals[5]},
        {"type": "streak", "points": 1, "streakLength": 1},
    ]
    item = {"name": "XP", "key": "xp", "triggers": [{"status": "active"} | each for each in triggers]}
    assert world.http.post("/admin/v1/points", json=[item]).status_code == 201
    return world


def events(turn: int):
    """Ten events, as (key, fields of the body); one takes back, in some turns some come late."""
    now = datetime.now(UTC)
    made = []
    for n, key in enumerate(KEYS):
        fields = {"value": -2 if n == 6 else 1, "attributes": {"kind": "poem" if n % 3 else "prose"}}
        if n % 4 == 1 and turn % 4 in {0, 3}:
            fields["timestamp"] = (now - timedelta(days=(3 * turn + n) % 8)).isoformat()
        made.append((None if key is None else f"{key}{turn // 2}", fields))
    return made


def story(world, user: str):
    """All that is told of a user afterwards, without what only an id or a moment distinguishes."""
    kept = world.read(f"/admin/v1/users/{user}/events?limit=100")["events"]
    caused = [(each["value"], sorted(it["name"] for it in each["achievements"])) for each in kept]
    xp = world.read(f"/v1/users/{user}/points/xp?awards=100")
    awards = [(each["awarded"], each["total"]) for each in xp["awards"]]
    names = sorted(each["name"] for each in world.earned(user).values())
    return caused, names, (xp["total"], awards), world.total(user), world.streak(user)["length"]


@pytest.mark.parametrize("begun", [False, True], ids=["new", "known"])
def test_a_batch_of_one_user_causes_what_its_events_cause_one_by_one(rich, begun):
    world = rich
    if begun:
        for user in ("ada", "ben"):
            world.event(1, user, attributes={"kind": "poem"})
    for turn in range(6):
        given = events(turn)
        items = [
            {"key": "words", "user": {"id": "ben"}}
            | fields
            | ({} if key is None else {"idempotencyKey": key})
            for key, fields in given
        ]
        answer = world.batch(items)
        assert answer.status_code == 202, answer.text
        for key, fields in given:
            assert world.event(user="ada", key=key, **fields).status_code in {201, 202}
    assert story(world, "ben") == story(world, "ada")
    assert world.server.run("verify").returncode == 0
