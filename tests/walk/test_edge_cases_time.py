"""Eleven edge cases of time: clocks that jump, zones at the ends of the earth, calendars.

The past is walked by event time (`timestamp`), so every case is the same whenever it is run. The
cases of a changed zone database and of a clock set wrong need servers of their own: `test_clocks.py`.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.support.world import refused

from plaudit.model.catalog import EnvironmentSettings, Frequency, StreakSettings


def at(text: str, zone: str = "UTC", fold: int = 0) -> str:
    """Write a local time of a zone as the instant it is."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return local.astimezone(UTC).isoformat().replace("+00:00", "Z")


def live(world, zone: str, *times: str, fold: int = 0, user: str = "ada"):
    """Let a user of a zone have an event at each local time; give the last answer."""
    answer = None
    for text in times:
        answer = world.event(1, user, profile={"tz": zone}, timestamp=at(text, zone, fold))
        assert answer.status_code == 201, answer.text
    return answer


def streaks_reached(world, user: str = "ada") -> list[int]:
    return sorted(item["streakLength"] for item in world.earned(user).values())


@pytest.fixture
def steps(world):
    """Achievements for streaks of one to six periods."""
    return [world.achievement("streak", streakLength=length) for length in range(1, 7)]


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("America/New_York", ("2026-03-07", "2026-03-08", "2026-03-09")),
        ("Europe/London", ("2026-03-28", "2026-03-29", "2026-03-30")),
        ("Australia/Lord_Howe", ("2025-10-04", "2025-10-05", "2025-10-06")),
    ],
)
def test_a_spring_forward_day_is_one_day(world, steps, zone, days):
    """The third day is met at noon: a length never exceeds the whole 24 hours elapsed and two."""
    first, second, third = days
    live(world, zone, f"{first}T23:59:59", f"{second}T00:00", f"{second}T23:59:59", f"{third}T12:00")
    assert world.days(first, third) == {first: 1, second: 2, third: 1}
    assert streaks_reached(world) == [1, 2, 3]


@pytest.mark.parametrize(
    ("zone", "days", "twice"),
    [
        ("America/New_York", ("2025-11-01", "2025-11-02", "2025-11-03"), "01:30"),
        ("Europe/London", ("2025-10-25", "2025-10-26", "2025-10-27"), "01:30"),
        ("Australia/Lord_Howe", ("2026-04-04", "2026-04-05", "2026-04-06"), "01:45"),
    ],
)
def test_a_fall_back_day_is_one_day_and_its_doubled_hour_counts_twice(world, steps, zone, days, twice):
    live(world, zone, f"{days[0]}T23:59:59", f"{days[1]}T{twice}")
    live(world, zone, f"{days[1]}T{twice}", fold=1)
    live(world, zone, f"{days[1]}T23:59:59", f"{days[2]}T00:00:00")
    assert world.days(days[0], days[2]) == {days[0]: 1, days[1]: 3, days[2]: 1}
    assert streaks_reached(world) == [1, 2, 3]


def test_the_half_hour_shift_of_lord_howe_moves_midnight_by_half_an_hour(world):
    zone = "Australia/Lord_Howe"
    for instant in (
        "2026-04-03T12:59:59Z",
        "2026-04-03T13:00:00Z",
        "2026-04-06T13:29:59Z",
        "2026-04-06T13:30:00Z",
    ):
        world.event(1, profile={"tz": zone}, timestamp=instant)
    assert world.days("2026-04-01", "2026-04-09") == {
        "2026-04-03": 1, "2026-04-04": 1, "2026-04-06": 1, "2026-04-07": 1,
    }  # fmt: skip


def test_a_date_the_zone_skipped_breaks_no_streak(world, steps):
    """Samoa went from 29 December 2011 straight to the 31st."""
    live(
        world, "Pacific/Apia", "2011-12-28T12:00", "2011-12-29T12:00", "2011-12-31T12:00", "2012-01-01T12:00"
    )
    assert world.days("2011-12-27", "2012-01-02") == {
        "2011-12-28": 1, "2011-12-29": 1, "2011-12-31": 1, "2012-01-01": 1,
    }  # fmt: skip
    assert streaks_reached(world) == [1, 2, 3, 4]


def test_one_instant_falls_on_three_dates_from_end_to_end_of_the_earth(world):
    dates = {
        "Pacific/Kiritimati": "2026-05-02",
        "Etc/UTC": "2026-05-01",
        "Pacific/Niue": "2026-04-30",
        "Etc/GMT+12": "2026-04-30",
    }
    for zone, date in dates.items():
        user = zone.replace("/", "-")
        world.event(1, user, profile={"tz": zone}, timestamp="2026-05-01T10:30:00Z")
        assert world.days("2026-04-29", "2026-05-03", user) == {date: 1}, zone


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [("Asia/Kathmandu", "2026-05-01T18:15:00Z"), ("Asia/Kolkata", "2026-05-01T18:30:00Z")],
)
def test_quarter_and_half_hour_zones_change_days_at_their_own_midnight(world, steps, zone, midnight):
    change = datetime.fromisoformat(midnight)
    for instant in (change - timedelta(milliseconds=1), change):
        world.event(1, profile={"tz": zone}, timestamp=instant.isoformat())
    assert world.days("2026-04-30", "2026-05-03") == {"2026-05-01": 1, "2026-05-02": 1}
    assert streaks_reached(world) == [1, 2]


def test_flying_west_on_one_day_breaks_no_streak_and_counts_no_day_twice(world, steps):
    live(world, "Asia/Tokyo", "2026-05-01T09:00", "2026-05-02T09:00")
    live(world, "Pacific/Honolulu", "2026-05-01T20:00", "2026-05-02T20:00", "2026-05-03T20:00")
    assert streaks_reached(world) == [1, 2, 3]


def test_flying_east_on_one_day_breaks_no_streak(world, steps):
    live(world, "Pacific/Honolulu", "2026-05-01T09:00", "2026-05-02T09:00")
    live(world, "Pacific/Auckland", "2026-05-04T09:00", "2026-05-05T09:00")
    assert streaks_reached(world)[:3] == [1, 2, 3]


def test_flip_flopping_zones_mint_no_days(world, steps):
    """Two ends of the earth in turn: never longer than the whole 24 hours elapsed and two."""
    start = datetime(2026, 5, 1, 8, tzinfo=UTC)
    zones = ("Pacific/Kiritimati", "Pacific/Niue")
    for turn in range(24):
        moment = start + timedelta(hours=3 * turn)
        answer = world.event(1, profile={"tz": zones[turn % 2]}, timestamp=moment.isoformat())
        assert answer.status_code == 201
        elapsed = (moment - start) // timedelta(hours=24)
        assert max(streaks_reached(world)) <= elapsed + 2
    assert streaks_reached(world)[0] == 1


def calendar(worlds, frequency: Frequency, week_start: int = 1):
    world = worlds.make(EnvironmentSettings(StreakSettings(frequency, week_start=week_start)))
    world.metric("words")
    for length in range(1, 6):
        world.achievement("streak", streakLength=length)
    return world


@pytest.mark.parametrize(("week_start", "reached"), [(1, [1, 2]), (7, [1, 2, 3])])
def test_weeks_begin_on_monday_or_by_setting_on_sunday(worlds, week_start, reached):
    """A Saturday, a Sunday and a Monday: two weeks by Monday; by Sunday the last two are one."""
    world = calendar(worlds, Frequency.WEEKLY, week_start)
    days = ("2026-05-02T12:00", "2026-05-03T12:00", "2026-05-04T12:00", "2026-05-10T12:00")
    live(world, "Europe/Paris", *days)
    assert streaks_reached(world) == reached


def test_iso_week_53_is_one_week_across_the_new_year(worlds):
    world = calendar(worlds, Frequency.WEEKLY)
    live(world, "Europe/Paris", "2020-12-28T00:00", "2021-01-03T23:59")
    assert streaks_reached(world) == [1]
    live(world, "Europe/Paris", "2021-01-04T00:00")
    assert streaks_reached(world) == [1, 2]


def test_months_of_every_length_follow_each_other(worlds):
    world = calendar(worlds, Frequency.MONTHLY)
    live(
        world, "Europe/Paris", "2023-12-31T23:59", "2024-01-31T23:59", "2024-02-29T23:59", "2024-03-01T00:00"
    )
    assert streaks_reached(world) == [1, 2, 3, 4]


def test_a_29th_of_february_is_a_day_like_others(world, steps):
    live(world, "UTC", "2024-02-28T12:00", "2024-02-29T12:00", "2024-03-01T12:00")
    assert streaks_reached(world) == [1, 2, 3]


def test_whoever_signed_up_on_the_29th_of_february_has_anniversaries_on_the_28th(world):
    year = world.achievement("anniversary", anniversaryYears=1)
    leap = world.achievement("anniversary", anniversaryYears=2)
    answer = world.http.put("/v1/users/ada", json={"tz": "America/New_York", "signUpDate": "2024-02-29"})
    assert answer.is_success, answer.text
    earned = world.earned()
    assert earned[year]["achievedAt"].startswith("2025-02-28T05:00:00")
    assert earned[leap]["achievedAt"].startswith("2026-02-28T05:00:00")


@pytest.mark.parametrize(
    "name",
    [
        "Mars/Olympus",
        "europe/paris ",
        "",
        "UTC+2",
        "../../etc/passwd",
        "/etc/localtime",
        "Europe/Paris\x00",
        "X" * 300,
    ],
)
def test_a_zone_that_is_no_iana_name_is_refused_everywhere(world, name):
    refused(world.event(1, profile={"tz": name}), 422, "tz")
    refused(world.http.put("/v1/users/ada", json={"tz": name}), 422, "tz")
    item = {"key": "words", "user": {"id": "ada", "tz": name}, "value": 1}
    refused(world.batch([item]), 422, "tz")
    assert world.total() is None


@pytest.mark.parametrize(
    ("alias", "date"),
    [
        ("US/Eastern", "2026-04-30"),
        ("Asia/Calcutta", "2026-05-01"),
        ("Etc/GMT+5", "2026-04-30"),
        ("GMT", "2026-05-01"),
    ],
)
def test_aliases_and_sign_inverted_names_are_zones(world, alias, date):
    """`Etc/GMT+5` lies five hours behind, not before, Greenwich."""
    world.event(1, profile={"tz": alias}, timestamp="2026-05-01T01:00:00Z")
    assert world.days("2026-04-29", "2026-05-03") == {date: 1}
    assert world.read("/v1/users/ada")["tz"] == alias


def test_a_day_off_breaks_no_streak(worlds):
    """Saturday (6) and Sunday (0) are off: Monday follows Saturday, which may extend the streak."""
    world = worlds.make(EnvironmentSettings(StreakSettings(days_off=(0, 6))))
    world.metric("words")
    for length in range(1, 5):
        world.achievement("streak", streakLength=length)
    live(world, "UTC", "2026-05-08T12:00", "2026-05-09T12:00", "2026-05-11T12:00", "2026-05-12T12:00")
    assert streaks_reached(world) == [1, 2, 3, 4]
