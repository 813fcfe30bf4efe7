"""Freezes and pauses in the user's own zone: clock changes, odd zones, skipped dates, and travel."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.lives import DAY, HOUR, at, day
from tests.engine.test_periods import ZONES
from tests.engine.test_streak_care import ONE, do, drifts, keep, life, past, view

from plaudit.engine.freezes import planned
from plaudit.engine.periods import local_day, zone_of
from plaudit.model.catalog import FreezeSettings, Frequency
from plaudit.model.commands import GrantFreeze, PauseStreak, UserPatch

EDGES = [
    ("spring forward in New York", "America/New_York", "2025-03-08", "2025-03-10"),
    ("fall back in New York", "America/New_York", "2025-11-01", "2025-11-03"),
    ("spring forward in London", "Europe/London", "2025-03-29", "2025-03-31"),
    ("fall back in London", "Europe/London", "2025-10-25", "2025-10-27"),
    ("half an hour on Lord Howe", "Australia/Lord_Howe", "2025-04-05", "2025-04-07"),
    ("UTC+14", "Pacific/Kiritimati", "2025-04-05", "2025-04-07"),
    ("UTC-11", "Pacific/Pago_Pago", "2025-04-05", "2025-04-07"),
    ("UTC-12", "Etc/GMT+12", "2025-04-05", "2025-04-07"),
    ("a quarter of an hour in Kathmandu", "Asia/Kathmandu", "2025-04-05", "2025-04-07"),
    ("29 February", "Europe/London", "2024-02-28", "2024-03-01"),
    ("an aliased name", "US/Eastern", "2025-04-05", "2025-04-07"),
    ("a sign-inverted name", "Etc/GMT+5", "2025-12-31", "2026-01-02"),
    ("an old name", "Asia/Calcutta", "2025-04-05", "2025-04-07"),
]


@pytest.mark.parametrize(
    ("zone", "last", "after"), [each[1:] for each in EDGES], ids=[each[0] for each in EDGES]
)
def test_a_freeze_covers_the_local_day_between(zone, last, after):
    ada = life(ONE)
    ada.event(1, at(f"{last}T12:00:00", zone), user=UserPatch(tz=zone))
    over = at(f"{after}T00:00:00", zone)
    assert keep(ada, over - 1).moves.consumed == 0
    assert keep(ada, over).moves.consumed == 1
    assert ada.event(1, at(f"{after}T23:59:59", zone)).moves.extended
    assert (ada.daily.days, ada.user.freezes) == (2, 0)
    assert drifts(ada, over + DAY) == []


@pytest.mark.parametrize(
    ("zone", "last", "after"), [each[1:] for each in EDGES], ids=[each[0] for each in EDGES]
)
def test_a_pause_covers_the_local_day_between_for_free(zone, last, after):
    ada = life(ONE)
    now = at(f"{last}T12:00:00", zone)
    ada.event(1, now, user=UserPatch(tz=zone))
    do(ada, PauseStreak, now, day(last) + 1, day(after) - 1)
    outcome = ada.event(1, at(f"{after}T23:59:59", zone))
    assert (outcome.moves.consumed, outcome.moves.extended) == (0, True)
    assert (ada.daily.days, ada.user.freezes) == (2, 1)


def test_the_date_samoa_skipped_costs_no_freeze():
    ada = life(ONE)
    ada.event(1, at("2011-12-29T12:00:00", "Pacific/Apia"), user=UserPatch(tz="Pacific/Apia"))
    assert keep(ada, at("2011-12-31T23:59:59", "Pacific/Apia")).moves.consumed == 0
    assert keep(ada, at("2012-01-01T00:00:00", "Pacific/Apia")).moves.consumed == 1
    assert ada.event(1, at("2012-01-01T12:00:00", "Pacific/Apia")).moves.extended


def test_flying_west_after_a_frozen_day_gives_the_day_and_the_freeze_back():
    ada = life(ONE)
    ada.event(1, at("2025-04-01T12:00:00", "Asia/Tokyo"), user=UserPatch(tz="Asia/Tokyo"))
    now = at("2025-04-03T01:00:00", "Asia/Tokyo")
    assert keep(ada, now).moves.consumed == 1
    ada.event(1, now, user=UserPatch(tz="America/New_York"))
    assert (ada.daily.days, ada.user.freezes) == (2, 1)
    assert ada.daily.length <= (now - ada.daily.started_at) // DAY + 2


def test_flying_east_uses_one_freeze_for_one_missed_day():
    ada = life(FreezeSettings(2, 3))
    ada.event(1, at("2025-04-02T12:00:00", "Pacific/Pago_Pago"), user=UserPatch(tz="Pacific/Pago_Pago"))
    ada.identify(at("2025-04-02T13:00:00", "Pacific/Pago_Pago"), tz="Pacific/Kiritimati")
    assert keep(ada, at("2025-04-04T00:00:00", "Pacific/Pago_Pago")).moves.consumed == 1
    assert ada.user.freezes == 1


def test_week_53_and_the_turn_of_the_year_are_bridged_as_weeks_and_months():
    for frequency, last, missed in (
        (Frequency.WEEKLY, "2020-12-23", ("2020-12-28", "2021-01-03")),
        (Frequency.MONTHLY, "2025-11-15", ("2025-12-01", "2025-12-31")),
    ):
        ada = life(ONE, frequency=frequency)
        ada.event(1, at(f"{last}T12:00:00"))
        end = at(f"{missed[1]}T00:00:00") + DAY
        assert keep(ada, end - 1).moves.consumed == 0
        assert keep(ada, end).moves.consumed == 1
        frozen = past(ada, end, 2)[0]
        assert (frozen.start, frozen.end, frozen.used_freeze) == (day(missed[0]), day(missed[1]), True)


def test_a_clock_stepped_back_brings_nothing_twice_and_one_forward_is_lived_through():
    ada = life(ONE)
    noon = at("2025-04-02T12:00:00")
    ada.event(1, noon)
    keep(ada, noon + 2 * DAY)
    assert keep(ada, noon + 2 * DAY - HOUR).moves.consumed == 0
    ada.event(1, noon + 2 * DAY - HOUR)
    assert (ada.daily.days, ada.user.freezes) == (2, 0)
    assert keep(ada, noon + 5 * DAY).moves.lost == 2


@settings(max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from(ZONES), st.integers(0, 40 * HOUR), st.booleans()), min_size=2, max_size=14
    ),
    st.integers(at("2009-01-01"), at("2026-06-01")),
)
def test_no_journey_mints_days_with_freezes_and_pauses(moves, start):
    ada, now = life(FreezeSettings(2, 9)), start
    ada.event(1, now)
    for zone, later, by_event in moves:
        now += later
        today = local_day(now, zone_of(zone))
        if not by_event:
            ada.identify(now, tz=zone)
            do(ada, PauseStreak, now, today + 1, today + 1)
            do(ada, GrantFreeze, now)
            continue
        ada.event(1, now, user=UserPatch(tz=zone))
        state = ada.daily
        assert state.length <= (now - state.started_at) // DAY + 2
        assert state.length <= state.days
        assert view(ada, now).length == state.length
    assert drifts(ada, now) == []


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.sampled_from(ZONES), st.integers(HOUR, 50 * HOUR)), min_size=1, max_size=30),
    st.integers(at("2009-01-01"), at("2026-06-01")),
    st.integers(1, 9),
)
def test_no_journey_earns_more_freezes_than_the_calendar_gives(moves, start, interval):
    ada, now = life(FreezeSettings(0, 100, interval, 1)), start
    ada.event(1, now)
    for zone, later in moves:
        now += later
        ada.identify(now, tz=zone)
    keep(ada, now)
    used = sum(row.kind == "freeze" for row in ada.periods)
    earned = ada.user.freezes + used
    assert earned == ada.user.freezes_granted
    assert earned <= (now - start) // (interval * DAY - 20 * HOUR) + 1
    assert ada.user.freezes_at is not None
    assert ada.user.freezes_at > now
    assert planned(None, ada.user, now) is None
