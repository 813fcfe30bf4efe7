"""Calendars at their edges: clock changes, skipped dates, odd zones, week and month boundaries."""

from datetime import UTC, date
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine.lives import HOUR, at, day

from plaudit.engine.periods import (
    DAY_MS,
    day_end,
    expiry,
    is_zone,
    local_day,
    next_period,
    period_end,
    period_start,
    zone_of,
)
from plaudit.model.catalog import Frequency

ZONES = sorted(available_timezones())


@pytest.mark.parametrize("name", ["US/Eastern", "Asia/Calcutta", "Etc/GMT+5", "UTC", "Australia/Lord_Howe"])
def test_aliases_are_zones(name):
    assert is_zone(name)


@pytest.mark.parametrize("name", ["", "Mars/Base", "EST5", "europe/london", "../etc/passwd", "UTC+2"])
def test_other_names_are_not(name):
    assert not is_zone(name)


def test_a_name_the_zone_database_dropped_reads_as_utc():
    assert zone_of("Mars/Base") is UTC
    assert zone_of(None) is UTC


@pytest.mark.parametrize(
    ("zone", "date_text", "hours"),
    [
        ("America/New_York", "2025-03-09", 23),
        ("America/New_York", "2025-11-02", 25),
        ("Europe/London", "2025-03-30", 23),
        ("Europe/London", "2025-10-26", 25),
        ("Australia/Lord_Howe", "2025-04-06", 24.5),
        ("Australia/Lord_Howe", "2025-10-05", 23.5),
        ("Pacific/Apia", "2011-12-29", 24),
        ("Pacific/Apia", "2011-12-30", 0),
        ("Pacific/Apia", "2011-12-31", 24),
        ("Asia/Kathmandu", "2025-06-01", 24),
        ("America/Sao_Paulo", "2018-11-04", 23),
        ("America/Sao_Paulo", "2018-02-17", 25),
        ("America/St_Johns", "2010-11-06", 25),
        ("America/Havana", "2025-11-02", 25),
        ("Africa/Cairo", "2025-04-25", 23),
    ],
)
def test_a_day_lasts_as_long_as_the_clocks_say(zone, date_text, hours):
    today = day(date_text)
    assert day_end(today, zone_of(zone)) - day_end(today - 1, zone_of(zone)) == hours * HOUR


def test_a_jump_over_midnight_ends_the_day_at_the_jump():
    # Toronto jumped from 23:30 to 00:30 on 30 March 1919.
    zone = zone_of("America/Toronto")
    jump = at("1919-03-31T04:30:00")
    assert local_day(jump - 1, zone) == day("1919-03-30")
    assert local_day(jump, zone) == day("1919-03-31")
    assert day_end(day("1919-03-30"), zone) == jump


@pytest.mark.parametrize(
    ("zone", "when", "expected"),
    [
        ("Pacific/Kiritimati", "2025-01-01T10:00:00", "2025-01-02"),
        ("Etc/GMT-14", "2025-01-01T10:00:00", "2025-01-02"),
        ("Pacific/Pago_Pago", "2025-01-01T10:59:59", "2024-12-31"),
        ("Etc/GMT+12", "2025-01-01T11:59:59", "2024-12-31"),
        ("Etc/GMT+12", "2025-01-01T12:00:00", "2025-01-01"),
        ("Asia/Kathmandu", "2025-01-01T18:15:00", "2025-01-02"),
        ("Asia/Kathmandu", "2025-01-01T18:14:59", "2025-01-01"),
        ("Etc/GMT+5", "2025-01-01T04:59:59", "2024-12-31"),
        ("US/Eastern", "2025-07-01T03:59:59", "2025-06-30"),
        ("Asia/Calcutta", "2025-07-01T18:30:00", "2025-07-02"),
        ("Pacific/Apia", "2011-12-30T09:59:59", "2011-12-29"),
        ("Pacific/Apia", "2011-12-30T10:00:00", "2011-12-31"),
        (None, "1969-12-31T23:59:59", "1969-12-31"),
    ],
)
def test_an_instant_falls_on_the_local_day(zone, when, expected):
    assert local_day(at(when), zone_of(zone)) == day(expected)


@pytest.mark.parametrize(
    ("frequency", "week_start", "inside", "start", "end"),
    [
        (Frequency.DAILY, 1, "2024-02-29", "2024-02-29", "2024-02-29"),
        (Frequency.WEEKLY, 1, "2026-12-31", "2026-12-28", "2027-01-03"),
        (Frequency.WEEKLY, 1, "2027-01-03", "2026-12-28", "2027-01-03"),
        (Frequency.WEEKLY, 1, "2027-01-04", "2027-01-04", "2027-01-10"),
        (Frequency.WEEKLY, 7, "2027-01-03", "2027-01-03", "2027-01-09"),
        (Frequency.WEEKLY, 7, "2027-01-02", "2026-12-27", "2027-01-02"),
        (Frequency.MONTHLY, 1, "2024-02-29", "2024-02-01", "2024-02-29"),
        (Frequency.MONTHLY, 1, "2025-02-28", "2025-02-01", "2025-02-28"),
        (Frequency.MONTHLY, 1, "2025-12-31", "2025-12-01", "2025-12-31"),
        (Frequency.MONTHLY, 1, "2025-04-30", "2025-04-01", "2025-04-30"),
    ],
)
def test_periods_begin_and_end_where_the_calendar_has_them(frequency, week_start, inside, start, end):
    first = period_start(frequency, day(inside), week_start)
    assert (first, period_end(frequency, first)) == (day(start), day(end))


def test_iso_week_53_is_followed_by_week_1():
    week = period_start(Frequency.WEEKLY, day("2026-12-31"), 1)
    assert date.fromordinal(week).isocalendar().week == 53
    assert date.fromordinal(next_period(Frequency.WEEKLY, week, ())).isocalendar().week == 1


def test_a_month_is_followed_by_the_next_over_the_year():
    assert next_period(Frequency.MONTHLY, day("2025-12-01"), (0, 6)) == day("2026-01-01")


def test_days_off_are_skipped_by_daily_streaks_only():
    friday = day("2025-04-04")
    assert next_period(Frequency.DAILY, friday, (0, 6)) == day("2025-04-07")
    assert next_period(Frequency.DAILY, friday, tuple(range(7))) == day("2025-04-05")
    assert expiry(Frequency.DAILY, friday, UTC, (0, 6)) == at("2025-04-08")


@given(st.sampled_from(ZONES), st.integers(0, 4_000_000_000_000))
def test_every_instant_lies_before_the_end_of_its_local_day(name, ms):
    zone = ZoneInfo(name)
    today = local_day(ms, zone)
    end = day_end(today, zone)
    assert ms < end <= ms + 2 * DAY_MS
    assert local_day(end - 1, zone) <= today < local_day(end, zone)


@given(st.integers(700_000, 760_000), st.integers(1, 7), st.sampled_from(Frequency))
def test_periods_tile_the_calendar(today, week_start, frequency):
    start = period_start(frequency, today, week_start)
    end = period_end(frequency, start)
    assert start <= today <= end
    assert period_start(frequency, end, week_start) == start
    assert period_start(frequency, end + 1, week_start) == end + 1
