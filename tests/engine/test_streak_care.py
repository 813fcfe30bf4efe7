"""Streak care: freezes, pauses, resets, restores, preferences, and time passing in any order."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.engine.lives import DAY, HOUR, Life, at, book, day, streak
from tests.engine.test_periods import ZONES

from plaudit.engine.audit import audit
from plaudit.engine.streaks import current, history
from plaudit.model.catalog import FreezeSettings, Frequency, StreakSettings
from plaudit.model.commands import (
    EndPause,
    GrantFreeze,
    KeepStreak,
    PauseStreak,
    ResetStreak,
    RestoreStreak,
    SetPreferences,
    UserPatch,
)
from plaudit.model.errors import Code
from plaudit.model.outcome import Outcome
from plaudit.model.preferences import PreferencesPatch, StreakPreferencesPatch
from plaudit.model.state import Depth

NOON = at("2025-04-02T12:00:00")
ONE = FreezeSettings(1, 2)
EARNING = FreezeSettings(0, 2, 7, 1)
PERIODS = Depth(periods=True)


def life(freezes=ONE, goals=(), **fields):
    return Life(book(*goals, streaks=StreakSettings(freezes=freezes, **fields)))


def do(ada, command, when, *facts):
    return ada.do(command(ada._id(), ada.who, when, *facts))


def keep(ada, when):
    return do(ada, KeepStreak, when)


def view(ada, now):
    return current(ada.rules.streaks, ada.snapshot(PERIODS), now)


def past(ada, now, n=5):
    return history(ada.rules.streaks, ada.snapshot(PERIODS), now, n)


def drifts(ada, now):
    return audit(ada.rules, ada.snapshot(Depth(days_since=1, periods=True)), ada.events, now)


def test_a_new_user_starts_with_the_freezes_of_the_settings():
    ada = life()
    ada.event(1, NOON)
    assert (ada.user.freezes, ada.user.freezes_granted, ada.user.freezes_at) == (1, 1, None)
    assert (view(ada, NOON).freezes, view(ada, NOON).most_freezes) == (1, 2)
    assert view(life(None), NOON).freezes is None


def test_a_miss_uses_a_freeze_at_local_midnight_and_a_second_one_loses():
    ada = life()
    ada.event(1, NOON, user=UserPatch(tz="Asia/Tokyo"))
    midnight = at("2025-04-04T00:00:00", "Asia/Tokyo")
    assert keep(ada, midnight - 1).moves.consumed == 0
    moves = keep(ada, midnight).moves
    assert (moves.consumed, moves.left, moves.lost) == (1, 0, 0)
    assert (ada.daily.length, ada.daily.bridged, ada.daily.expires_at) == (1, 1, midnight + DAY)
    assert keep(ada, midnight + DAY - 1).moves.lost == 0
    assert keep(ada, midnight + DAY).moves.lost == 1
    assert keep(ada, midnight + 2 * DAY).moves.lost == 0
    assert view(ada, midnight + DAY).length == 0
    assert drifts(ada, midnight + DAY) == []


def test_a_freeze_carries_a_run_on_without_lengthening_it():
    ada = life()
    ada.event(1, NOON)
    outcome = ada.event(1, NOON + 2 * DAY)
    assert (outcome.moves.consumed, outcome.moves.extended, outcome.moves.started) == (1, True, False)
    assert (ada.daily.length, ada.user.freezes) == (2, 0)
    told = [(each.length, each.used_freeze) for each in past(ada, NOON + 2 * DAY, 4)]
    assert told == [(0, False), (1, False), (1, True), (2, False)]
    assert drifts(ada, NOON + 2 * DAY) == []


def test_reading_shows_what_the_job_would_have_done():
    ada, ben = life(), life()
    for each in (ada, ben):
        each.event(1, NOON)
    later = NOON + 2 * DAY
    keep(ben, later)
    assert view(ada, later) == view(ben, later)
    assert past(ada, later) == past(ben, later)


def test_a_late_event_in_a_frozen_day_gives_the_freeze_back():
    ada = life(goals=(streak(1, 3),))
    ada.event(1, NOON)
    ada.event(1, NOON + 2 * DAY)
    assert ada.user.freezes == 0
    outcome = ada.event(1, NOON + DAY, now=NOON + 2 * DAY)
    assert (ada.user.freezes, ada.daily.days, ada.daily.length) == (1, 3, 3)
    assert [each.achievement for each in outcome.completed] == [1]
    assert drifts(ada, NOON + 2 * DAY) == []


def test_freezes_are_earned_by_the_calendar_up_to_the_most():
    ada = life(EARNING)
    ada.event(1, NOON)
    due = at("2025-04-09T00:00:00")
    assert ada.user.freezes_at == due
    assert keep(ada, due - 1).moves.earned == 0
    moves = keep(ada, due).moves
    assert (moves.earned, moves.held, ada.user.freezes) == (1, 1, 1)
    keep(ada, due + 100 * DAY)
    assert (ada.user.freezes, ada.user.freezes_at) == (2, None)


def test_a_miss_is_paid_before_what_is_earned_at_the_same_midnight():
    ada = life(EARNING)
    for later in range(6):
        ada.event(1, NOON + later * DAY)
    moves = keep(ada, at("2025-04-09T00:00:00")).moves
    assert (moves.lost, moves.consumed, moves.earned) == (6, 0, 1)


def test_grants_stop_at_the_maximum_and_need_freezes_to_be_on():
    ada = life()
    ada.event(1, NOON)
    assert isinstance(do(ada, GrantFreeze, NOON), Outcome)
    assert do(ada, GrantFreeze, NOON).code is Code.FREEZES_FULL
    assert (ada.user.freezes, ada.user.freezes_granted) == (2, 2)
    ben = life(None)
    assert do(ben, GrantFreeze, NOON).code is Code.UNKNOWN_USER
    ben.event(1, NOON)
    assert do(ben, GrantFreeze, NOON).code is Code.FREEZES_OFF


def test_a_pause_covers_its_days_for_free():
    ada = life()
    ada.event(1, NOON)
    made = do(ada, PauseStreak, NOON, day("2025-04-03"), day("2025-04-05"))
    assert made.pauses == tuple(ada.held)
    outcome = keep(ada, at("2025-04-06T10:00:00"))
    assert (outcome.moves.consumed, outcome.moves.lost) == (0, 0)
    assert [each.used_pause for each in past(ada, at("2025-04-06T10:00:00"), 5)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert ada.event(1, at("2025-04-06T11:00:00")).moves.extended
    assert (ada.daily.length, ada.user.freezes) == (2, 1)


def test_pauses_do_not_begin_in_the_past_and_do_not_overlap():
    ada = life()
    ada.event(1, NOON, user=UserPatch(tz="Pacific/Kiritimati"))
    assert do(ada, PauseStreak, NOON, day("2025-04-02"), day("2025-04-09")).code is Code.PAUSE_IN_THE_PAST
    made = do(ada, PauseStreak, NOON, day("2025-04-03"), day("2025-04-09"))
    assert do(ada, PauseStreak, NOON, day("2025-04-09"), day("2025-04-10")).code is Code.PAUSE_OVERLAPS
    (pause,) = made.pauses
    assert ada.user.paused_until == day("2025-04-09")
    assert do(ada, EndPause, NOON, pause.id).pauses == (replace(pause, archived=True),)
    assert ada.user.paused_until is None
    assert do(ada, EndPause, NOON, pause.id).code is Code.UNKNOWN_PAUSE


def test_a_reset_sets_zero_and_the_same_day_may_begin_anew():
    ada = life()
    for later in range(3):
        ada.event(1, NOON + later * DAY)
    now = NOON + 2 * DAY + HOUR
    outcome = do(ada, ResetStreak, now)
    assert outcome.moves.lost == 3
    assert view(ada, now).length == 0
    assert past(ada, now, 1)[0].reset_at == now
    assert do(ada, ResetStreak, now).code is Code.NOTHING_TO_RESET
    again = ada.event(1, now + HOUR)
    assert (again.moves.started, ada.daily.days, ada.daily.longest) == (True, 1, 3)
    ada.event(1, now + DAY)
    assert (ada.daily.days, ada.daily.length) == (2, 2)
    assert drifts(ada, now + DAY) == []


def test_a_restore_brings_back_the_longest_of_the_window():
    ada = life()
    for later in (0, 1, 2, 3, 9):
        ada.event(1, NOON + later * DAY)
    now = NOON + 15 * DAY
    assert view(ada, now).length == 0
    assert isinstance(do(ada, RestoreStreak, now), Outcome)
    assert (view(ada, now).length, view(ada, now).started) == (4, day("2025-04-02"))
    assert do(ada, RestoreStreak, now).code is Code.NOTHING_TO_RESTORE
    assert ada.event(1, now).moves.extended
    assert (ada.daily.length, ada.daily.longest) == (5, 5)
    assert drifts(ada, now) == []


def test_a_streak_out_of_the_window_is_not_restored():
    ada = life()
    ada.event(1, NOON)
    ada.event(1, NOON + DAY)
    assert do(ada, RestoreStreak, NOON + 100 * DAY).code is Code.NOTHING_TO_RESTORE


def test_only_the_frequency_of_the_settings_uses_freezes():
    ada = life(frequency=Frequency.WEEKLY)
    ada.event(1, NOON)
    moves = keep(ada, NOON + 14 * DAY).moves
    assert (moves.consumed, ada.streaks[Frequency.WEEKLY].bridged) == (1, 1)
    assert ada.daily.lost
    assert keep(ada, NOON + 21 * DAY).moves.lost == 1


def test_another_first_day_of_the_week_counts_no_day_twice_and_breaks_nothing():
    ada = life(None, frequency=Frequency.WEEKLY)
    ada.event(1, at("2025-04-01T12:00:00"))
    ada.event(1, at("2025-04-13T12:00:00"))
    assert ada.streaks[Frequency.WEEKLY].days == 2
    ada.rules = book(streaks=StreakSettings(frequency=Frequency.WEEKLY, week_start=7))
    assert ada.event(1, at("2025-04-13T13:00:00")).moves.extended is False
    assert ada.event(1, at("2025-04-20T13:00:00")).moves.extended
    assert ada.streaks[Frequency.WEEKLY].days == 3


def test_streaks_may_be_turned_off_by_the_user():
    ada = life()
    ada.event(1, NOON)
    off = PreferencesPatch(streak=StreakPreferencesPatch(enabled=False))
    do(ada, SetPreferences, NOON, off)
    assert view(ada, NOON).length == 0
    assert not ada.event(1, NOON + DAY).extended
    assert keep(ada, NOON + 9 * DAY).moves.lost == 0
    assert ada.user.freezes == 1


def test_days_off_of_the_user_count_only_while_customization_is_on():
    own = PreferencesPatch(streak=StreakPreferencesPatch(days_off=(4,)))
    ada = life(None)
    ada.event(1, NOON)
    assert do(ada, SetPreferences, NOON, own).code is Code.NO_CUSTOM_STREAKS
    ada.rules = book(streaks=StreakSettings(customization_enabled=True))
    do(ada, SetPreferences, NOON, own)
    assert view(ada, NOON).expires == day("2025-04-04")
    assert view(ada, at("2025-04-04T23:00:00")).length == 1


def test_the_audit_names_freezes_and_bridges_that_do_not_add_up():
    ada = life()
    ada.event(1, NOON)
    keep(ada, NOON + 2 * DAY)
    assert drifts(ada, NOON + 2 * DAY) == []
    kept = ada.user
    ada.user = replace(kept, freezes=3)
    assert drifts(ada, NOON) == ["user ada: 3 freezes are kept, 1 were granted and 1 used"]
    ada.user = kept
    ada.streaks[Frequency.DAILY] = replace(ada.daily, bridged=0)
    assert drifts(ada, NOON) == ["user ada: the daily streak is kept as bridged 0 times, not 1"]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["event", "keep", "move", "grant"]), st.integers(1, 60 * HOUR), st.sampled_from(ZONES)
    ),
    min_size=1,
    max_size=12,
)


def lived(steps, start, *, jobs):
    """Live the steps; with ``jobs``, the expiry job runs before each of them, and at odd times between."""
    ada, now = life(FreezeSettings(1, 3, 3, 1)), start
    ada.event(1, now)
    for step, later, zone in steps:
        if jobs:
            keep(ada, now + later // 2)
            keep(ada, now + later)
        now += later
        if step == "event":
            ada.event(1, now)
        elif step == "move":
            ada.identify(now, tz=zone)
        elif step == "grant":
            do(ada, GrantFreeze, now)
        else:
            keep(ada, now)
        state = ada.daily
        assert state.length <= (now - start) // DAY + 2
        assert ada.user.freezes <= 3
    keep(ada, now)
    assert drifts(ada, now) == []
    return ada, now


@settings(max_examples=150)
@given(STEPS, st.integers(at("2009-01-01"), at("2026-06-01")))
def test_job_before_event_is_event_before_job(steps, start):
    (ada, now), (ben, _) = lived(steps, start, jobs=False), lived(steps, start, jobs=True)
    assert ada.streaks == ben.streaks
    assert (ada.user.freezes, ada.user.freezes_at) == (ben.user.freezes, ben.user.freezes_at)
    assert sorted(ada.periods, key=str) == sorted(ben.periods, key=str)
    assert view(ada, now) == view(ben, now)


@settings(max_examples=150)
@given(STEPS, st.integers(at("2009-01-01"), at("2026-06-01")))
def test_freezes_lengthen_nothing_in_any_zone(steps, start):
    ada, _ = lived(steps, start, jobs=True)
    earned = sum(row.kind == "earned" and row.frequency is Frequency.DAILY for row in ada.periods)
    assert ada.daily.longest <= earned
