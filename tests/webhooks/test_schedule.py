"""The schedule of attempts: at least ten over at least three days, spread by a hash."""

from itertools import pairwise

import pytest

from plaudit.webhooks.schedule import HOUR, PAUSES, asked_pause, next_attempt

NAMES = [bytes([each]) * 16 for each in range(50)]


def instants(name, asked=None):
    now, found = 0, [0]
    while (again := next_attempt(name, len(found), now, asked)) is not None:
        now = again
        found.append(now)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_delivery_is_tried_at_least_ten_times_over_three_days(name):
    times = instants(name)
    assert len(times) == len(PAUSES) + 1 >= 10
    assert 72 * HOUR <= times[-1] <= 90 * HOUR
    pauses = [b - a for a, b in pairwise(times)]
    assert pauses == sorted(pauses)


def test_what_failed_together_does_not_come_back_together():
    firsts = {instants(name)[4] for name in NAMES}
    assert len(firsts) > 40


def test_the_schedule_is_the_same_each_time():
    assert instants(NAMES[3]) == instants(NAMES[3])


def test_a_longer_wish_is_honoured_within_bounds():
    assert next_attempt(NAMES[0], 1, 1000, 60_000) == 61_000
    assert next_attempt(NAMES[0], 1, 0, 10**12) == 26 * HOUR
    assert next_attempt(NAMES[0], 8, 0, 1000) >= 4 * HOUR


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("120", 120_000),
        (" 7 ", 7_000),
        ("soon", None),
        ("-3", None),
        ("", None),
        ("Thu, 01 Jan 1970 00:01:00 GMT", 50_000),
        ("Wed, 31 Dec 1969 00:00:00 GMT", 0),
        ("٣", None),
        ("9" * 40, 999_999_999_000),
    ],
)
def test_retry_after_is_read_in_both_forms(header, expected):
    assert asked_pause(header, 10_000) == expected
