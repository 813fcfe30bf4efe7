"""Runs of leaderboards: months of 31 and of 30 days, 29 February, windows, zones and closing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from plaudit.engine.board_runs import (
    CLOSING_MS,
    Phase,
    closes_at,
    current_run,
    is_open,
    open_runs,
    phase,
    run_at,
)
from plaudit.engine.periods import DAY_MS, EPOCH_DAY
from plaudit.model.leaderboards import Leaderboard, RankBy, Run, RunUnit


def on(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def midnight(text: str) -> int:
    return (on(text) - EPOCH_DAY) * DAY_MS


def board(start: str, unit: RunUnit | None = None, interval: int | None = None, **more) -> Leaderboard:
    plain = {
        "number": 1,
        "id": b"b" * 16,
        "key": "board",
        "name": "Board",
        "description": None,
        "rank_by": RankBy.METRIC,
        "metric": 1,
        "points_system": None,
        "start": on(start),
        "end": None,
        "start_time": None,
        "end_time": None,
        "max_participants": None,
        "run_unit": unit,
        "run_interval": interval,
        "breakdown": (),
        "user_attributes": (),
        "status": "active",
        "created": 0,
        "updated": 0,
    }
    return Leaderboard(**(plain | more))


def runs(it: Leaderboard, first: str, n: int) -> list[tuple[str, str]]:
    found, day = [], on(first)
    for _ in range(n):
        run = run_at(it, day)
        found.append((date.fromordinal(run.start).isoformat(), date.fromordinal(run.end).isoformat()))
        day = run.end + 1
    return found


def test_a_board_begun_on_the_31st_ends_runs_with_short_months_and_returns_to_the_31st():
    assert runs(board("2025-01-31", RunUnit.MONTH, 1), "2025-01-31", 5) == [
        ("2025-01-31", "2025-02-27"),
        ("2025-02-28", "2025-03-30"),
        ("2025-03-31", "2025-04-29"),
        ("2025-04-30", "2025-05-30"),
        ("2025-05-31", "2025-06-29"),
    ]


def test_a_board_begun_on_29_february_keeps_28_february_in_common_years():
    assert runs(board("2024-02-29", RunUnit.YEAR, 1), "2024-02-29", 4) == [
        ("2024-02-29", "2025-02-27"),
        ("2025-02-28", "2026-02-27"),
        ("2026-02-28", "2027-02-27"),
        ("2027-02-28", "2028-02-28"),
    ]


def test_runs_of_days_are_counted_from_the_first_day():
    assert runs(board("2025-03-03", RunUnit.DAY, 7), "2025-03-12", 2) == [
        ("2025-03-10", "2025-03-16"),
        ("2025-03-17", "2025-03-23"),
    ]


def test_the_end_cuts_the_last_run_and_there_is_none_outside():
    it = board("2025-01-01", RunUnit.MONTH, 1, end=on("2025-02-10"))
    assert run_at(it, on("2025-02-05")) == Run(on("2025-02-01"), on("2025-02-10"))
    assert run_at(it, on("2025-02-11")) is None
    assert run_at(it, on("2024-12-31")) is None
    assert run_at(board("2025-01-01"), on("2030-01-01")) == Run(on("2025-01-01"), None)


def test_a_run_closes_twelve_hours_after_its_last_day_in_utc():
    it = board("2025-01-01", RunUnit.DAY, 1)
    run = run_at(it, on("2025-01-05"))
    closing = midnight("2025-01-06") + CLOSING_MS
    assert closes_at(run) == closing
    assert is_open(it, run, closing - 1)
    assert not is_open(it, run, closing)
    assert [r.start for r in open_runs(it, midnight("2025-01-06"))] == [
        on("2025-01-05"),
        on("2025-01-06"),
        on("2025-01-07"),
    ]
    assert on("2025-01-05") not in [r.start for r in open_runs(it, closing)]


def test_the_life_of_a_board():
    it = board("2025-01-10", end=on("2025-01-20"))
    assert phase(it, midnight("2025-01-09")) is Phase.SCHEDULED
    assert phase(it, midnight("2025-01-10")) is Phase.ACTIVE
    assert phase(it, midnight("2025-01-21") + CLOSING_MS - 1) is Phase.ACTIVE
    assert phase(it, midnight("2025-01-21") + CLOSING_MS) is Phase.FINISHED
    assert phase(replace(it, status="inactive"), midnight("2025-01-12")) is Phase.INACTIVE
    assert phase(replace(it, status="finished", finished=1), midnight("2025-01-12")) is Phase.FINISHED
    assert current_run(it, midnight("2024-06-01")).start == on("2025-01-10")
    assert current_run(it, midnight("2026-06-01")).end == on("2025-01-20")


@given(
    start=st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    unit=st.sampled_from(RunUnit),
    interval=st.integers(1, 40),
    offset=st.integers(0, 20_000),
)
def test_every_day_lies_in_exactly_one_run_and_runs_touch(start, unit, interval, offset):
    it = board(start.isoformat(), unit, interval)
    day = start.toordinal() + offset
    run = run_at(it, day)
    assert run.start <= day <= run.end
    assert run_at(it, run.start) == run
    assert run_at(it, run.end) == run
    assert run_at(it, run.end + 1).start == run.end + 1
    first = date.fromordinal(run.start)
    if unit is not RunUnit.DAY:
        last_of_month = (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        assert first.day == min(start.day, last_of_month.day)


@pytest.mark.parametrize("interval", [1, 12])
def test_the_end_of_time_is_no_trap(interval):
    run = run_at(board("9989-12-31", RunUnit.YEAR, interval), on("9998-12-31"))
    assert run.start <= on("9998-12-31") <= run.end
