"""The audit: silent about every life the engine led, and loud about every kind of drift."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.engine.lives import (
    ADA,
    DAY,
    HOUR,
    WHOLE,
    Life,
    anniversary,
    at,
    book,
    call,
    composite,
    numbers,
    streak,
    total,
)
from tests.engine.model import Model
from tests.engine.test_model import GOALS, KEYS, LIVES, NOVELS, START, step
from tests.engine.test_periods import ZONES

from plaudit.engine.audit import audit
from plaudit.model.catalog import Frequency, StreakSettings
from plaudit.model.commands import UserPatch
from plaudit.model.state import Completion, DayChange, Snapshot

NOON = at("2025-04-02T12:00:00")
NOW = NOON + 20 * DAY
RULES = (
    total(1, 10),
    total(2, 15),
    streak(3, 3),
    composite(4, 1, 3),
    call(5),
    anniversary(6, 1),
    total(7, 99),
)


def drifts(ada, now=NOW):
    return audit(ada.rules, ada.snapshot(WHOLE), ada.events, now)


def life() -> Life:
    ada = Life(book(*RULES, measures=(NOVELS,)))
    for n in range(5):
        ada.event(4, NOON + n * DAY, project="novel" if n % 2 else "essay", key=f"lesson-{n}")
    return ada


def test_a_life_of_the_engine_has_no_drift():
    ada = life()
    assert numbers(ada.complete("goal-5", NOW)) == [5]
    assert drifts(ada) == []
    assert audit(ada.rules, Snapshot(ADA, None, {}, {}, {}), [], NOW) == []


@settings(max_examples=100)
@given(LIVES)
def test_no_life_drifts(actions):
    ada, model = Life(book(*GOALS, measures=(NOVELS,))), Model(GOALS, KEYS)
    for n, action in enumerate(actions):
        step(ada, model, action, START + 20 * DAY + n)
    assert drifts(ada, START + 40 * DAY) == []


JOURNEYS = st.lists(
    st.tuples(st.sampled_from(ZONES), st.integers(0, 60 * HOUR), st.sampled_from([None, 0, 0, 30, 70])),
    min_size=2,
    max_size=14,
)


@settings(max_examples=150)
@given(JOURNEYS, st.integers(at("2009-01-01"), at("2026-06-01")))
def test_no_journey_drifts(journey, now):
    ada = Life(book(streak(1, 3), streak(2, 5)))
    for zone, later, hours_late in journey:
        now += later
        if hours_late is None:
            ada.identify(now, tz=zone)
        else:
            ada.event(1, now - hours_late * HOUR, now=now, user=UserPatch(tz=zone))
    assert drifts(ada, now) == []


def a_lost_event(ada):
    del ada.events[2]


def a_key_used_twice(ada):
    ada.events[1] = replace(ada.events[1], key="lesson-0")


def a_wrong_total(ada):
    ada.totals[1] = replace(ada.totals[1], total=1)


def a_wrong_day(ada):
    ada.days[1][ada.events[0].day] = DayChange(1, NOON)


def a_period_too_many(ada):
    ada.periods.append(replace(ada.periods[0], frequency=Frequency.DAILY, period=ada.events[0].day - 9))


def a_period_too_few(ada):
    ada.periods = [row for row in ada.periods if row.frequency is not Frequency.MONTHLY]


def a_wrong_streak(ada):
    ada.streaks[Frequency.DAILY] = replace(ada.daily, days=9)


def an_unknown_event(ada):
    ada.completions[1] = replace(ada.completions[1], seq=77)


def an_early_completion(ada):
    ada.completions[2] = replace(ada.completions[2], seq=1)


def an_unearned_completion(ada):
    ada.completions[7] = Completion(7, b"x" * 16, NOON, NOW, None)


def a_lost_completion(ada):
    del ada.completions[3]


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (a_lost_event, "4 events are logged, but 5 were counted"),
        (a_key_used_twice, "an idempotency key was used by two events"),
        (a_wrong_total, "measure 1 is kept as 1"),
        (a_wrong_day, "the changes per day differ"),
        (a_period_too_many, "counts, but no event lies in it"),
        (a_period_too_few, "has events, but does not count"),
        (a_period_too_few, "the monthly streak and its periods disagree"),
        (a_wrong_streak, "the daily streak is kept as 9 periods"),
        (an_unknown_event, "names an event that is not logged"),
        (an_early_completion, "'Goal 2' is completed, but its threshold was never reached"),
        (an_unearned_completion, "'Goal 7' is completed, but its threshold was never reached"),
        (a_lost_completion, "'Goal 4' is completed, but not all it needs"),
        (a_lost_completion, "'Goal 3' is met, but not completed"),
    ],
)
def test_every_drift_is_named(harm, words):
    ada = life()
    harm(ada)
    found = drifts(ada)
    assert any(words in drift for drift in found), found
    assert all(drift.startswith("user ada: ") for drift in found)


def test_changed_streak_settings_excuse_missing_periods_but_no_wrong_streak():
    changed = book(*RULES, measures=(NOVELS,), streaks=StreakSettings(changed=NOW))
    ada = life()
    a_wrong_streak(ada)
    ada.rules = changed
    assert drifts(ada) == [f"user ada: the daily streak is kept with 9 periods, it has {life().daily.days}"]


def test_what_was_earned_under_another_definition_is_no_drift():
    ada = life()
    an_unearned_completion(ada)
    later = [replace(goal, updated=NOW + 1) for goal in RULES]
    ada.rules = book(*later[:-1], measures=(NOVELS,))
    assert drifts(ada) == []
    ada.rules = book(*later, measures=(NOVELS,))
    assert drifts(ada) == []


def test_an_edit_that_met_the_event_on_its_way_is_no_drift():
    """The edit read its clock first, waited for the event, and was written after it."""
    ada = life()
    an_unearned_completion(ada)
    recorded = max(one.recorded for one in ada.snapshot(WHOLE).details.completions.values())
    edited = [replace(goal, created=recorded - 1, updated=recorded - 1) for goal in RULES]
    ada.rules = book(*edited, measures=(NOVELS,))
    assert drifts(ada) != []
    edited = [replace(goal, created=recorded - 9, updated=recorded - 1) for goal in RULES]
    ada.rules = book(*edited, measures=(NOVELS,))
    assert drifts(ada) == []


def test_an_unsettled_user_is_left_to_the_job():
    ada = life()
    ada.rules = book(*RULES, total(8, 1), measures=(NOVELS,), version=6)
    assert drifts(ada) == []


def test_a_backdated_threshold_may_have_been_reached_in_event_time_only():
    ada = Life(book())
    ada.event(-10, NOON + 9 * DAY)
    ada.event(12, NOON, now=NOW)
    ada.completions[1] = Completion(1, b"x" * 16, NOON, NOW, None)
    ada.rules = book(total(1, 11))
    assert drifts(ada) == []


def test_days_off_and_other_metrics_are_no_drift():
    ada = Life(book(total(1, 3, measure=2, metric=2), streak(2, 2), streaks=StreakSettings(days_off=(0, 6))))
    for n in range(8):
        ada.event(1, NOON + n * DAY, metric="pages" if n % 2 else "words")
    assert set(ada.completions) == {1, 2}
    assert drifts(ada) == []
    ada.completions[1] = replace(ada.completions[1], seq=None)
    assert drifts(ada) == []


def test_a_backdated_threshold_never_reached_is_a_drift_whatever_other_metrics_say():
    ada = Life(book())
    ada.event(5, NOON)
    ada.event(50, NOON, metric="pages")
    ada.completions[1] = Completion(1, b"x" * 16, NOON, NOW, None)
    ada.rules = book(total(1, 11))
    assert drifts(ada) == ["user ada: 'Goal 1' is completed, but its threshold was never reached"]


def test_an_anniversary_that_nobody_noticed_yet_is_no_drift():
    assert drifts(life(), NOON + 400 * DAY) == []
