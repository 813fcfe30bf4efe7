"""After revoking, merging, anonymising and deleting, every derived number still follows from the log.

The audit that ends every run of the tests looks at what is left here (`conftest.py`).
"""

from tests.support.world import World


def board(world: World, **more) -> None:
    item = {"name": "Words", "key": "words-board", "rankBy": "metric", "metricId": world.words}
    item |= {"maxParticipants": 100, "status": "active", "start": "2026-01-01"} | more
    answer = world.http.post("/admin/v1/leaderboards", json=[item])
    assert answer.status_code == 201, answer.text


def test_nothing_drifts(world):
    goal = world.goal(world.words, 5)
    system = world.http.post("/admin/v1/points", json=[{"name": "XP", "key": "xp"}]).json()["created"][0][
        "id"
    ]
    answer = world.http.post(
        f"/admin/v1/points/{system}/triggers",
        json=[
            {"type": "achievement", "achievementId": goal, "points": 50, "status": "active"},
            {
                "type": "metric",
                "metricId": world.words,
                "metricThreshold": 1,
                "points": 2,
                "status": "active",
            },
        ],
    )
    assert answer.status_code == 201, answer.text
    board(world)
    for name, value in (("ada", 7), ("guest", 6), ("ben", 9), ("cleo", 5)):
        world.event(value, name, key="k")
    world.event(3, "guest", key="own")
    points = world.read("/v1/users/ben/points/xp")["total"]
    assert points == 68
    assert world.http.delete(f"/admin/v1/users/ben/achievements/{goal}").status_code == 200
    assert world.read("/v1/users/ben/points/xp")["total"] == 18
    merged = world.http.post("/admin/v1/users/merge", json={"from": "guest", "to": "ada"})
    assert merged.status_code == 200, merged.text
    assert world.read("/v1/users/ada/points/xp")["total"] == 50 + 14 + 6
    assert world.http.post("/admin/v1/users/cleo/anonymise").status_code == 200
    ranks = [each["value"] for each in world.read("/v1/leaderboards/words-board")["rankings"]]
    assert ranks == [10, 9, 5]
    world.http.delete("/admin/v1/users/ben")
    ranks = [each["value"] for each in world.read("/v1/leaderboards/words-board")["rankings"]]
    assert ranks == [10, 5]
