"""Clocks that are set wrong, and a time zone database that changes the past; servers of their own."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from tests.support.crashes import ENTRY
from tests.support.crashing_server import CLOCK
from tests.support.server import on
from tests.support.world import World

HOUR = 3_600_000
DAY = 24 * HOUR


@pytest.fixture(params=["sqlite", "postgres"])
def ticking(request, tmp_path):
    """A world, and a way to set its server's clock; audited in the end."""
    offset = tmp_path / "offset"
    offset.write_text("0")
    environ = {CLOCK: str(offset)}
    with on(request.param, tmp_path, workers=1, entry=ENTRY, environ=environ) as server:
        world = World(server, server.key)
        world.metric("words")
        yield world, lambda milliseconds: offset.write_text(str(milliseconds))
    audited = server.run("verify")
    assert audited.returncode == 0, audited.stdout + audited.stderr


def until(days: int, hour: int, minute: int = 0) -> int:
    """Give the milliseconds from now to that time, so many days ahead, in UTC."""
    now = datetime.now(UTC)
    then = (now + timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return round((then - now).total_seconds() * 1000)


def test_a_clock_stepped_back_an_hour_loses_nothing(ticking):
    world, set_clock = ticking
    goal = world.achievement("streak", streakLength=2)
    noon, midnight = until(1, 12), until(2, 0, 30)
    for user, time in (("ada", noon), ("ben", midnight)):  # an hour before half past midnight is another day
        set_clock(time)
        world.event(1, user, key="lesson-1")
        set_clock(time - HOUR)
        assert world.event(1, user, key="lesson-1").status_code == 202
        assert world.event(1, user).json()["total"] == 2
    assert (world.streak("ada")["length"], set(world.earned("ada"))) == (1, set())
    assert (world.streak("ben")["length"], set(world.earned("ben"))) == (2, {goal})
    assert world.completions(goal) == 1


def test_a_clock_a_day_ahead_and_back_breaks_no_streak_and_mints_no_days(ticking):
    world, set_clock = ticking
    assert world.event(1).json()["currentStreak"]["length"] == 1
    for _ in range(3):
        set_clock(DAY)
        assert world.event(1).json()["currentStreak"]["length"] == 2
        set_clock(0)
        assert world.event(1).json()["currentStreak"]["length"] == 2
    assert world.total() == 7


def test_a_key_is_known_after_ten_years(ticking):
    world, set_clock = ticking
    first = world.event(1, key="lesson-1")
    set_clock(3653 * DAY)
    again = world.event(1, key="lesson-1")
    assert (again.status_code, again.json()["eventId"]) == (202, first.json()["eventId"])
    assert world.total() == 1


@contextmanager
def rules(folder, monkeypatch, london):
    """Let Europe/London follow the rules of another zone, as after an update of the database."""
    file = folder / "zones" / "Europe" / "London"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(files("tzdata").joinpath("zoneinfo", *london.split("/")).read_bytes())
    monkeypatch.setenv("PYTHONTZPATH", str(folder / "zones"))
    yield


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_a_new_zone_database_leaves_counted_days_as_they_were(store, tmp_path, monkeypatch):
    server = on(store, tmp_path)
    london = {"tz": "Europe/London"}
    with rules(tmp_path, monkeypatch, "Asia/Tokyo"), server:
        world = World(server, server.key)
        world.metric("words")
        goal = world.achievement("streak", streakLength=2)
        world.event(1, profile=london, timestamp="2026-05-01T20:00:00Z")
        assert world.days("2026-04-30", "2026-05-04") == {"2026-05-02": 1}
    with rules(tmp_path, monkeypatch, "Europe/London"), server:
        world = World(server, server.key)
        assert world.days("2026-04-30", "2026-05-04") == {"2026-05-02": 1}
        world.event(1, timestamp="2026-05-02T20:00:00Z")
        world.event(1, timestamp="2026-05-03T20:00:00Z")
        assert world.days("2026-04-30", "2026-05-04") == {"2026-05-02": 2, "2026-05-03": 1}
        assert set(world.earned()) == {goal}
    audited = server.run("verify")
    assert audited.returncode == 0, audited.stdout + audited.stderr
