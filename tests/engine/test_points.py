"""Points in the engine: every trigger, the limits, boosts, levels and replays, each as one fact about Ada."""

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from tests.engine.lives import HOUR, at, call, composite, day, streak, total
from tests.engine.purse import XP, Purse, boost, every, given, hourly, level, points_book, system, trigger

from plaudit.engine.points import MOST_AWARDS
from plaudit.engine.points_audit import audit_points
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Frequency, Measure
from plaudit.model.commands import UserPatch
from plaudit.model.errors import Code
from plaudit.model.outcome import Refusal
from plaudit.model.points import PointsState, PointsTriggerType, Rounding

NOON = at("2025-04-02T12:00:00")
DAY = 24 * HOUR
TODAY = day("2025-04-02")
T = PointsTriggerType
NOVELS = Measure(10, 1, (("project", "novel"),), 1)


def test_every_multiple_that_an_event_crosses_is_an_award_of_its_own():
    ada = Purse(points_book(system(), every(1, 100, 10)))
    assert given(ada.event(99, NOON)) == []
    outcome = ada.event(251, NOON + 1)
    assert given(outcome) == [(10, 10), (10, 20), (10, 30)]
    assert [award.n for award in outcome.awards] == [1, 2, 3]
    assert len({award.id for award in outcome.awards}) == 3
    assert {(a.seq, a.at, a.day, a.trigger) for a in outcome.awards} == {(2, NOON + 1, TODAY, 1)}
    assert given(ada.event(49, NOON + 2)) == []
    assert given(ada.event(1, NOON + 3)) == [(10, 40)]


def test_a_dip_and_a_second_crossing_award_nothing_twice():
    ada = Purse(points_book(system(), every(1, 100, 10)))
    ada.event(150, NOON)
    assert given(ada.event(-100, NOON + 1)) == []
    assert given(ada.event(100, NOON + 2)) == []
    assert given(ada.event(50, NOON + 3)) == [(10, 20)]


def test_a_new_or_edited_trigger_pays_for_no_past():
    ada = Purse(points_book(system()))
    ada.event(1050, NOON)
    ada.book = points_book(system(), every(1, 100, 10))
    assert given(ada.event(49, NOON + 1)) == []
    assert given(ada.event(1, NOON + 2)) == [(10, 10)]
    ada.book = points_book(system(), every(1, 10, 10))
    assert given(ada.event(9, NOON + 3)) == []
    assert given(ada.event(1, NOON + 4)) == [(10, 20)]


def test_what_is_crossed_beyond_a_hundred_times_is_one_more_award():
    ada = Purse(points_book(system(), every(1, 1, 3)))
    outcome = ada.event(1_000_000, NOON)
    assert len(outcome.awards) == MOST_AWARDS + 1
    assert ada.total() == 3_000_000


def test_only_matching_events_and_users_earn():
    book = points_book(
        system(),
        every(1, 10, 1, measure=10, events=[("project", "novel")]),
        every(2, 10, 100, users=[("plan", "pro")]),
        measures=(NOVELS,),
    )
    ada = Purse(book)
    assert given(ada.event(10, NOON)) == []
    assert given(ada.event(10, NOON + 1, project="novel")) == [(1, 1)]
    assert given(ada.event(10, NOON + 2, user=UserPatch(attributes={"plan": "pro"}))) == [(100, 101)]


def test_a_streak_awards_at_each_multiple_of_its_length_again_after_a_loss():
    ada = Purse(points_book(system(), trigger(1, T.STREAK, 5, streak_length=2)))
    earned = [len(ada.event(1, NOON + n * DAY).awards) for n in range(5)]
    assert earned == [0, 1, 0, 1, 0]
    later = NOON + 30 * DAY
    assert [len(ada.event(1, later + n * DAY).awards) for n in (0, 0, 1)] == [0, 0, 1]


@pytest.mark.parametrize(
    ("days", "late", "earned"),
    [
        ((0, 1, 2, 4, 5, 6), 3, 2),
        ((0, 1, 3, 4), 2, 1),
        ((0, 1, 2, 4), 3, 1),
        ((0, 2, 4), 3, 1),
        ((1, 2), 0, 1),
    ],
)
def test_a_late_event_that_joins_runs_pays_no_multiple_twice(days, late, earned):
    ada = Purse(points_book(system(), trigger(1, T.STREAK, 5, streak_length=3)))
    now = NOON + max(days) * DAY
    for n in days:
        ada.event(1, NOON + n * DAY)
    ada.event(1, NOON + late * DAY, now)
    assert ada.total() == 5 * earned
    for n in range(max(days) + 1, max(days) + 5):
        ada.event(1, NOON + n * DAY)
    length = ada.snapshot.streaks[Frequency.DAILY].length
    assert ada.total() == 5 * (length // 3)


def test_achievements_award_live_and_composites_in_the_same_act():
    goals = (total(1, 10), call(2), composite(3, 1, 2))
    book = points_book(
        system(),
        trigger(11, T.ACHIEVEMENT, 5, achievement=1),
        trigger(12, T.ACHIEVEMENT, 7, achievement=2),
        trigger(13, T.ACHIEVEMENT, 50, achievement=3),
        achievements=goals,
    )
    ada = Purse(book)
    assert given(ada.event(10, NOON)) == [(5, 5)]
    assert given(ada.complete("goal-2", NOON + 1)) == [(7, 12), (50, 62)]
    assert given(ada.complete("goal-2", NOON + 2)) == []


def test_a_new_user_is_greeted_once_by_whatever_brings_it():
    book = points_book(system(), trigger(1, T.USER_CREATION, 25))
    for act in (lambda ada: ada.identify(NOON), lambda ada: ada.event(1, NOON)):
        ada = Purse(book)
        assert given(act(ada)) == [(25, 25)]
        assert given(act(ada)) == []


def test_inactive_and_archived_triggers_and_systems_award_nothing():
    idle = every(1, 10, 5, active=False)
    for documents in (
        (system(), idle),
        (system(), every(1, 10, 5, archived=True)),
        (system(archived=True), every(1, 10, 5)),
    ):
        assert given(Purse(points_book(*documents)).event(10, NOON)) == []


def test_totals_stay_between_nothing_and_the_cap():
    ada = Purse(points_book(system(most=25), every(1, 1, 10), every(2, 4, -100)))
    assert given(ada.event(3, NOON)) == [(10, 10), (10, 20), (5, 25)]
    assert given(ada.event(1, NOON + 1)) == [(-25, 0)]
    assert given(ada.event(1, NOON + 2)) == [(10, 10)]


def test_a_lowered_cap_takes_nothing_away():
    ada = Purse(points_book(system(), every(1, 1, 10)))
    ada.event(5, NOON)
    ada.book = points_book(system(most=20), every(1, 1, 10))
    assert given(ada.event(5, NOON + 1)) == []
    assert ada.total() == 50


def test_who_cannot_pay_is_refused_and_nothing_is_kept():
    book = points_book(
        system(), every(1, 5, 30), every(2, 1, -20, block_if_out_of_points=True, users=[("plan", "pro")])
    )
    ada = Purse(book)
    pro = UserPatch(attributes={"plan": "pro"})
    refusal = ada.event(1, NOON, user=pro)
    assert refusal == Refusal(Code.OUT_OF_POINTS, {"system": "S100", "cost": "20", "total": "0"})
    assert ada.snapshot.user is None
    ada.event(5, NOON + 1)
    assert given(ada.event(1, NOON + 2, user=pro)) == [(-20, 10)]
    assert isinstance(ada.event(1, NOON + 3), Refusal)


def test_gains_come_before_costs_so_that_an_event_can_pay_for_itself():
    ada = Purse(points_book(system(), every(1, 1, -20, block_if_out_of_points=True), every(2, 1, 30)))
    assert given(ada.event(1, NOON)) == [(30, 30), (-20, 10)]


@pytest.mark.parametrize(
    ("boosts", "points", "awarded"),
    [
        ([boost(20, 2), boost(21, 1.5), boost(22, 3)], 1, 9),
        ([boost(20, 1.5)], 3, 4),
        ([boost(20, 1.5, rounding=Rounding.UP)], 3, 5),
        ([boost(20, 1.5, rounding=Rounding.NEAREST)], 3, 5),
        ([boost(20, 0.1)], 30, 3),
        ([boost(20, 1.5, rounding=Rounding.UP), boost(21, 1.5)], 3, 6),
        ([boost(20, 1.5), boost(21, 1.5, rounding=Rounding.UP)], 3, 7),
        ([boost(20, 0.1)], 1, None),
        ([boost(20, 2, start=TODAY, end=TODAY)], 1, 2),
        ([boost(20, 2, start=TODAY + 1)], 1, 1),
        ([boost(20, 2, end=TODAY - 1)], 1, 1),
        ([boost(20, 2, user="ada"), boost(21, 3, user="ben")], 1, 2),
        ([boost(20, 2, users=[("plan", "pro")]), boost(21, 3, users=[("plan", "free")])], 1, 2),
        ([boost(20, 2, archived=True)], 1, 1),
        ([boost(20, 2)], -5, -5),
    ],
)
def test_boosts_multiply_and_are_rounded_once(boosts, points, awarded):
    book = points_book(system(), trigger(2, T.USER_CREATION, 100), every(1, 1, points), *boosts)
    ada = Purse(book)
    ada.identify(NOON - 9 * DAY, attributes={"plan": "pro"})
    found = [award.awarded for award in ada.event(1, NOON).awards]
    assert found == ([] if awarded is None else [awarded])


def test_a_boost_follows_the_users_own_date():
    ada = Purse(points_book(system(), every(1, 1, 1), boost(20, 2, start=TODAY + 1)))
    late = at("2025-04-02T23:30:00")
    assert given(ada.event(1, late)) == [(1, 1)]
    outcome = ada.event(1, late + 1, user=UserPatch(tz="Asia/Tokyo"))
    assert given(outcome) == [(2, 3)]
    assert outcome.awards[0].boosts == (20,)


def test_the_level_is_the_highest_one_reached():
    rule = points_book(system(), level(31, 100), level(30, 0), level(32, 500)).points.systems[XP]
    found = [rule.level_of(points) for points in (0, 99, 100, 499, 500, 9999)]
    assert [each.number for each in found] == [30, 30, 31, 31, 32, 32]
    assert points_book(system(), level(31, 1)).points.systems[XP].level_of(0) is None


def test_a_replay_tells_the_awards_of_the_first_use():
    ada = Purse(points_book(system(), every(1, 10, 5)))
    first = ada.event(10, NOON, key="lesson")
    ada.event(10, NOON + 1)
    again = ada.event(10, NOON + 2, key="lesson")
    assert again.awards == first.awards
    assert again.after.points == {XP: PointsState(10, 2)}


def test_time_awards_once_per_instant_and_catches_up():
    ada = Purse(points_book(system(), hourly(1, 2)))
    born = ada.identify(NOON)
    assert born.dues == ((1, NOON + HOUR),)
    outcome = ada.time(NOON + 3 * HOUR + 5, (1, NOON + HOUR))
    assert [(a.awarded, a.at, a.seq) for a in outcome.awards] == [
        (2, NOON + n * HOUR, None) for n in (1, 2, 3)
    ]
    assert outcome.dues == ((1, NOON + 4 * HOUR),)
    assert ada.total() == 6


def test_a_long_sleep_is_caught_up_in_steps():
    ada = Purse(points_book(system(), hourly(1, 1)))
    ada.identify(NOON)
    outcome = ada.time(NOON + 1000 * HOUR, (1, NOON + HOUR))
    assert len(outcome.awards) == MOST_AWARDS
    assert outcome.dues == ((1, NOON + (MOST_AWARDS + 1) * HOUR),)


def test_an_instant_of_an_older_interval_or_an_ended_trigger_awards_nothing():
    ada = Purse(points_book(system(), hourly(1, 1, hours=5)))
    ada.identify(NOON)
    outcome = ada.time(NOON + HOUR, (1, NOON + HOUR), (9, NOON + HOUR))
    assert (given(outcome), outcome.dues) == ([], ((1, NOON + 5 * HOUR), (9, None)))


def test_an_environment_without_points_awards_nothing():
    assert points_book().points is None
    assert given(Purse(points_book()).event(1, NOON)) == []


values = st.lists(st.integers(-300, 900).map(lambda tenth: tenth / 10), min_size=1, max_size=30)


@forall(values, st.integers(1, 40), st.integers(1, 9), st.none() | st.integers(1, 60))
def test_every_multiple_pays_exactly_once_and_totals_stay_in_bounds(changes, step, points, most):
    ada = Purse(points_book(system(most=most), every(1, step, points)))
    units = highest = 0
    for place, value in enumerate(changes):
        ada.event(value, NOON + place)
        units += round(value * MICRO)
        highest = max(highest, units)
    earned = highest // (step * MICRO) * points
    assert ada.total() == (earned if most is None else min(earned, most))
    _assert_sound(ada)


@forall(values, st.integers(1, 40), st.integers(-9, 9).filter(bool), st.integers(1, 30))
def test_costs_never_lead_below_nothing(changes, step, points, cap):
    ada = Purse(points_book(system(most=cap), every(1, step, points), every(2, 3, -2), every(3, 7, 5)))
    for place, value in enumerate(changes):
        ada.event(value, NOON + place)
        assert 0 <= ada.total() <= cap
    _assert_sound(ada)


def _assert_sound(ada: Purse) -> None:
    days: dict[tuple[int, int], int] = {}
    for award in ada.awards:
        days[award.system, award.day] = days.get((award.system, award.day), 0) + award.awarded
    user = ada.snapshot.user
    assert audit_points(user, ada.snapshot.points, ada.awards, days, user.seq) == []


def test_the_audit_names_each_drift():
    ada = Purse(points_book(system(), every(1, 1, 10)))
    ada.event(3, NOON)
    user, days = ada.snapshot.user, {(XP, TODAY): 30}
    kept = ada.snapshot.points
    assert audit_points(user, kept, ada.awards, days, 1) == []
    for states, awards, per_day, events, word in (
        ({XP: PointsState(31, 3)}, ada.awards, days, 1, "kept as 31"),
        ({}, ada.awards, days, 1, "kept as None"),
        (kept, ada.awards[1:], days, 1, "is missing"),
        (kept, ada.awards, {}, 1, "points per day"),
        (kept, ada.awards, days, 0, "not logged"),
    ):
        assert any(word in drift for drift in audit_points(user, states, awards, per_day, events))


def test_streak_goals_may_award_too():
    book = points_book(system(), trigger(1, T.ACHIEVEMENT, 9, achievement=5), achievements=(streak(5, 2),))
    ada = Purse(book)
    ada.event(1, NOON)
    assert given(ada.event(1, NOON + DAY)) == [(9, 9)]
