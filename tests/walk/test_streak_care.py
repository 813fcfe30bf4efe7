"""Streak care through HTTP: what is refused, who may do it, and what an app sees."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.world import Call, refused

SETTINGS = "/admin/v1/streaks/settings"
FREEZES = "/admin/v1/streaks/freezes"
PAUSES = "/admin/v1/streaks/pauses"
NOW = datetime.now(UTC)
ONE = {"startCount": 1, "maxCount": 3}


def days_ago(days):
    return (NOW - timedelta(days=days)).isoformat()


def freezes(world, settings=ONE):
    assert world.http.patch(SETTINGS, json={"freezes": settings}).status_code == 200


def pause(world, first, last, user="ada"):
    dates = [str((NOW + timedelta(days=days)).date()) for days in (first, last)]
    item = {"userId": user, "start": dates[0], "end": dates[1]}
    return world.http.post(PAUSES, json={"pauses": [item]})


def test_an_event_after_a_miss_shows_the_freeze_it_used(world):
    freezes(world)
    world.event(1, timestamp=days_ago(2))
    streak = world.event(1).json()["currentStreak"]
    assert (streak["length"], streak["extended"], streak["freezes"], streak["maxFreezes"]) == (2, True, 0, 3)
    assert "freezeAutoEarnInterval" not in streak
    assert world.streak(periods=3)["streakHistory"][1]["usedFreeze"] is True


def test_a_late_event_in_a_frozen_day_gives_the_freeze_back(world):
    freezes(world)
    world.event(1, timestamp=days_ago(2))
    world.event(1)
    assert world.streak()["freezes"] == 0
    late = world.event(1, timestamp=days_ago(1)).json()["currentStreak"]
    assert (late["length"], late["freezes"]) == (3, 1)
    assert [each["usedFreeze"] for each in world.streak(periods=3)["streakHistory"]] == [False] * 3


def test_a_lost_streak_reads_as_lost_and_ranks_as_zero(world):
    freezes(world)
    world.event(1, timestamp=days_ago(9))
    world.event(1, "ben")
    assert world.streak()["length"] == 0
    ranked = world.read("/v1/streaks?userIds=ada,ben")
    assert [(each["userId"], each["streakLength"]) for each in ranked] == [("ben", 1), ("ada", 0)]


def test_without_freezes_nothing_tells_of_them(world):
    streak = world.event(1).json()["currentStreak"]
    assert not {"freezes", "maxFreezes"} & streak.keys()
    assert "usedFreeze" not in world.streak()["streakHistory"][0]


def test_freezes_for_nobody_in_particular_are_refused(world):
    freezes(world)
    world.event(1)
    ask = {"freezes": [{"userId": "ada"}]}
    assert world.http.post(FREEZES, json=ask).status_code == 201
    assert world.http.post(FREEZES, json={"freezes": [{"userId": "nobody"}]}).status_code == 200
    refused(world.http.post(FREEZES, json={"freezes": []}), 422, "freezes")
    refused(world.http.post(FREEZES, json={"freezes": [{"userId": "ada"}] * 101}), 422, "freezes")
    refused(world.http.post(FREEZES, json=[{"userId": "ada"}]), 422)
    assert world.streak()["freezes"] == 2


def test_many_grants_at_once_stop_at_the_maximum(world):
    freezes(world, {"startCount": 0, "maxCount": 5})
    world.event(1)
    ask = Call("POST", FREEZES, {"freezes": [{"userId": "ada"}] * 2})
    answers = world.together([ask] * 8)
    assert sum(len(each.json()["issues"]) for each in answers) == 11
    assert world.streak()["freezes"] == 5


def test_a_pause_of_another_environment_is_not_found(world, elsewhere):
    elsewhere.event(1, "cleo")
    made = pause(elsewhere, 1, 2, "cleo").json()["created"][0]
    gone = world.http.delete(PAUSES, params={"ids": made["id"]}).json()
    assert (gone["deleted"], gone["issues"][0]["message"]) == ([], "Streak pause not found by ID")
    assert len(elsewhere.streak("cleo")["pauses"]) == 1


@pytest.mark.parametrize(
    ("first", "last", "words"), [(-2, 3, "today"), (3, 1, "end must be on or after start")]
)
def test_pauses_that_cannot_be_are_told_by_user(world, first, last, words):
    world.event(1)
    answer = pause(world, first, last)
    assert answer.status_code == 200
    (issue,) = answer.json()["issues"]
    assert (issue["userId"], issue["severity"]) == ("ada", "error")
    assert words in issue["message"]


def test_a_user_reads_and_changes_own_preferences_only(world):
    world.event(1)
    world.event(1, "ben")
    mine = {"X-API-KEY": world.app_key("ada")}
    path = "/v1/users/{}/preferences"
    change = {"notifications": {"recap": []}}
    answer = world.http.patch(path.format("ada"), json=change, headers=mine)
    assert answer.json()["notifications"]["recap"] == []
    assert world.read(path.format("ada"))["notifications"]["streak_reminder"] == ["email", "push"]
    refused(world.http.patch(path.format("ben"), json=change, headers=mine), 403)
    refused(world.http.get(path.format("nobody")), 404)
    refused(world.http.patch(path.format("nobody"), json=change), 404)


@pytest.mark.parametrize(
    "body",
    [
        {"notifications": {"recap": ["fax"]}},
        {"streak": {"metrics": [{"key": "words", "threshold": -1}]}},
        {"streak": {"metrics": [{"key": "words", "threshold": 1}] * 2}},
        {"streak": {"daysOff": [7]}},
        {"streak": {"daysOff": [0, 1, 2, 3, 4, 5, 6]}},
        {"streak": {"evaluationMode": "SOME"}},
    ],
)
def test_preferences_that_cannot_be_are_refused(world, body):
    world.http.patch(SETTINGS, json={"customizationEnabled": True})
    world.event(1)
    refused(world.http.patch("/v1/users/ada/preferences", json=body), 422)


def test_overrides_given_back_are_the_environments_again(world):
    world.http.patch(SETTINGS, json={"customizationEnabled": True})
    world.event(1)
    path = "/v1/users/ada/preferences"
    own = world.http.patch(path, json={"streak": {"daysOff": [0], "evaluationMode": "ALL"}}).json()["streak"]
    assert own == {"enabled": True, "daysOff": [0], "evaluationMode": "AND"}
    back = world.http.patch(path, json={"streak": {"daysOff": None, "evaluationMode": None}}).json()
    assert back["streak"] == {"enabled": True}


def test_expires_looks_ahead_over_pauses_and_freezes(world):
    today = NOW.date()
    freezes(world)
    world.event(1)
    assert world.streak()["expires"] == str(today + timedelta(days=2))
    assert pause(world, 2, 5).status_code == 201
    expected = str(today + timedelta(days=6))
    assert world.streak(periods=0)["expires"] == world.streak()["expires"] == expected
    assert world.event(1).json()["currentStreak"]["expires"] == expected


def test_a_batch_is_one_transaction_and_each_item_is_refused_by_itself(world):
    freezes(world, {"startCount": 0, "maxCount": 2})
    for user in ("ada", "ben"):
        world.event(1, user)
    users = ["ada", "nobody", "ada", "ben", "ada"]
    answer = world.http.post(FREEZES, json={"freezes": [{"userId": user} for user in users]}).json()
    assert [each["userId"] for each in answer["issues"]] == ["nobody", "ada"]
    assert (world.streak()["freezes"], world.streak("ben")["freezes"]) == (2, 1)
