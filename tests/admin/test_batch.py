"""Batches of events over the Admin API: all or nothing, evaluated and durable before the answer."""

import pytest
from tests.support.world import refused

PATH = "/admin/v1/metrics/events"


def event(value=1, user="ada", key="words", **more):
    return {"key": key, "user": {"id": user}, "value": value} | more


def test_a_batch_is_evaluated_before_the_answer(world):
    goal = world.goal(world.words, 10)
    answer = world.batch([event(6), event(2.5, "ben"), event(4)])
    assert answer.status_code == 202
    assert answer.json() == {"accepted": 3}
    assert (world.total("ada"), world.total("ben")) == (10, 2.5)
    assert goal in world.earned("ada")
    assert goal not in world.earned("ben")


def test_the_first_of_equal_keys_wins(world):
    answer = world.batch(
        [event(1, idempotencyKey="a"), event(50, idempotencyKey="a"), event(2, idempotencyKey="b")]
    )
    assert answer.json() == {"accepted": 3}
    assert world.total() == 3
    world.batch([event(7, idempotencyKey="a"), event(7, "ben", idempotencyKey="a")])
    assert (world.total("ada"), world.total("ben")) == (3, 7)
    assert world.event(9, key="b").status_code == 202


@pytest.mark.parametrize(
    ("bad", "status", "said"),
    [
        (event("5"), 422, "events[2].value must be a number"),
        (event(1e300), 422, "events[2]"),
        ({"key": "words", "user": {"id": "ada"}}, 422, "events[2].value is missing"),
        ({"user": {"id": "ada"}, "value": 1}, 422, "events[2].key is missing"),
        ({"key": "words", "value": 1}, 422, "events[2].user is missing"),
        (event(user=7), 422, "events[2].user.id must be a string"),
        (event(user=""), 422, "events[2].user.id"),
        (event(key="none"), 404, "In events[2]: There is no metric with the key 'none'"),
        (event(attributes={"odd": "x"}), 422, "In events[2]: Event attributes not declared: odd"),
        (event(timestamp="tomorrow"), 422, "events[2].timestamp"),
        (event(timestamp="2999-01-01T00:00:00Z"), 422, "events[2].timestamp must not be in the future"),
        (event(idempotencyKey="x" * 256), 422, "events[2].idempotencyKey"),
        (event() | {"user": {"id": "ada", "tz": "Mars"}}, 422, "events[2].user.tz"),
        (event() | {"user": {"id": "ada", "attributes": {"odd": "x"}}}, 422, "In events[2]: User"),
        (event(9e9), 422, "In events[2]: This value would move the total"),
        ("nothing", 422, "events[2] must be an object"),
    ],
)  # fmt: skip
def test_one_bad_event_refuses_the_batch_and_is_named(world, bad, status, said):
    answer = world.batch([event(7e9), event(), bad, event()])
    refused(answer, status, said)
    assert world.total() is None
    assert world.batch([event(idempotencyKey="still-free")]).status_code == 202


def test_a_batch_holds_1_to_1000_events(world):
    refused(world.batch([]), 422, "1 to 1000 events")
    refused(world.http.post(PATH, json=event()), 422, "must be a list")
    refused(world.batch([event()] * 1001), 422, "1001")
    assert world.batch([event()] * 1000).json() == {"accepted": 1000}
    assert world.total() == 1000


def test_events_of_the_past_are_placed_in_history(world):
    answer = world.batch(
        [event(3, timestamp="2026-01-05T10:00:00Z"), event(4, timestamp="2026-01-06T10:00:00+02:00")]
    )
    assert answer.status_code == 202
    assert world.days("2026-01-01", "2026-01-31") == {"2026-01-05": 3, "2026-01-06": 4}


def test_user_fields_and_attributes_travel_with_a_batch(world):
    plan = world.attribute("plan")
    world.attribute("place", "event")
    pair = {"attributeId": plan, "attributeValue": "pro"}
    goal = world.goal(world.words, 1, userAttributes=[pair])
    item = event(attributes={"place": "home"})
    item["user"] |= {"name": "Ada: the first", "tz": "Europe/London", "attributes": {"plan": "pro"}}
    assert world.batch([item]).status_code == 202
    user = world.read("/v1/users/ada")
    assert (user["name"], user["tz"]) == ("Ada: the first", "Europe/London")
    assert goal in world.earned()


def test_a_field_sent_twice_is_refused(world):
    body = b'[{"key": "words", "user": {"id": "ada"}, "value": 1, "value": 2}]'
    refused(world.http.post(PATH, content=body), 422, "sent twice")
