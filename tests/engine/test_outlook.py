"""Until when a streak lasts: what is told as ``expires`` is what the clock then does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.lives import DAY, HOUR, Life, at, book, day
from tests.engine.test_periods import ZONES

from plaudit.engine.periods import day_end, local_day, zone_of
from plaudit.engine.streaks import current
from plaudit.model.catalog import FreezeSettings, Frequency, StreakSettings
from plaudit.model.commands import PauseStreak, UserPatch
from plaudit.model.state import Depth

NOON = at("2025-04-02T12:00:00")
TODAY = day("2025-04-02")
PERIODS = Depth(periods=True)


def life(freezes=None, **fields):
    return Life(book(streaks=StreakSettings(freezes=freezes, **fields)))


def pause(ada, first, last, when=NOON):
    ada.do(PauseStreak(ada._id(), ada.who, when, first, last))


def view(ada, now):
    return current(ada.rules.streaks, ada.snapshot(PERIODS), now)


def test_a_freeze_held_carries_the_streak_over_a_missed_day():
    ada = life(FreezeSettings(2, 3))
    ada.event(1, NOON)
    assert view(ada, NOON).expires == TODAY + 3
    assert view(ada, NOON + 2 * DAY).expires == TODAY + 3
    assert view(ada, NOON + 2 * DAY).freezes == 1
    assert view(ada, NOON + 3 * DAY).length == 1
    assert view(ada, NOON + 4 * DAY).length == 0


def test_a_pause_ahead_carries_it_for_free():
    ada = life()
    ada.event(1, NOON)
    pause(ada, TODAY + 1, TODAY + 10)
    assert view(ada, NOON).expires == TODAY + 11
    assert view(ada, NOON + 11 * DAY).length > 0
    assert view(ada, NOON + 12 * DAY).length == 0


def test_a_pause_that_begins_too_late_saves_nothing():
    ada = life()
    ada.event(1, NOON)
    pause(ada, TODAY + 2, TODAY + 10)
    assert view(ada, NOON).expires == TODAY + 1


def test_freezes_count_only_where_there_are_any_settings_for_them():
    ada = life(FreezeSettings(2, 3))
    ada.event(1, NOON)
    ada.rules = book(streaks=StreakSettings())
    assert view(ada, NOON).expires == TODAY + 1


def test_a_pause_without_an_end_in_sight_is_told_at_once():
    ada = life()
    ada.event(1, NOON)
    pause(ada, TODAY, day("9999-12-31"))
    assert view(ada, NOON).expires >= TODAY


def test_the_answer_to_an_event_knows_the_pauses_too():
    ada = life()
    ada.event(1, NOON)
    pause(ada, TODAY + 1, TODAY + 3)
    outcome = ada.event(1, NOON + HOUR)
    assert current(ada.rules.streaks, outcome.after, NOON + HOUR).expires == TODAY + 4


@pytest.mark.parametrize("frequency", Frequency)
@settings(max_examples=120)
@given(data=st.data())
def test_what_expires_says_is_what_the_clock_does(frequency, data):
    freezes = data.draw(st.integers(0, 4), "freezes")
    ada = life(
        FreezeSettings(freezes, 4) if data.draw(st.booleans(), "freezes on") else None,
        frequency=frequency,
        days_off=data.draw(st.sampled_from([(), (0,), (0, 6), (3, 4, 5)]), "days off"),
        week_start=data.draw(st.sampled_from([1, 7]), "week start"),
    )
    name = data.draw(st.sampled_from(ZONES), "zone")
    begun = NOON + data.draw(st.integers(0, 40 * 24), "hours") * HOUR
    ada.event(1, begun, user=UserPatch(tz=name))
    zone = zone_of(name)
    taken = local_day(begun, zone)
    for _ in range(data.draw(st.integers(0, 3), "pauses")):
        first = taken + data.draw(st.integers(0, 9), "gap")
        taken = first + data.draw(st.integers(0, 40), "length") + 1
        pause(ada, first, taken - 1, begun)
    expires = view(ada, begun).expires
    assert view(ada, day_end(expires, zone) - 1).length > 0
    assert view(ada, day_end(expires, zone)).length == 0
