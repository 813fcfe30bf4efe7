"""Leaderboards through the Admin API: what is refused, and what an edit does to scores."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.world import World, eventually

NOW = datetime.now(UTC)


def day(offset: int) -> str:
    return (NOW.date() + timedelta(days=offset)).isoformat()


def draft(world: World, **more) -> dict:
    return {"name": "Board", "key": "board", "rankBy": "metric", "metricId": world.words} | more


def made(world: World, **more) -> dict:
    answer = world.http.post("/admin/v1/leaderboards", json=[draft(world, **more)])
    assert answer.status_code == 201, answer.text
    return answer.json()["created"][0]


def issue(world: World, method: str, item: dict) -> str:
    answer = world.http.request(method, "/admin/v1/leaderboards", json=[item])
    assert answer.status_code == 200, answer.text
    (found,) = answer.json()["issues"]
    assert found["severity"] == "error"
    return found["message"]


def settled(world: World) -> None:
    assert eventually(
        lambda: all(job["status"] == "finished" for job in world.read("/admin/v1/backdates?limit=100"))
    )


def places(world: World, query: str = "") -> list[tuple[str, float]]:
    return [(it["userId"], it["value"]) for it in world.read(f"/v1/leaderboards/board{query}")["rankings"]]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"metricId": None}, "metricId"),
        ({"metricId": "550e8400-e29b-41d4-a716-446655440999"}, "Metric not found"),
        ({"rankBy": "points"}, "pointsSystemId is required"),
        ({"maxParticipants": 0}, "maxParticipants must be from 1 to 1000"),
        ({"maxParticipants": 1001}, "maxParticipants must be from 1 to 1000"),
        ({"start": "2026-02-30"}, "start must be a date"),
        ({"start": day(2), "end": day(1)}, "end must not be before start"),
        ({"runUnit": "day"}, "runInterval must be from 1"),
        ({"runUnit": "day", "runInterval": 0}, "runInterval must be from 1"),
        ({"startTime": "24:00"}, "startTime must be a time of day"),
        ({"startTime": "09:00", "endTime": "09:00"}, "startTime and endTime must differ"),
        ({"rankBy": "streak", "startTime": "09:00"}, "startTime and endTime must be left out"),
        ({"rankBy": "streak", "runUnit": "day", "runInterval": 1}, "streak leaderboards cannot repeat"),
        ({"breakdownAttributes": ["nothing"]}, "breakdownAttributes must name user attributes"),
        ({"status": "scheduled"}, "scheduled while start lies in the future"),
        ({"status": "finished"}, "end lies in the past"),
        ({"key": "no spaces"}, "key must be"),
        ({"name": " "}, "name must be"),
    ],
)
def test_a_draft_that_makes_no_sense_is_an_issue(world: World, fields: dict, words: str) -> None:
    assert words in issue(world, "POST", draft(world) | fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "other"),
        ("rankBy", "streak"),
        ("start", day(-3)),
        ("startTime", "09:00"),
        ("runUnit", "day"),
    ],
)
def test_how_a_live_board_counts_cannot_change(world: World, field: str, value: str) -> None:
    board = made(world, status="active")
    item = {"id": board["id"], field: value} | ({"runInterval": 1} if field == "runUnit" else {})
    assert "can only be changed while the leaderboard is inactive" in issue(world, "PATCH", item)
    done = world.http.patch("/admin/v1/leaderboards", json=[{"id": board["id"], "status": "inactive"}])
    assert done.json()["updated"][0]["status"] == "inactive"
    assert world.http.patch("/admin/v1/leaderboards", json=[item]).json()["issues"] == []


def test_metrics_and_attributes_of_a_board_are_kept(world: World) -> None:
    city = world.attribute("city")
    made(world, breakdownAttributes=[city])
    for kind, used in (("metrics", world.words), ("attributes", city)):
        answer = world.http.delete(f"/admin/v1/{kind}?ids={used}").json()
        assert answer["deleted"] == []
        assert "The leaderboard 'Board' counts on this" in answer["issues"][0]["message"]


def test_an_inactive_board_is_shown_to_nobody_and_counts_nothing(world: World) -> None:
    made(world)
    assert world.event(5).json()["leaderboards"] == {}
    assert world.http.get("/v1/leaderboards/board").status_code == 404
    assert world.read("/v1/leaderboards") == []


def test_a_finished_board_counts_no_more_and_stays_readable(world: World) -> None:
    board = made(world, status="active")
    settled(world)
    world.event(5)
    world.http.patch("/admin/v1/leaderboards", json=[{"id": board["id"], "status": "finished"}])
    assert world.event(7).json()["leaderboards"] == {}
    assert places(world) == [("ada", 5)]
    assert world.read("/v1/leaderboards") == []
    assert [it["status"] for it in world.read("/v1/leaderboards?includeFinished=true")] == ["finished"]
    world.http.patch("/admin/v1/leaderboards", json=[{"id": board["id"], "status": "active"}])
    settled(world)
    assert places(world) == [("ada", 12)]


def test_a_board_of_the_past_is_built_finished(world: World) -> None:
    at = (NOW - timedelta(days=4)).isoformat()
    world.event(3, timestamp=at)
    world.event(9, "ben")
    board = made(world, start=day(-6), end=day(-3), status="finished")
    assert board["status"] == "finished"
    settled(world)
    assert places(world) == [("ada", 3)]
    world.event(2, "ben", timestamp=at)
    assert places(world) == [("ada", 3), ("ben", 2)], "late events repair a finished run"


def test_a_deleted_board_is_gone(world: World) -> None:
    board = made(world, status="active")
    settled(world)
    world.event(5)
    gone = world.http.delete(f"/admin/v1/leaderboards?ids={board['id']}").json()
    assert [it["id"] for it in gone["deleted"]] == [board["id"]]
    assert world.event(5).json()["leaderboards"] == {}
    assert world.http.get("/v1/leaderboards/board").status_code == 404
    assert made(world, status="active")["key"] == "board"
