"""Streaks in the user's own zone: clock changes, odd zones, and travel in both directions."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.lives import DAY, HOUR, Life, at, book, day, numbers, streak
from tests.engine.test_periods import ZONES

from plaudit.engine.streaks import current
from plaudit.model.catalog import Frequency
from plaudit.model.commands import UserPatch


def run(zone, *times, goals=()):
    """A life with one event at each local time."""
    ada = Life(book(*goals))
    ada.identify(at(times[0], zone), tz=zone)
    for text in times:
        ada.event(1, at(text, zone))
    return ada


def length(ada, now):
    return current(ada.rules.streaks, ada.snapshot(), now).length


@pytest.mark.parametrize(
    ("zone", "times"),
    [
        ("America/New_York", ["2025-03-08T23:59:59", "2025-03-09T00:00:00", "2025-03-10T00:00:00"]),
        ("America/New_York", ["2025-11-01T00:00:00", "2025-11-02T23:59:59", "2025-11-03T23:59:59"]),
        ("Europe/London", ["2025-03-29T00:30:00", "2025-03-30T03:30:00", "2025-03-31T23:30:00"]),
        ("Europe/London", ["2025-10-25T12:00:00", "2025-10-26T01:30:00", "2025-10-27T12:00:00"]),
        ("Australia/Lord_Howe", ["2025-04-05T12:00:00", "2025-04-06T23:45:00", "2025-04-07T00:15:00"]),
        ("Asia/Kathmandu", ["2025-04-05T00:00:00", "2025-04-06T23:59:00", "2025-04-07T12:00:00"]),
        ("Etc/GMT+12", ["2025-04-05T00:00:00", "2025-04-06T23:59:00", "2025-04-07T12:00:00"]),
        ("Pacific/Kiritimati", ["2025-04-05T00:00:00", "2025-04-06T23:59:00", "2025-04-07T12:00:00"]),
        ("Pacific/Pago_Pago", ["2025-04-05T00:00:00", "2025-04-06T23:59:00", "2025-04-07T12:00:00"]),
        ("US/Eastern", ["2024-02-28T20:00:00", "2024-02-29T20:00:00", "2024-03-01T20:00:00"]),
        ("Etc/GMT+5", ["2025-12-31T20:00:00", "2026-01-01T20:00:00", "2026-01-02T20:00:00"]),
    ],
)
def test_three_local_days_in_a_row_are_a_streak_of_three(zone, times):
    ada = run(zone, *times, goals=(streak(1, 3),))
    assert ada.daily.days == 3
    assert length(ada, at(times[-1], zone)) in (2, 3)


@pytest.mark.parametrize(
    ("zone", "last", "lost"),
    [
        ("America/New_York", "2025-03-08T12:00:00", "2025-03-10T00:00:00"),
        ("Europe/London", "2025-10-25T12:00:00", "2025-10-27T00:00:00"),
        ("Asia/Kathmandu", "2025-04-05T12:00:00", "2025-04-07T00:00:00"),
    ],
)
def test_a_streak_is_lost_at_local_midnight_after_the_day_it_could_go_on(zone, last, lost):
    ada = run(zone, last)
    assert length(ada, at(lost, zone) - 1) == 1
    assert length(ada, at(lost, zone)) == 0


def test_the_date_samoa_skipped_breaks_no_streak():
    ada = run("Pacific/Apia", "2011-12-29T12:00:00", "2011-12-31T12:00:00")
    assert ada.daily.days == 2


def test_flying_east_on_the_same_day_mints_at_most_the_new_local_day():
    ada = Life(book())
    ada.event(1, at("2025-04-02T20:00:00"), user=UserPatch(tz="Pacific/Pago_Pago"))
    ada.event(1, at("2025-04-02T21:00:00"), user=UserPatch(tz="Pacific/Kiritimati"))
    assert ada.daily.last_period == day("2025-04-03")
    assert ada.daily.length == 2
    ada.event(1, at("2025-04-03T11:00:00"))
    assert (ada.daily.days, ada.daily.length) == (3, 2)


def test_flying_west_on_the_same_day_mints_nothing():
    ada = Life(book())
    ada.event(1, at("2025-04-02T20:00:00"), user=UserPatch(tz="Pacific/Kiritimati"))
    outcome = ada.event(1, at("2025-04-02T21:00:00"), user=UserPatch(tz="Pacific/Pago_Pago"))
    assert not outcome.extended
    assert outcome.periods == ()
    assert ada.asked == []
    assert ada.daily.days == 1


def test_a_zone_change_west_gives_the_longer_time_and_east_takes_none():
    ada = Life(book())
    ada.event(1, at("2025-04-02T12:00:00"), user=UserPatch(tz="Asia/Tokyo"))
    tokyo = ada.daily.expires_at
    assert tokyo == at("2025-04-04T00:00:00", "Asia/Tokyo")
    moved = ada.identify(at("2025-04-02T13:00:00"), tz="America/New_York")
    york = at("2025-04-04T00:00:00", "America/New_York")
    assert moved.streaks[Frequency.DAILY].expires_at == york
    assert ada.identify(at("2025-04-02T14:00:00"), tz="Asia/Tokyo").streaks == {}
    assert ada.daily.expires_at == york
    ada.event(1, york - 1)
    assert ada.daily.days == 2


def test_a_late_event_keeps_together_what_travel_held_together():
    ada = Life(book(streak(1, 4)))
    ada.event(1, at("2025-04-01T12:00:00"), user=UserPatch(tz="Pacific/Kiritimati"))
    ada.identify(at("2025-04-01T13:00:00"), tz="Pacific/Pago_Pago")
    ada.identify(at("2025-04-01T14:00:00"), tz="Pacific/Kiritimati")
    ada.event(1, at("2025-04-04T10:30:00"))
    assert ada.daily.days == 2
    outcome = ada.event(1, at("2025-03-31T12:00:00"), now=at("2025-04-04T12:00:00"))
    assert ada.daily.days == 3
    assert numbers(outcome) == []
    assert ada.daily.started == day("2025-04-01")


MOVES = st.lists(
    st.tuples(st.sampled_from(ZONES), st.integers(0, 30 * HOUR), st.booleans()), min_size=2, max_size=12
)


@settings(max_examples=150)
@given(MOVES, st.integers(at("2009-01-01"), at("2026-06-01")))
def test_flip_flopping_zones_mint_no_days(moves, start):
    ada, now = Life(book()), start
    for zone, later, by_event in moves:
        now += later
        if not by_event:
            ada.identify(now, tz=zone)
            continue
        ada.event(1, now, user=UserPatch(tz=zone))
        state = ada.daily
        assert state.length <= (now - state.started_at) // DAY + 2
        assert state.length <= state.days
        assert state.longest <= (now - start) // DAY + 2


@settings(max_examples=150)
@given(MOVES, st.integers(at("2009-01-01"), at("2026-06-01")))
def test_a_zone_change_never_breaks_a_streak(moves, start):
    ada, now = Life(book()), start
    ada.event(1, now)
    for zone, later, by_event in moves:
        now += later % (20 * HOUR)
        before = length(ada, now)
        ada.identify(now, tz=zone)
        assert length(ada, now) >= before
        if by_event:
            ada.event(1, now)
            assert length(ada, now) >= before


@settings(max_examples=100)
@given(st.sampled_from(ZONES), st.integers(at("2009-01-01"), at("2026-06-01")), st.integers(2, 9))
def test_an_event_on_each_local_day_is_a_streak_in_every_zone(zone, start, days):
    ada, now = Life(book()), start
    ada.identify(now, tz=zone)
    for _ in range(days):
        ada.event(1, now)
        now += DAY
    assert ada.daily.days in (days, days - 1)
    assert length(ada, now - DAY) == ada.daily.length
