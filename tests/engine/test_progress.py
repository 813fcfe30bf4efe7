"""Progress towards every kind of achievement."""

import pytest
from tests.engine.lives import (
    ADA,
    DAY,
    WHOLE,
    Life,
    anniversary,
    at,
    book,
    call,
    composite,
    day,
    streak,
    total,
)

from plaudit.engine.progress import Progress, progress
from plaudit.model.amounts import MICRO
from plaudit.model.state import Details, Snapshot

NOON = at("2025-04-02T12:00:00")
GOALS = (
    total(1, 1000),
    streak(2, 3),
    call(3),
    composite(4, 3, 1, 5),
    anniversary(5, 4),
    total(6, 1, metric=2, measure=2),
)


def seen(ada, number, now=NOON):
    return progress(ada.rules, ada.snapshot(WHOLE), ada.rules.achievements[number], now)


def test_every_kind_tells_how_far_it_is():
    ada = Life(book(*GOALS))
    ada.identify(NOON, sign_up_date=day("2023-04-02"))
    ada.event(750, NOON)
    ada.complete("goal-3", NOON)
    assert seen(ada, 1) == Progress(750 * MICRO, 1000 * MICRO, 75.0)
    assert seen(ada, 2) == Progress(1 * MICRO, 3 * MICRO, 33.33)
    assert seen(ada, 3) == Progress(1 * MICRO, 1 * MICRO, 100.0)
    assert seen(ada, 4) == Progress(1 * MICRO, 3 * MICRO, 33.33)
    assert seen(ada, 5) == Progress(2 * MICRO, 4 * MICRO, 50.0)
    assert seen(ada, 6) == Progress(0, 1 * MICRO, 0.0)
    assert seen(ada, 2, NOON + 2 * DAY) == Progress(0, 3 * MICRO, 0.0)


@pytest.mark.parametrize(("words", "percent"), [(999.999999, 99.99), (0.000001, 0.0), (-5, 0.0)])
def test_only_what_is_finished_reads_a_hundred(words, percent):
    ada = Life(book(*GOALS))
    ada.event(words, NOON)
    assert seen(ada, 1).percent == percent


def test_what_is_completed_stays_at_a_hundred():
    ada = Life(book(*GOALS))
    ada.event(1500, NOON)
    assert seen(ada, 1) == Progress(1500 * MICRO, 1000 * MICRO, 100.0)
    ada.event(-1400, NOON)
    assert seen(ada, 1) == Progress(1000 * MICRO, 1000 * MICRO, 100.0)


def test_a_total_beyond_the_target_is_capped_in_percent_only():
    ada = Life(book())
    ada.event(3000, NOON)
    ada.rules = book(*GOALS)
    assert seen(ada, 1) == Progress(3000 * MICRO, 1000 * MICRO, 100.0)


def test_a_stranger_is_at_the_beginning():
    rules = book(*GOALS)
    for details in (None, Details({}, {}, ())):
        stranger = Snapshot(ADA, None, {}, {}, {}, details)
        for rule in rules.achievements.values():
            assert progress(rules, stranger, rule, NOON).percent == 0
