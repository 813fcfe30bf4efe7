"""When letters are due: nothing is missed by looking only where something can be due."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from plaudit.engine.letters import HOUR, letters_due, next_look
from plaudit.engine.periods import day_end, local_day, zone_of
from plaudit.model.preferences import Notification

DAY = 24 * HOUR
MONDAY = 1_700_438_400_000  # 20 November 2023, 0 h UTC


def test_a_quiet_user_is_looked_at_on_mondays_and_on_the_days_of_letters():
    looks, at = [], MONDAY - DAY
    while (at := next_look(zone_of(None), MONDAY - DAY, at)) is not None:
        looks.append((at - MONDAY) / HOUR)
    mondays = [9, 177, 345, 513, 681]
    assert looks == sorted([*mondays, 6 * 24 + 10, 13 * 24 + 10, 29 * 24 + 10])


def test_a_letter_that_is_hours_late_is_not_told():
    due = MONDAY + 9 * HOUR
    found = [letters_due(zone_of(None), MONDAY - DAY, due + late) for late in (-1, 0, 6 * HOUR - 1, 6 * HOUR)]
    assert [[about for about, _, _ in each] for each in found] == [
        [],
        [Notification.RECAP],
        [Notification.RECAP],
        [],
    ]


@given(
    st.lists(st.integers(0, 40 * DAY), min_size=1, max_size=6),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Pacific/Apia", "Asia/Kathmandu"]),
)
def test_looking_only_when_planned_finds_all_that_every_hour_finds(active, name):
    zone = ZoneInfo(name)
    moments = sorted(MONDAY + each for each in active)
    walked, planned, plan = set(), set(), moments[0]
    for now in range(MONDAY, MONDAY + 80 * DAY, HOUR // 2):
        last = max((each for each in moments if each <= now), default=None)
        if last is None:
            continue
        if any(now - HOUR // 2 < each <= now for each in moments) and plan is None:
            plan = now  # an event arms it again
        walked |= {(about, day) for about, day, _ in letters_due(zone, last, now)}
        if plan is not None and plan <= now:
            planned |= {(about, day) for about, day, _ in letters_due(zone, last, now)}
            plan = next_look(zone, last, now)
    late = {(about, day) for about, day in walked - planned if _begun_that_day(zone, moments, day)}
    assert planned | late == walked


def _begun_that_day(zone, moments, day):
    """Whoever becomes active within the hours in which a letter is late is told the next time."""
    return any(local_day(each, zone) == day and each > day_end(day - 1, zone) + 8 * HOUR for each in moments)
