"""Idempotency keys: a used key tells what its first use caused, and changes nothing."""

from tests.engine.lives import Life, at, book, composite, numbers, total

from plaudit.engine.fingerprint import fingerprint
from plaudit.model.amounts import MICRO
from plaudit.model.commands import UserPatch
from plaudit.model.errors import Code
from plaudit.model.outcome import Refusal
from plaudit.model.state import Depth

NOON = at("2025-04-02T12:00:00")


def life(**settings) -> Life:
    return Life(book(total(1, 10), composite(2, 1), total(3, 50), **settings))


def test_a_replay_tells_what_the_first_use_completed():
    ada = life()
    first = ada.event(10, NOON, key="lesson")
    ada.event(40, NOON + 1)
    replay = ada.event(10, NOON + 2, key="lesson", user=UserPatch(name="Eve"))
    assert ada.asked == [Depth()]
    assert replay.replay.event_id == first.event.id
    assert not replay.mismatch
    assert numbers(replay) == [1, 2]
    assert (replay.total, replay.metric) == (50 * MICRO, 1)
    assert replay.after.user == ada.user
    assert replay.after.user.name is None
    assert (replay.event, replay.changes, replay.created) == (None, (), False)


def test_another_body_is_still_a_replay_and_flagged():
    ada = life()
    ada.event(1, NOON, key="lesson", project="novel")
    assert ada.event(2, NOON, key="lesson", project="novel").mismatch
    assert ada.event(1, NOON, key="lesson", project="essay").mismatch
    assert not ada.event(1, NOON + 1, key="lesson", project="novel").mismatch
    assert ada.totals[1].total == MICRO


def test_strict_environments_refuse_another_body():
    ada = life(strict=True)
    ada.event(1, NOON, key="lesson")
    assert ada.event(2, NOON, key="lesson") == Refusal(Code.KEY_MISMATCH)
    assert ada.event(1, NOON, key="lesson").replay is not None


def test_a_key_belongs_to_its_metric():
    ada = life()
    ada.event(1, NOON, key="lesson")
    assert ada.event(1, NOON, key="lesson", metric="pages").replay is None


def test_a_refused_event_burns_no_key():
    ada = life()
    ada.event(1, NOON, key="lesson", shoe="42")
    assert ada.event(1, NOON, key="lesson").replay is None


def test_fingerprints_ignore_the_order_of_attributes_but_nothing_else():
    assert fingerprint(1, {"a": "1", "b": "2"}) == fingerprint(1, {"b": "2", "a": "1"})
    assert len(fingerprint(1, {})) == 8
    different = [
        fingerprint(1, {}),
        fingerprint(2, {}),
        fingerprint(1, {"a": "1"}),
        fingerprint(1, {"a": "2"}),
        fingerprint(1, {"a": "1, b", "c": ""}),
        fingerprint(1, {"a": "\u00e9"}),
        fingerprint(1, {"a": "e\u0301"}),
    ]
    assert len(set(different)) == len(different)
