"""The eight edge cases of values, on both databases."""

import json
import random

import pytest
from tests.support.world import refused

LARGEST = "9007199254.740991"
"""2**53 - 1 micro-units: the largest value and the largest total."""


def raw_event(world, value, user="ada", **headers):
    """Send an event whose value is written exactly so."""
    body = f'{{"user":{{"id":{json.dumps(user)}}},"value":{value}}}'
    return world.http.post("/v1/metrics/words/event", content=body, headers=headers)


def test_a_negative_event_takes_no_completion_back_and_crossing_again_gives_none(world):
    goal = world.goal(world.words, 10)
    assert [item["id"] for item in world.event(12).json()["achievements"]] == [goal]
    down = world.event(-5)
    assert (down.status_code, down.json()["total"], down.json()["achievements"]) == (201, 7, [])
    assert set(world.earned()) == {goal}
    assert world.event(8).json()["achievements"] == []
    assert world.completions(goal) == 1
    assert world.total() == 15


def test_points_are_not_awarded_again_when_a_total_crosses_again(world):
    trigger = {"type": "metric", "points": 3, "metricId": world.words, "metricThreshold": 10}
    system = {"name": "XP", "key": "xp", "triggers": [trigger | {"status": "active"}]}
    assert world.http.post("/admin/v1/points", json=[system]).status_code == 201
    added = [world.event(value).json()["points"].get("xp", {}).get("added", 0) for value in (12, -5, 8, -15)]
    assert added == [3, 0, 0, 0]
    assert (world.total(), world.read("/v1/users/ada/points/xp")["total"]) == (0, 3)
    again, new = world.event(19).json(), world.event(1).json()
    assert (again["points"], new["points"]["xp"]["added"]) == ({}, 3)
    kept = world.read("/v1/users/ada/points/xp?awards=10")
    assert (kept["total"], len(kept["awards"])) == (6, 2)


def test_a_negative_event_may_go_below_zero(world):
    assert world.event(-5).json()["total"] == -5
    assert world.event(2.5).json()["total"] == -2.5
    assert world.total() == -2.5


def test_a_zero_event_counts_nothing_and_makes_the_user(world):
    answer = world.event(0)
    assert (answer.status_code, answer.json()["total"]) == (201, 0)
    assert world.total() == 0
    assert world.read("/v1/users/ada")["id"] == "ada"
    assert world.streak()["length"] == 0


def test_ten_times_a_tenth_is_one(world):
    goal = world.goal(world.words, 1)
    answers = [world.event(0.1) for _ in range(10)]
    assert answers[-1].json()["total"] == 1
    assert [item["id"] for item in answers[-1].json()["achievements"]] == [goal]
    assert not any(answer.json()["achievements"] for answer in answers[:-1])


def test_a_millionth_is_kept(world):
    assert raw_event(world, "1e-6").json()["total"] == 0.000001
    assert raw_event(world, "0.000002").json()["total"] == 0.000003


@pytest.mark.parametrize(
    ("written", "kept"),
    [("0.0000005", 0), ("0.0000015", 0.000002), ("0.0000025", 0.000002), ("1.0000004", 1), ("1e-30", 0)],
)
def test_more_places_than_six_are_rounded_half_to_even(world, written, kept):
    assert raw_event(world, written).json()["total"] == kept


@pytest.mark.parametrize("sign", ["", "-"])
def test_the_largest_total_is_reached_and_one_unit_more_is_refused(world, sign):
    top = raw_event(world, sign + LARGEST)
    assert top.status_code == 201
    assert f'"total":{sign}{LARGEST}' in top.text
    refused(raw_event(world, sign + "0.000001"), 422, "total of 'words'", "Send a smaller number")
    assert f'"current":{sign}{LARGEST}' in world.http.get("/v1/users/ada/metrics/words").text
    back = raw_event(world, ("" if sign else "-") + "0.000001")
    assert f'"total":{sign}9007199254.74099' in back.text


@pytest.mark.parametrize("value", ["9007199254.740992", "-9007199254.740992", "1e10", "1e400", "-1e400"])
def test_a_value_beyond_the_largest_is_refused(world, value):
    refused(raw_event(world, value), 422, "value must be a finite number between", LARGEST)
    assert world.total() is None


@pytest.mark.parametrize("other", ["1.0", "1.000", "1e0", "10e-1", "1E0"])
def test_one_is_the_same_body_however_it_is_written(world, other):
    assert raw_event(world, "1", **{"Idempotency-Key": "k"}).status_code == 201
    again = raw_event(world, other, **{"Idempotency-Key": "k"})
    assert again.status_code == 202
    assert not again.json().get("idempotencyMismatch")
    assert world.total() == 1


def test_minus_zero_is_zero(world):
    answer = raw_event(world, "-0.0")
    assert (answer.status_code, answer.json()["total"]) == (201, 0)
    assert '"total":-' not in answer.text


def test_sums_in_any_order_are_identical(world):
    values = ["0.1", "0.2", "0.3", "1e-6", "333333.333333", "-0.7", "1e9", "-1e9", "12345.678901"]
    totals = set()
    for turn in range(6):
        random.Random(turn).shuffle(values)
        for value in values:
            last = raw_event(world, value, f"user-{turn}")
        totals.add(json.loads(last.text, parse_float=str)["total"])
    assert totals == {"345678.912235"}
