"""Streak settings and environments over the Admin API."""

import pytest
from tests.support.world import refused

PATH = "/admin/v1/streaks/settings"
DEFAULTS = {
    "frequency": "daily",
    "evaluationMode": "OR",
    "customizationEnabled": False,
    "daysOff": [],
    "metrics": [],
    "freezes": None,
    "weekStart": "monday",
}


def change(world, **fields):
    answer = world.http.patch(PATH, json=fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_settings_begin_with_the_defaults(world):
    assert world.read(PATH) == DEFAULTS


def test_fields_not_sent_are_kept(world):
    metrics = [{"key": "words", "threshold": 2.5}]
    assert change(world, metrics=metrics, evaluationMode="AND", weekStart="sunday")["metrics"] == metrics
    assert change(world, daysOff=[6, 0])["daysOff"] == [0, 6]
    changed = DEFAULTS | {
        "metrics": metrics, "evaluationMode": "AND", "weekStart": "sunday", "daysOff": [0, 6]
    }  # fmt: skip
    assert change(world, freezes=None) == changed
    assert world.read(PATH) == changed


@pytest.mark.parametrize(("sent", "answered"), [("ANY", "OR"), ("ALL", "AND"), ("OR", "OR"), ("AND", "AND")])
def test_both_pairs_of_names_of_the_mode_are_accepted(world, sent, answered):
    assert change(world, evaluationMode=sent)["evaluationMode"] == answered


def test_another_frequency_clears_the_days_off(world):
    change(world, daysOff=[0])
    assert change(world, frequency="weekly")["daysOff"] == []


def test_a_threshold_of_zero_does_not_count(world):
    assert change(world, metrics=[{"key": "words", "threshold": 0}])["metrics"] == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"freezes": {"startCount": 3, "maxCount": 2}}, "from 0 to maxCount"),
        ({"freezes": {"startCount": 1, "maxCount": 101}}, "from 1 to 100"),
        ({"freezes": {"startCount": 1, "maxCount": 2, "autoEarnInterval": 7}}, "together"),
        (
            {"freezes": {"startCount": 1, "maxCount": 2, "autoEarnInterval": 0, "autoEarnAmount": 1}},
            "from 1 to 3650",
        ),
        ({"frequency": "yearly"}, "Frequency cannot be 'yearly'"),
        ({"evaluationMode": "SOME"}, "EvaluationMode cannot be"),
        ({"daysOff": [7]}, "from 0 (Sunday) to 6"),
        ({"daysOff": [1, 1]}, "different"),
        ({"daysOff": [0, 1, 2, 3, 4, 5, 6]}, "at least one day"),
        ({"daysOff": [1], "frequency": "monthly"}, "unless the frequency is daily"),
        ({"metrics": [{"key": "none", "threshold": 1}]}, "[0].key"),
        ({"metrics": [{"key": "words", "threshold": 1}, {"key": "words", "threshold": 1}]}, "twice"),
        ({"metrics": [{"key": "words", "threshold": -1}]}, "[0].threshold"),
        ({"metrics": None}, "must be a list"),
        ({"weekStart": "friday"}, "cannot be 'friday'"),
        ({"customizationEnabled": 1}, "true or false"),
    ],
)
def test_settings_with_which_nothing_could_count_are_refused_whole(world, fields, said):
    answer = world.http.patch(PATH, json={"customizationEnabled": True} | fields)
    assert said.lower() in refused(answer, 422).lower()
    assert world.read(PATH) == DEFAULTS


def test_thresholds_hold_from_then_on(world):
    change(world, metrics=[{"key": "words", "threshold": 10}])
    assert world.event(9).json()["currentStreak"]["length"] == 0
    assert world.event(1).json()["currentStreak"]["length"] == 1


def test_environments_are_listed_by_priority(world):
    found = world.read("/admin/v1/environments")
    assert {"id", "name", "key", "priority", "multiTenancy", "strictIdempotency"} == set(found[0])
    assert [one["priority"] for one in found] == sorted(one["priority"] for one in found)
