"""Settling: what a user already meets is completed silently, at the time it was met."""

from tests.engine.lives import (
    ADA,
    DAY,
    HOUR,
    WHOLE,
    Life,
    anniversary,
    at,
    book,
    call,
    composite,
    day,
    numbers,
    streak,
    total,
)

from plaudit.engine.history import needs_log, settle
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Frequency, Measure, Status, StreakSettings
from plaudit.model.state import Snapshot

NOON = at("2025-04-02T12:00:00")
NOVELS = Measure(10, 1, (("project", "novel"),), 6)
NOW = NOON + 30 * DAY


def ats(settled) -> dict[int, int]:
    return {done.achievement: done.at for done in settled.completions}


def ten_days(**fields) -> Life:
    ada = Life(book(version=5))
    ada.identify(NOON, **fields)
    for n in range(10):
        ada.event(10, NOON + n * DAY, project="novel" if n % 2 else "essay")
        ada.event(1, NOON + n * DAY + HOUR, project="essay")
    return ada


def test_a_threshold_is_settled_at_the_last_event_of_the_day_that_reached_it():
    ada = ten_days()
    settled = ada.settle(book(total(1, 25), total(2, 22), total(3, 999), version=6), NOW)
    assert ats(settled) == {1: NOON + 2 * DAY + HOUR, 2: NOON + DAY + HOUR}
    assert {(done.recorded, done.seq) for done in settled.completions} == {(NOW, None)}
    assert settled.after.user.settled == 6
    assert settled.totals == settled.days == {}


def test_settling_twice_changes_nothing():
    ada = ten_days()
    rules = book(total(1, 25), streak(2, 3), composite(3, 1, 2), version=6)
    assert numbers(ada.settle(rules, NOW)) == [1, 2, 3]
    assert ada.settle(rules, NOW).completions == ()


def test_a_user_settled_by_live_events_has_nothing_left():
    rules = book(total(1, 25), streak(2, 3), composite(3, 1, 2), call(4), anniversary(5, 1), version=6)
    ada = Life(rules)
    for n in range(10):
        ada.event(10, NOON + n * DAY)
    assert ada.settle(rules, NOW).completions == ()


def test_a_total_that_fell_below_the_threshold_again_does_not_meet_it():
    ada = ten_days()
    ada.event(-100, NOON + 11 * DAY)
    assert numbers(ada.settle(book(total(1, 25), total(2, 10), version=6), NOW)) == [2]


def test_a_filtered_measure_is_built_from_the_log():
    ada = ten_days()
    rules = book(total(1, 25, measure=10, events=[("project", "novel")]), measures=(NOVELS,), version=6)
    assert needs_log(rules, ada.user)
    settled = ada.settle(rules, NOW)
    assert ats(settled) == {1: NOON + 5 * DAY}
    assert settled.totals[10].total == 50 * MICRO
    assert settled.totals[10].last_at == NOON + 9 * DAY
    assert sum(moved.change for moved in settled.days[10].values()) == 50 * MICRO
    assert not needs_log(rules, ada.user)
    ada.event(10, NOW, project="novel")
    assert ada.totals[10].total == 60 * MICRO


def test_an_older_filtered_measure_is_left_as_it_is():
    old = Measure(11, 1, (("kind", "draft"),), 1)
    ada = Life(book(measures=(old,)))
    ada.event(3, NOON, kind="draft", project="novel")
    ada.event(3, NOON + 1, kind="draft", metric="pages", project="novel")
    settled = ada.settle(book(measures=(old, NOVELS), version=6), NOW)
    assert list(settled.totals) == [10]
    assert ada.totals[11].total == 3 * MICRO


def test_a_streak_is_settled_when_its_first_run_reached_the_length():
    ada = Life(book())
    for n in (0, 1, 2, 5, 6, 7, 8):
        ada.event(1, NOON + n * DAY)
    assert ats(ada.settle(book(streak(1, 3), streak(2, 4), streak(3, 5), version=6), NOW)) == {
        1: NOON + 2 * DAY,
        2: NOON + 8 * DAY,
    }


def test_a_streak_is_settled_at_the_frequency_of_the_settings():
    ada = ten_days()
    rules = book(streak(1, 2), streaks=StreakSettings(frequency=Frequency.WEEKLY), version=6)
    assert ats(ada.settle(rules, NOW)) == {1: NOON + 5 * DAY}


def test_anniversaries_are_settled_at_their_local_midnight():
    ada = ten_days(sign_up_date=day("2023-04-10"), tz="Asia/Tokyo")
    assert ats(ada.settle(book(anniversary(1, 1), anniversary(2, 3), version=6), NOW)) == {
        1: at("2024-04-10T00:00:00", "Asia/Tokyo")
    }


def test_composites_are_settled_with_their_last_prerequisite():
    ada = ten_days()
    rules = book(
        composite(5, 4),
        composite(4, 1, 2),
        total(1, 10),
        total(2, 40),
        composite(6, 1, 3),
        call(3),
        version=6,
    )
    settled = ada.settle(rules, NOW)
    assert ats(settled) == {1: NOON + HOUR, 2: NOON + 3 * DAY + HOUR} | dict.fromkeys(
        (4, 5), NOON + 3 * DAY + HOUR
    )


def test_only_what_is_active_and_open_to_the_user_is_settled():
    ada = ten_days(attributes={"plan": "pro"})
    rules = book(
        total(1, 10, status=Status.LOCKED),
        total(2, 10, status=Status.INACTIVE),
        total(3, 10, users=[("plan", "pro")]),
        total(4, 10, users=[("plan", "free")]),
        version=6,
    )
    assert numbers(ada.settle(rules, NOW)) == [3]


def test_nobody_has_nothing_to_settle():
    empty = Snapshot(ADA, None, {}, {}, {})
    settled = settle(book(), empty, None, NOW, b"c" * 16)
    assert (settled.completions, settled.after) == ((), empty)


def test_a_total_without_its_days_is_settled_at_the_last_event():
    ada = ten_days()
    ada.days = {}
    assert ats(ada.settle(book(total(1, 25), version=6), NOW)) == {1: NOON + 9 * DAY + HOUR}


def test_ids_differ_between_users_of_one_job():
    ids = set()
    for name in (b"a", b"b"):
        ada = ten_days()
        ada.who = ADA.__class__(name * 16, 1, "", "someone")
        snapshot = ada.snapshot(WHOLE)
        ids |= {done.id for done in settle(book(total(1, 10)), snapshot, None, NOW, b"c" * 16).completions}
    assert len(ids) == 2


def test_a_late_event_completes_at_the_day_the_threshold_was_really_crossed():
    ada = Life(book(total(1, 25), total(2, 27), composite(3, 1)))
    for n in (0, 2, 4):
        ada.event(8, NOON + n * DAY)
    outcome = ada.event(5, NOON + DAY, now=NOON + 9 * DAY)
    assert {done.achievement: done.at for done in outcome.completed} == dict.fromkeys(
        (1, 2, 3), NOON + 4 * DAY
    )
    assert outcome.completed[0].recorded == NOON + 9 * DAY


def test_a_late_event_that_crosses_by_itself_completes_at_its_own_time():
    ada = Life(book(total(1, 20)))
    ada.event(5, NOON + HOUR)
    ada.event(1, NOON + 3 * DAY)
    outcome = ada.event(30, NOON, now=NOON + 9 * DAY)
    assert outcome.completed[0].at == NOON + HOUR
    ben = Life(book(total(1, 20)))
    ben.event(1, NOON + 3 * DAY)
    assert ben.event(30, NOON, now=NOON + 9 * DAY).completed[0].at == NOON


def test_a_late_event_below_an_older_peak_completes_at_its_own_time():
    ada = Life(book(version=5))
    ada.event(100, NOON)
    ada.event(-60, NOON + 4 * DAY)
    ada.rules = book(total(1, 50), version=6)
    outcome = ada.event(20, NOON + 2 * DAY, now=NOON + 9 * DAY)
    assert [done.at for done in outcome.completed] == [NOON + 2 * DAY]
