"""The demo's people: names that can be read, and zones that fit their clocks."""

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest

from plaudit.demo.contributions import contributions
from plaudit.demo.people import people_of, zone_of
from plaudit.engine.periods import is_zone

ROWS = list(contributions())
PEOPLE = people_of(ROWS)


def test_the_data_is_whole_and_in_order():
    assert (len(ROWS), len(PEOPLE)) == (32_086, 3_159)
    assert all(earlier.at <= later.at for earlier, later in pairwise(ROWS))
    assert len({row.commit for row in ROWS}) == len(ROWS)


def test_everybody_has_a_name_of_two_words_of_their_own():
    names = {person.name for person in PEOPLE.values()}
    assert len(names) == len(PEOPLE)
    assert {len(name.split()) for name in names} == {2}


def test_everybody_has_a_zone_and_the_day_of_their_first_commit():
    for person in PEOPLE.values():
        assert is_zone(person.zone)
    first = ROWS[0]
    assert PEOPLE[first.author].first_day == first.at.date().toordinal()
    assert PEOPLE[first.author].first_project == "numpy"


def _moment(month, hours):
    return datetime(2020, month, 15, 12, tzinfo=timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("moments", "zone"),
    [
        ([_moment(1, 1), _moment(7, 2)], "Europe/Berlin"),
        ([_moment(1, 0), _moment(7, 1)], "Europe/London"),
        ([_moment(7, -7)], "America/Los_Angeles"),
        ([_moment(1, -7), _moment(7, -6)], "America/Denver"),
        ([_moment(1, 5.5)], "Asia/Kolkata"),
        ([_moment(1, 11), _moment(7, 10)], "Australia/Sydney"),
        ([_moment(1, 10), _moment(7, 10)], "Australia/Brisbane"),
        ([_moment(1, 0), _moment(7, 0)], "Etc/UTC"),
    ],
)
def test_a_zone_is_guessed_from_summer_and_winter(moments, zone):
    assert zone_of(moments) == zone
