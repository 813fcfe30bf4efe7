"""What is told of events that have not been counted yet."""

from tests.engine.lives import WHOLE, Life, at, book, total

from plaudit.engine.explain import explain, namesakes, reasons
from plaudit.model.catalog import Measure

WHEN = at("2026-03-01T12:00")
FILTERS = (("project", "x"),)


def told(ada, rules, number=1):
    rule = rules.achievements[number]
    reason = reasons(rules, ada.snapshot(WHOLE), rule)
    seen = namesakes(rules, rule)
    return [reason(event) for event in ada.events if event.metric in seen]


def test_a_filter_younger_than_the_user_says_that_back_dating_is_under_way():
    ada = Life(book(version=5))
    ada.event(3, WHEN, project="x")
    ada.event(4, WHEN, project="y")
    rules = book(total(1, 3, measure=9, events=FILTERS), measures=[Measure(9, 1, FILTERS, 6)], version=6)
    assert explain(rules, ada.snapshot(WHOLE), rules.achievements[1], WHEN).progress.current_units == 0
    not_yet, wrong = told(ada, rules)
    assert not_yet is not None
    assert "back-dating" in not_yet
    assert wrong == "project is y, needed is x"
    ada.settle(rules, WHEN)
    assert told(ada, rules) == [None, "project is y, needed is x"]


def test_an_unfiltered_total_counts_at_once_whatever_the_time():
    ada = Life(book(version=5))
    ada.event(3, at("1999-01-01T00:00"), now=WHEN)
    rules = book(total(1, 3), version=6)
    assert told(ada, rules) == [None]
    assert explain(rules, ada.snapshot(WHOLE), rules.achievements[1], WHEN).progress.percent == 100
