"""The fourteen edge cases of idempotency keys, each with the status and the sentence the caller gets.

Those of parallel use stand in `test_exactly_once.py`, of crashes in `tests/proof/`, a user's deletion during
events in `test_people.py`, and the cases of identity (merging, anonymising) in `test_merging.py`.
"""

import json

import pytest
from tests.support.raw import exchange
from tests.support.world import refused

from plaudit.model.catalog import EnvironmentSettings

LONG_AGO = "2001-09-09T01:46:40Z"


@pytest.fixture
def strict(worlds):
    """A world that refuses a used key with another body."""
    made = worlds.make(EnvironmentSettings(strict_idempotency=True))
    made.metric("words")
    made.attribute("course", "event")
    yield made
    made.close()


def test_same_key_same_body_is_a_replay_with_the_first_outcome(world):
    goal = world.goal(world.words, 10)
    first = world.event(10, key="lesson-1")
    again = world.event(10, key="lesson-1")
    assert (first.status_code, again.status_code) == (201, 202)
    assert "idempotentReplayed" not in first.json() or first.json()["idempotentReplayed"] is False
    told = again.json()
    assert told["idempotentReplayed"] is True
    assert told["idempotencyKey"] == "lesson-1"
    assert told["eventId"] == first.json()["eventId"]
    assert [item["id"] for item in told["achievements"]] == [goal]
    assert told["achievements"] == first.json()["achievements"]
    assert not told.get("idempotencyMismatch")
    assert world.total() == 10


def test_a_replay_tells_the_current_total(world):
    world.event(10, key="lesson-1")
    world.event(5)
    assert world.event(10, key="lesson-1").json()["total"] == 15


def test_same_key_other_value_is_a_flagged_replay(world):
    world.event(10, key="lesson-1")
    again = world.event(11, key="lesson-1")
    assert again.status_code == 202
    assert again.json()["idempotencyMismatch"] is True
    assert world.total() == 10


def test_same_key_other_value_is_refused_where_the_environment_is_strict(strict):
    strict.event(10, key="lesson-1")
    refused(strict.event(11, key="lesson-1"), 422, "Idempotency-Key", "another body")
    assert strict.event(10, key="lesson-1").status_code == 202
    assert strict.total() == 10


def test_same_key_other_attributes_is_a_flagged_replay(world):
    world.attribute("course", "event")
    world.event(10, key="lesson-1", attributes={"course": "french"})
    again = world.event(10, key="lesson-1", attributes={"course": "german"})
    assert again.status_code == 202
    assert again.json()["idempotencyMismatch"] is True
    assert world.total() == 10


def test_same_key_other_attributes_is_refused_where_the_environment_is_strict(strict):
    strict.event(10, key="lesson-1", attributes={"course": "french"})
    refused(strict.event(10, key="lesson-1"), 422, "Idempotency-Key", "another body")
    assert strict.total() == 10


def test_attribute_order_and_whitespace_make_no_other_body(world):
    world.attribute("course", "event")
    world.attribute("level", "event")
    bodies = (
        '{"user":{"id":"ada"},"value":10,"attributes":{"course":"french","level":"b1"}}',
        '{ "attributes" : {"level": "b1",\n "course": "french"}, "value" : 10, "user": {"id": "ada"} }',
    )
    answers = [
        world.http.post("/v1/metrics/words/event", content=body, headers={"Idempotency-Key": "k"})
        for body in bodies
    ]
    assert [answer.status_code for answer in answers] == [201, 202]
    assert not answers[1].json().get("idempotencyMismatch")


@pytest.mark.parametrize("pair", [("lesson-1", '"lesson-1"'), ('"a b"', "a b")])
def test_quoted_and_bare_are_the_same_key(world, pair):
    answers = [world.event(10, key=key) for key in pair]
    assert [answer.status_code for answer in answers] == [201, 202]
    assert answers[1].json()["idempotencyKey"] == pair[0].strip('"')


def test_same_key_for_another_metric_counts_there(world):
    world.metric("pages")
    assert world.event(10, key="lesson-1").status_code == 201
    assert world.event(3, metric="pages", key="lesson-1").status_code == 201
    assert (world.total(), world.total(metric="pages")) == (10, 3)


def test_same_key_of_another_user_counts_there(world):
    assert world.event(10, key="lesson-1").status_code == 201
    assert world.event(3, "ben", key="lesson-1").status_code == 201
    assert (world.total(), world.total("ben")) == (10, 3)


def test_same_key_and_user_id_in_another_environment_count_there(world, elsewhere):
    assert world.event(10, "cleo", key="lesson-1").status_code == 201
    assert elsewhere.event(3, "cleo", key="lesson-1").status_code == 201
    assert (world.total("cleo"), elsewhere.total("cleo")) == (10, 3)


def test_same_key_and_user_id_of_another_tenant_count_there(worlds):
    world = worlds.make(EnvironmentSettings(multi_tenancy=True))
    world.metric("words")
    world.tenants("north", "south")
    world.http.headers["Tenant-ID"] = "north"
    assert world.event(10, key="lesson-1").status_code == 201
    assert world.event(3, key="lesson-1", headers={"Tenant-ID": "south"}).status_code == 201
    assert world.event(10, key="lesson-1").status_code == 202
    assert world.total() == 10
    world.http.headers["Tenant-ID"] = "south"
    assert world.total() == 3


@pytest.mark.parametrize("key", ["", '""', "k" * 256, "a\tb", "é".encode(), "🦆".encode()])
def test_an_empty_long_or_unprintable_key_is_refused(world, key):
    headers = {"Idempotency-Key": key}
    answer = world.event(10, headers=headers)
    refused(answer, 422, "The Idempotency-Key header must be 1 to 255 printable ASCII characters")
    assert world.total() is None


def test_a_key_of_255_bytes_is_accepted(world):
    assert [world.event(1, key="k" * 255).status_code for _ in range(2)] == [201, 202]


@pytest.mark.parametrize("byte", [b"\x00", b"\x01", b"\x7f"])
def test_a_control_character_in_a_key_never_gets_in(world, byte):
    body = json.dumps({"user": {"id": "ada"}, "value": 10}).encode()
    status, _ = exchange(world, "POST", "/v1/metrics/words/event", body, b"Idempotency-Key: a" + byte + b"b")
    assert status in {400, 422}
    assert world.total() is None


def test_keys_that_differ_by_case_are_two(world):
    assert [world.event(1, key=key).status_code for key in ("Lesson", "lesson")] == [201, 201]
    assert world.total() == 2


@pytest.mark.parametrize("form", ["caf\u00e9", "cafe\u0301"], ids=["composed", "decomposed"])
def test_keys_in_any_normal_form_beyond_ascii_are_refused_and_so_never_merged(world, form):
    refused(world.event(1, headers={"Idempotency-Key": form.encode()}), 422, "printable ASCII")
    item = {"key": "words", "user": {"id": "ada"}, "value": 1, "idempotencyKey": form}
    refused(world.batch([item]), 422, "printable ASCII")
    assert world.total() is None


def test_a_key_never_expires(world):
    """The window is unlimited, so there is no "after expiry": a key used for 2001 is used today."""
    world.event(1, key="lesson-1", timestamp=LONG_AGO)
    again = world.event(1, key="lesson-1")
    assert again.status_code == 202
    assert world.total() == 1


@pytest.mark.parametrize("first", ["single", "batch"])
def test_a_key_in_a_batch_and_in_a_single_call_counts_once(world, first):
    item = {"key": "words", "user": {"id": "ada"}, "value": 10, "idempotencyKey": "lesson-1"}
    steps = [lambda: world.event(10, key="lesson-1"), lambda: world.batch([item])]
    answers = [step() for step in (steps if first == "single" else reversed(steps))]
    assert [a.status_code for a in answers] == ([201, 202] if first == "single" else [202, 202])
    assert world.total() == 10


def test_a_key_twice_in_one_batch_counts_the_first(world):
    items = [
        {"key": "words", "user": {"id": "ada"}, "value": value, "idempotencyKey": "lesson-1"}
        for value in (10, 99)
    ]
    answer = world.batch(items)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 2)
    assert world.total() == 10


@pytest.mark.parametrize("mistake", [{"value": "ten"}, {"value": 1e300}, {"attributes": {"unknown": "x"}}])
def test_a_refused_event_burns_no_key(world, mistake):
    body = {"user": {"id": "ada"}, "value": 10} | mistake
    headers = {"Idempotency-Key": "lesson-1"}
    refused(world.http.post("/v1/metrics/words/event", json=body, headers=headers), 422)
    assert world.event(10, key="lesson-1").status_code == 201
    assert world.total() == 10
