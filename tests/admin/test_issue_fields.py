"""An issue names the field of the item it is about, so that a form can tell it there."""

import pytest

from plaudit.operations.edit_batch import Invalid, field_in

NOBODY = "00000000-0000-4000-8000-000000000000"
FILTER = [{"attributeId": NOBODY, "attributeValue": "x"}]
GOAL = {"name": "G", "trigger": "metric", "metricValue": 3}
BOARD = {"name": "B", "key": "b", "rankBy": "metric"}


@pytest.mark.parametrize(
    ("path", "item", "field"),
    [
        ("metrics", {"name": "", "key": "k"}, "name"),
        ("metrics", {"name": "N", "key": "words"}, "key"),
        ("metrics", {"name": "N"}, "key"),
        ("metrics", {"name": 7, "key": "k"}, "name"),
        ("attributes", {"name": "N", "key": "k", "type": "thing"}, "type"),
        ("achievements", GOAL | {"metricId": NOBODY}, "metricId"),
        (
            "achievements",
            {"name": "G", "trigger": "achievement", "achievementIds": [NOBODY]},
            "achievementIds",
        ),
        ("achievements", {"name": "G", "trigger": "streak", "streakLength": 0}, "streakLength"),
        ("achievements", {"name": "G", "trigger": "api"}, "key"),
        (
            "achievements",
            {"name": "G", "trigger": "api", "key": "k", "userAttributes": FILTER},
            "userAttributes",
        ),
        ("achievements", {"name": "G", "trigger": "api", "key": "k", "badge": {"url": "x"}}, "badge.url"),
        (
            "points",
            {"name": "P", "key": "p", "triggers": [{"type": "streak", "points": 0}]},
            "triggers[0].points",
        ),
        ("leaderboards", BOARD, "metricId"),
        ("leaderboards", BOARD | {"metricId": NOBODY}, "metricId"),
        ("tenants", {"customerId": " x", "name": "T"}, "customerId"),
        ("webhooks", {"url": "ftp://example.com"}, "url"),
        ("webhooks", {"url": "https://example.com", "eventTypes": ["x"]}, "eventTypes"),
    ],
)
def test_an_issue_names_its_field(world, path, item, field):
    answer = world.http.post(f"/admin/v1/{path}", json=[item])
    (issue,) = answer.json()["issues"]
    assert issue["field"] == field, issue


def test_what_is_patched_and_not_there_is_about_the_id(world):
    answer = world.http.patch("/admin/v1/metrics", json=[{"id": NOBODY, "name": "N"}])
    (issue,) = answer.json()["issues"]
    assert (issue["id"], issue["field"]) == (NOBODY, "id")


def test_a_pause_in_the_past_is_about_its_start(world):
    world.event(1)
    pause = {"userId": "ada", "start": "2020-01-01", "end": "2999-01-01"}
    answer = world.http.post("/admin/v1/streaks/pauses", json={"pauses": [pause]})
    assert [each["field"] for each in answer.json()["issues"]] == ["start"]
    answer = world.http.post("/admin/v1/streaks/pauses", json={"pauses": [pause | {"end": "soon"}]})
    assert [each["field"] for each in answer.json()["issues"]] == ["end"]


def test_what_is_about_no_field_names_none(world):
    world.goal(world.words, 3)
    (issue,) = world.http.delete("/admin/v1/metrics", params={"ids": world.words}).json()["issues"]
    assert "field" not in issue
    assert field_in("The achievement 'x' needs this one. Delete or change it first.") is None
    assert Invalid("metrics[0].key must be the key of a metric").field == "metrics[0].key"
