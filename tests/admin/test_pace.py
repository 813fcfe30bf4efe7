"""Statistics are read in small parts, and let events pass: by a clock and a count of groups set by hand."""

import asyncio

import pytest

from plaudit.operations.pace import FIRST, PART_SECONDS, REST, WHOLE, Pace


class Desk:
    """A pace whose clock moves by what a part of the users costs, and by its rests."""

    def __init__(self, whole: float, *, events: bool, each: float = 0.0) -> None:
        self.time, self.whole, self.events, self.groups, self.each = 0.0, whole, events, 0, each
        self.parts: list[tuple[int, int]] = []
        self.took: list[float] = []
        self.slow: int | None = None
        self.pace = Pace(lambda: self.groups, lambda: self.time, self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.time += seconds

    async def _read(self, part: tuple[bytes, bytes]) -> int:
        first, last = (int.from_bytes(subject, "big") for subject in part)
        self.parts.append((first, last))
        self.took.append(self.each + self.whole * (last - first + 1) / 2**128)
        if self.slow == len(self.took):
            self.took[-1] *= 10
        self.time += self.took[-1]
        self.groups += self.events
        return len(self.parts)

    def read(self) -> list[int]:
        return asyncio.run(self.pace.in_parts("it", self._read))


@pytest.mark.parametrize("whole", [0.0, 0.001, 0.5, 60.0])
def test_the_parts_are_everybody_and_nobody_twice(whole):
    desk = Desk(whole, events=True)
    assert desk.read() == list(range(1, len(desk.parts) + 1))
    assert (desk.parts[0][0], desk.parts[-1][1]) == (0, 2**128 - 1)
    assert all(after[0] == last + 1 for (_, last), after in zip(desk.parts, desk.parts[1:], strict=False))


@pytest.mark.parametrize("whole", [0.5, 5.0, 60.0])
def test_parts_become_as_long_as_they_may_take(whole):
    desk = Desk(whole, events=True)
    desk.read()
    assert desk.took[0] == pytest.approx(whole * FIRST / WHOLE)
    assert desk.took[5:-1] == pytest.approx([PART_SECONDS] * len(desk.took[5:-1]), rel=0.01)
    desk.parts.clear()
    desk.read()
    assert desk.parts[0][1] / 2**128 == pytest.approx(PART_SECONDS / whole, rel=0.01)


@pytest.mark.parametrize("each", [0.035, 2.0])
def test_what_a_part_costs_however_small_it_is_is_not_paid_often(each):
    """A database that goes through all users for any of them."""
    desk = Desk(0.05, events=False, each=each)
    desk.read()
    assert len(desk.parts) <= 7
    desk.parts.clear()
    desk.read()
    assert len(desk.parts) <= 2


def test_one_part_that_took_long_does_not_change_the_size_of_all():
    desk = Desk(5.0, events=True)
    desk.read()
    desk.took.clear()
    desk.slow = 100
    desk.read()
    assert sorted(desk.took)[len(desk.took) // 2] == pytest.approx(PART_SECONDS, rel=0.05)
    assert sum(took > 2 * PART_SECONDS for took in desk.took) <= 3


def test_few_users_are_read_in_few_parts():
    desk = Desk(0.001, events=False)
    desk.read()
    assert len(desk.parts) == 3
    desk.parts.clear()
    desk.read()
    assert len(desk.parts) == 1


def test_statistics_take_a_fifth_of_the_time_while_events_come_and_all_of_it_else():
    busy, quiet = Desk(0.5, events=True), Desk(0.5, events=False)
    busy.read()
    quiet.read()
    assert (busy.time, quiet.time) == pytest.approx((0.5 * (1 + REST), 0.5))
    assert (busy.pace.rested, quiet.pace.rested) == pytest.approx((0.5 * REST, 0))


def test_a_process_that_ends_does_not_wait_for_rests():
    desk = Desk(0.5, events=True)
    desk.pace.hurry()
    desk.read()
    assert desk.time == pytest.approx(0.5)
