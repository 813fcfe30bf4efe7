"""Streaks: what counts, what breaks, what late events repair, and how a streak reads."""

import pytest
from tests.engine.lives import DAY, HOUR, Life, at, book, call, day, numbers, streak

from plaudit.engine.streaks import HistoryPeriod, current, history, length_at
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import EvaluationMode, Frequency, StreakMetric, StreakSettings
from plaudit.model.state import Depth, StreakPeriod

WEEKLY = StreakSettings(frequency=Frequency.WEEKLY)
SUNDAYS = StreakSettings(frequency=Frequency.WEEKLY, week_start=7)
MONTHLY = StreakSettings(frequency=Frequency.MONTHLY)
WEEKENDS_OFF = StreakSettings(days_off=(0, 6))
NOON = at("2025-04-02T12:00:00")


def view(life, now):
    return current(life.rules.streaks, life.snapshot(), now)


def lengths(life, now, n):
    past = history(life.rules.streaks, life.snapshot(Depth(periods=True)), now, n)
    return [(period.start, period.length) for period in past]


def test_the_first_event_starts_a_streak():
    ada = Life(book())
    assert ada.event(1, NOON).extended
    seen = view(ada, NOON)
    assert (seen.length, seen.frequency, seen.extended_at) == (1, Frequency.DAILY, NOON)
    assert seen.started == seen.period_start == seen.period_end == day("2025-04-02")
    assert seen.expires == day("2025-04-03")


def test_a_second_event_of_the_day_extends_nothing():
    ada = Life(book())
    ada.event(1, NOON)
    outcome = ada.event(1, NOON + HOUR)
    assert (outcome.extended, outcome.streaks, outcome.periods) == (False, {}, ())


def test_day_after_day_extends_and_a_missed_day_loses():
    ada = Life(book())
    for later in range(3):
        assert ada.event(1, NOON + later * DAY).extended
    assert view(ada, NOON + 3 * DAY).length == 3
    lost = view(ada, NOON + 4 * DAY)
    assert (lost.length, lost.started, lost.expires, lost.period_start, lost.extended_at) == (0, *[None] * 4)
    assert length_at(ada.rules.streaks, ada.snapshot(), NOON + 4 * DAY) == 0
    assert ada.event(1, NOON + 4 * DAY).extended
    assert (ada.daily.length, ada.daily.longest) == (1, 3)


def test_nobody_has_no_streak():
    ada = Life(book())
    assert view(ada, NOON).length == 0
    assert lengths(ada, NOON, 2) == [(day("2025-04-01"), 0), (day("2025-04-02"), 0)]


@pytest.mark.parametrize("value", [0, -3])
def test_only_positive_changes_count(value):
    ada = Life(book())
    assert not ada.event(value, NOON).extended
    assert ada.streaks == {}


def test_all_three_frequencies_are_kept_so_that_the_setting_can_be_switched():
    ada = Life(book())
    for later in range(40):
        ada.event(1, NOON + later * DAY)
    end = NOON + 39 * DAY
    assert view(ada, end).length == 40
    ada.rules = book(streaks=WEEKLY)
    assert view(ada, end).length == 6
    ada.rules = book(streaks=MONTHLY)
    assert view(ada, end).length == 2
    assert view(ada, end).expires == day("2025-06-30")


def test_weeks_start_on_monday_unless_the_environment_says_sunday():
    sunday = at("2025-04-06T12:00:00")
    for settings, start, expires in (
        (WEEKLY, "2025-03-31", "2025-04-13"),
        (SUNDAYS, "2025-04-06", "2025-04-19"),
    ):
        ada = Life(book(streaks=settings))
        ada.event(1, sunday)
        seen = view(ada, sunday)
        assert (seen.period_start, seen.expires) == (day(start), day(expires))
        assert seen.started == day("2025-04-06")


def test_a_weekly_streak_lives_to_the_end_of_the_next_week():
    ada = Life(book(streaks=WEEKLY))
    ada.event(1, at("2025-03-31T00:00:00"))
    assert view(ada, at("2025-04-13T23:59:59")).length == 1
    assert view(ada, at("2025-04-14T00:00:00")).length == 0
    assert ada.event(1, at("2025-04-13T23:59:59")).extended
    assert ada.streaks[Frequency.WEEKLY].length == 2


def test_a_day_off_breaks_nothing_and_may_extend():
    ada = Life(book(streaks=WEEKENDS_OFF))
    ada.event(1, at("2025-04-04T12:00:00"))
    assert view(ada, at("2025-04-04T12:00:00")).expires == day("2025-04-07")
    assert ada.event(1, at("2025-04-05T12:00:00")).extended
    assert ada.event(1, at("2025-04-07T12:00:00")).extended
    assert ada.daily.length == 3
    assert [length for _, length in lengths(ada, at("2025-04-07T12:00:00"), 4)] == [1, 2, 2, 3]


def test_a_week_of_days_off_hangs_nowhere():
    ada = Life(book(streaks=StreakSettings(days_off=tuple(range(7)))))
    ada.event(1, NOON)
    assert view(ada, NOON + DAY).length == 1


THRESHOLDS = (StreakMetric(1, 10 * MICRO), StreakMetric(2, 2 * MICRO))


def test_any_of_the_thresholds_is_enough_with_or():
    ada = Life(book(streaks=StreakSettings(metrics=THRESHOLDS)))
    assert not ada.event(9, NOON).extended
    assert not ada.event(1, NOON, metric="pages").extended
    assert ada.event(1, NOON + HOUR).extended
    assert ada.event(2, NOON + DAY, metric="pages").extended
    assert ada.daily.length == 2


def test_all_thresholds_are_needed_with_and():
    ada = Life(book(streaks=StreakSettings(metrics=THRESHOLDS, mode=EvaluationMode.ALL)))
    assert not ada.event(10, NOON).extended
    assert ada.event(2, NOON, metric="pages").extended
    assert not ada.event(2, NOON + DAY, metric="pages").extended
    assert not ada.event(5, NOON + DAY).extended
    assert ada.event(5, NOON + DAY).extended


def test_thresholds_are_sums_of_the_period_negative_changes_included():
    ada = Life(book(streaks=StreakSettings(metrics=THRESHOLDS[:1])))
    ada.event(-5, NOON)
    assert not ada.event(10, NOON).extended
    assert ada.event(5, NOON).extended
    assert not ada.event(-15, NOON).extended
    assert ada.daily.length == 1


def test_a_metric_without_threshold_needs_a_positive_sum():
    ada = Life(book(streaks=StreakSettings(metrics=(StreakMetric(1, 0),))))
    ada.event(-5, NOON)
    assert not ada.event(5, NOON).extended
    assert ada.event(1, NOON).extended


def test_other_metrics_count_for_nothing_when_streak_metrics_are_set():
    ada = Life(book(streaks=StreakSettings(metrics=THRESHOLDS[:1])))
    assert not ada.event(99, NOON, metric="pages").extended
    assert ada.asked == []


def test_a_weekly_threshold_adds_up_over_the_week():
    ada = Life(book(streaks=StreakSettings(frequency=Frequency.WEEKLY, metrics=THRESHOLDS[:1])))
    assert not ada.event(4, at("2025-03-31T12:00:00")).extended
    assert not ada.event(4, at("2025-04-02T12:00:00")).extended
    assert ada.event(4, at("2025-04-06T12:00:00")).extended
    assert Frequency.DAILY not in ada.streaks


def test_streak_achievements_are_crossed_once_by_the_longest_run():
    ada = Life(book(streak(1, 2), streak(2, 3), streak(3, 3), call(4)))
    assert [numbers(ada.event(1, NOON + n * DAY)) for n in range(3)] == [[], [1], [2, 3]]
    for n in range(5, 9):
        assert numbers(ada.event(1, NOON + n * DAY)) == []


def test_streak_achievements_follow_the_frequency_of_the_settings():
    ada = Life(book(streak(1, 2), streaks=WEEKLY))
    assert numbers(ada.event(1, NOON)) == []
    assert numbers(ada.event(1, NOON + DAY)) == []
    assert numbers(ada.event(1, NOON + 7 * DAY)) == [1]


def test_a_late_event_into_a_closed_period_repairs_a_lost_streak():
    ada = Life(book(streak(1, 5)))
    for n in (0, 1, 3, 4):
        ada.event(1, NOON + n * DAY)
    assert ada.daily.length == 2
    outcome = ada.event(1, NOON + 2 * DAY, now=NOON + 4 * DAY + HOUR)
    assert ada.asked[0] == Depth(periods=True, some=())
    assert outcome.extended
    assert (ada.daily.length, ada.daily.longest, ada.daily.started) == (5, 5, day("2025-04-02"))
    assert numbers(outcome) == [1]
    assert outcome.completed[0].at == NOON + 4 * DAY
    assert ada.daily.extended_at == NOON + 4 * DAY


def test_a_late_event_revives_a_streak_already_shown_as_lost():
    ada = Life(book())
    ada.event(1, NOON)
    now = NOON + 2 * DAY
    assert view(ada, now).length == 0
    assert ada.event(1, NOON + DAY, now=now).extended
    assert view(ada, now).length == 2


def test_a_late_event_into_an_old_run_counts_toward_the_longest():
    ada = Life(book(streak(1, 3)))
    for n in (0, 2, 10):
        ada.event(1, NOON + n * DAY)
    outcome = ada.event(1, NOON + DAY, now=NOON + 11 * DAY)
    assert numbers(outcome) == [1]
    assert outcome.completed[0].at == NOON + 2 * DAY
    assert (ada.daily.length, ada.daily.longest) == (1, 3)
    assert not outcome.extended


def test_a_late_event_on_a_counted_day_changes_no_streak():
    ada = Life(book())
    for n in (0, 1):
        ada.event(1, NOON + n * DAY)
    assert ada.event(1, NOON - HOUR, now=NOON + 2 * DAY).streaks == {}


def test_a_late_event_below_the_threshold_counts_for_nothing():
    ada = Life(book(streaks=StreakSettings(metrics=THRESHOLDS[:1])))
    for n in (0, 2):
        ada.event(10, NOON + n * DAY)
    assert not ada.event(9, NOON + DAY, now=NOON + 2 * DAY).extended
    assert ada.event(1, NOON + DAY, now=NOON + 2 * DAY).extended
    assert ada.daily.length == 3


def test_a_whole_week_replayed_in_reverse_makes_the_same_streak():
    ada, ben = Life(book(streak(1, 7))), Life(book(streak(1, 7)))
    for n in range(7):
        ada.event(1, NOON + n * DAY)
        ben.event(1, NOON + (6 - n) * DAY, now=NOON + 7 * DAY)
    assert ben.daily == ada.daily
    assert {f: s.length for f, s in ben.streaks.items()} == {f: s.length for f, s in ada.streaks.items()}
    assert ben.totals == ada.totals
    assert [done.at for done in ben.completions.values()] == [NOON + 6 * DAY]


def test_a_whole_day_replayed_in_reverse_counts_one_day():
    ada = Life(book())
    for hour in range(23, -1, -1):
        ada.event(1, at("2025-04-02") + hour * HOUR, now=NOON + DAY)
    assert ada.daily.days == 1
    assert ada.totals[1].total == 24 * MICRO
    assert ada.totals[1].last_at == at("2025-04-02T23:00:00")


def test_history_tells_every_period_up_to_the_current_one():
    ada = Life(book())
    for n in (0, 1, 3):
        ada.event(1, NOON + n * DAY)
    past = lengths(ada, NOON + 4 * DAY, 6)
    assert [length for _, length in past] == [0, 1, 2, 0, 1, 1]
    assert past[-1][0] == day("2025-04-06")
    assert [length for _, length in lengths(ada, NOON + 5 * DAY, 3)] == [1, 0, 0]


def test_weekly_history_shows_whole_weeks():
    ada = Life(book(streaks=SUNDAYS))
    ada.event(1, NOON)
    past = history(ada.rules.streaks, ada.snapshot(Depth(periods=True)), NOON + 7 * DAY, 2)
    assert past == (
        HistoryPeriod(day("2025-03-30"), day("2025-04-05"), 1),
        HistoryPeriod(day("2025-04-06"), day("2025-04-12"), 1),
    )


def test_history_marks_bridged_periods():
    ada = Life(book())
    ada.event(1, NOON)
    first = day("2025-04-02")
    for offset, kind in ((-1, "pause"), (1, "freeze"), (2, "pause")):
        row = StreakPeriod(Frequency.DAILY, first + offset, 0, NOON + 9 * DAY, first + offset, kind)
        ada.periods.append(row)
    past = history(ada.rules.streaks, ada.snapshot(Depth(periods=True)), NOON + 2 * DAY, 4)
    assert [(p.length, p.used_freeze, p.used_pause) for p in past] == [
        (0, False, False),
        (1, False, False),
        (1, True, False),
        (1, False, True),
    ]
