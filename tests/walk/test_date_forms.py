"""Dates and times at every door: RFC 3339 and YYYY-MM-DD are read, all else of ISO 8601 is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.world import World, refused

NO_TIMES = {
    "a week date": "2026-W01-1",
    "a short week date": "2026W011",
    "an ordinal date": "2026-001",
    "a date without hyphens": "20260101",
    "a time without seconds": "2026-01-01T10:00",
    "a time without colons": "2026-01-01T100000Z",
    "an hour alone": "2026-01-01T10",
    "an hour 24": "2026-01-01T24:00:00Z",
    "a leap second": "2016-12-31T23:59:60Z",
    "a comma": "2026-01-01T10:00:00,5Z",
    "an offset without a colon": "2026-01-01T10:00:00+0530",
    "an offset in words": "2026-01-01T10:00:00 UTC",
    "seconds since 1970": "1767225600",
    "digits of another script": "٢٠٢٦-01-01T10:00:00Z",
    "a line end": "2026-01-01T10:00:00Z\n",
}
NO_DATES = {
    **{what: NO_TIMES[what] for what in ("a week date", "a short week date", "an ordinal date")},
    "no hyphens": "20260101",
    "a time": "2026-01-01T10:00:00Z",
    "one digit": "2026-1-01",
    "digits of another script": "٢٠٢٦-01-01",
}

bad_times = pytest.mark.parametrize("text", NO_TIMES.values(), ids=NO_TIMES)
bad_dates = pytest.mark.parametrize("text", NO_DATES.values(), ids=NO_DATES)


@bad_times
def test_an_event_at_no_time_is_refused(world, text):
    refused(world.event(1, timestamp=text), 422, "timestamp", "RFC 3339")
    assert world.total() is None


@bad_times
def test_a_batch_with_no_time_is_refused(world, text):
    item = {"key": "words", "user": {"id": "ada"}, "value": 1, "timestamp": text}
    refused(world.batch([item]), 422, "events[0].timestamp", "RFC 3339")


@bad_times
def test_a_sign_up_at_no_time_is_refused(world, text):
    refused(world.http.post("/v1/users", json={"id": "ada", "signUpDate": text}), 422, "signUpDate")
    refused(world.http.put("/v1/users/ada", json={"signUpDate": text}), 422, "signUpDate")


@bad_times
def test_a_page_of_events_from_no_time_is_refused(world, text):
    world.event(1)
    for side in ("from", "to"):
        answer = world.http.get("/admin/v1/users/ada/events", params={side: text})
        refused(answer, 422, side, "RFC 3339")


@bad_dates
def test_a_range_of_no_dates_is_refused(world, text):
    world.event(1)
    world.http.post("/admin/v1/points", json=[{"name": "XP", "key": "xp"}])
    for noun in ("metrics/words", "points/xp"):
        for name in ("startDate", "endDate"):
            days = {"startDate": "2026-01-01", "endDate": "2026-01-02"} | {name: text}
            asked = {"aggregation": "daily"} | days
            refused(world.http.get(f"/v1/users/ada/{noun}/event-summary", params=asked), 422, name)


@bad_dates
def test_a_run_of_no_date_is_refused(world, text):
    world.event(1)
    board(world)
    for path in ("/v1/leaderboards/board", "/v1/users/ada/leaderboards/board"):
        refused(world.http.get(path, params={"run": text}), 422, "run")


@bad_dates
def test_a_leaderboard_a_boost_and_a_pause_of_no_dates_are_refused(world, text):
    world.event(1)
    made = world.http.post("/admin/v1/points", json=[{"name": "XP", "key": "xp"}]).json()["created"][0]
    for name in ("start", "end"):
        assert f"{name} must be a date" in issue(world, "/admin/v1/leaderboards", draft(world) | {name: text})
        boost = {"name": "Double", "start": "2026-01-01", "multiplier": 2} | {name: text}
        assert f"{name} must be a date" in issue(world, f"/admin/v1/points/{made['id']}/boosts", boost)
        day = str(datetime.now(UTC).date() + timedelta(days=2))
        pause = {"userId": "ada", "start": day, "end": day} | {name: text}
        answer = world.http.post("/admin/v1/streaks/pauses", json={"pauses": [pause]})
        assert answer.json()["created"] == []
        assert f"{name} must be a date" in answer.json()["issues"][0]["message"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-02T10:00:00Z", "2026-01-02"),
        ("2026-01-02t10:00:00.5z", "2026-01-02"),
        ("2026-01-02 10:00:00.123456789Z", "2026-01-02"),
        ("2026-01-01T23:30:00-01:00", "2026-01-02"),
        ("2026-01-02T10:00:00", "2026-01-02"),
        ("2026-01-02", "2026-01-02"),
    ],
)
def test_what_rfc_3339_writes_is_read(world, text, day):
    assert world.event(2, profile={"signUpDate": text}, timestamp=text).status_code == 201
    assert world.days("2026-01-01", "2026-01-03") == {day: 2}
    assert world.read("/v1/users/ada")["signUpDate"] == day


def draft(world: World) -> dict:
    return {"name": "Board", "key": "board", "rankBy": "metric", "metricId": world.words, "status": "active"}


def board(world: World) -> None:
    assert world.http.post("/admin/v1/leaderboards", json=[draft(world)]).status_code == 201


def issue(world: World, path: str, item: dict) -> str:
    answer = world.http.post(path, json=[item]).json()
    assert answer["created"] == []
    return answer["issues"][0]["message"]
