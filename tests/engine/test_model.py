"""The engine held against the naive model, over random lives."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.lives import (
    ATTRIBUTES,
    DAY,
    HOUR,
    WHOLE,
    Life,
    at,
    book,
    call,
    composite,
    goal,
    numbers,
    streak,
    total,
)
from tests.engine.model import Model

from plaudit.engine.history import settle
from plaudit.model.amounts import MICRO
from plaudit.model.catalog import Measure, Status, Trigger

START = at("2025-01-06T12:00:00")
NOVELS = Measure(10, 1, (("project", "novel"),), 1)
PRO = [("plan", "pro")]
GOALS = (
    total(1, 1),
    total(2, 2.5),
    total(3, 5, users=PRO),
    total(4, 1, measure=10, events=[("project", "novel")]),
    total(5, 3, metric=2, measure=2),
    total(6, 4, status=Status.LOCKED),
    streak(7, 2),
    streak(8, 4, users=PRO),
    call(9),
    composite(10, 1, 7),
    composite(11, 10, 9),
    composite(12, 11, 4, users=PRO),
    composite(13, 6),
)
KEYS = {attribute.id: attribute.key for attribute in ATTRIBUTES}
VALUES = st.decimals(-3, 3, places=6, allow_nan=False)
EVENTS = st.tuples(
    st.just("event"),
    st.sampled_from(["words", "pages"]),
    VALUES,
    st.integers(0, 9),
    st.sampled_from([{}, {"project": "novel"}, {"project": "essay", "kind": "draft"}]),
    st.sampled_from([None, None, "a", "b"]),
)
CHANGES = st.tuples(st.just("change"), st.sampled_from(["pro", "free"]))
CALLS = st.tuples(st.just("call"))
LIVES = st.lists(st.one_of(EVENTS, EVENTS, EVENTS, CHANGES, CALLS), max_size=25)


def step(ada, model, action, now):
    kind, *facts = action
    if kind == "change":
        return ada.identify(now, attributes={"plan": facts[0]}), model.change({"plan": facts[0]})
    if kind == "call":
        return ada.complete("goal-9", now), model.call(9)
    metric, value, offset, attributes, key = facts
    when = START + offset * DAY
    outcome = ada.event(value, when, metric=metric, now=now, key=key, **attributes)
    number = {"words": 1, "pages": 2}[metric]
    return outcome, model.event(number, value, offset, attributes, key)


@settings(max_examples=250)
@given(LIVES)
def test_engine_and_model_agree_on_every_step(life):
    ada, model = Life(book(*GOALS, measures=(NOVELS,))), Model(GOALS, KEYS)
    for n, action in enumerate(life):
        outcome, expected = step(ada, model, action, START + 20 * DAY + n)
        if outcome.replay is None:
            assert set(numbers(outcome)) == expected
            assert len(numbers(outcome)) == len(expected)
        else:
            assert expected == set()
    assert set(ada.completions) == model.completed
    for one in GOALS[:5]:
        held = ada.totals.get(one.measure)
        assert Decimal(held.total if held else 0) / MICRO == model.total(one)
        days = ada.days.get(one.measure, {})
        assert sum(moved.change for moved in days.values()) == (held.total if held else 0)
    if ada.user is not None:
        assert ada.user.seq == len(model.events)
        if model.days:
            assert ada.daily.longest == model.longest()


@settings(max_examples=100)
@given(LIVES)
def test_after_live_events_there_is_nothing_left_to_settle(life):
    rules = book(*GOALS, measures=(NOVELS,))
    ada, model = Life(rules), Model(GOALS, KEYS)
    for n, action in enumerate(life):
        step(ada, model, action, START + 20 * DAY + n)
    settled = settle(rules, ada.snapshot(WHOLE), ada.events, START + 40 * DAY, b"c" * 16)
    assert settled.completions == ()


@settings(max_examples=60)
@given(st.lists(st.tuples(VALUES, st.integers(0, 9)), max_size=15), st.randoms(use_true_random=False))
def test_any_order_of_the_same_events_gives_the_same_totals_and_days(events, random):
    shuffled = list(events)
    random.shuffle(shuffled)
    lives = []
    for order in (events, shuffled):
        ada = Life(book())
        for value, offset in order:
            ada.event(value, START + offset * DAY, now=START + 20 * DAY)
        lives.append(ada)
    assert lives[0].totals == lives[1].totals
    assert lives[0].days == lives[1].days
    lengths = [{each: state.longest for each, state in ada.streaks.items()} for ada in lives]
    assert lengths[0] == lengths[1]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.decimals("0.000001", 3, places=6), st.integers(0, 9)), min_size=1, max_size=15))
def test_settling_completes_what_live_events_would_have(events):
    """In order and with growing totals, backdating gives the same achievements, on the same days."""
    goals = [each for each in GOALS if not each.user_attributes]
    live, backdated = Life(book(*goals, measures=(NOVELS,))), Life(book(version=4))
    for value, offset in sorted(events, key=lambda each: each[1]):
        for ada in (live, backdated):
            ada.event(value, START + offset * DAY, project="novel")
    young = Measure(10, 1, NOVELS.filters, 5)
    backdated.settle(book(*goals, measures=(young,)), START + 30 * DAY)
    assert backdated.totals == live.totals
    assert backdated.days == live.days
    days = [{n: done.at // DAY for n, done in ada.completions.items()} for ada in (live, backdated)]
    assert days[0] == days[1]


class Threshold(int):
    """A threshold that counts how often any threshold is looked at."""

    looks = 0
    __hash__ = int.__hash__

    def __gt__(self, other):
        Threshold.looks += 1
        return int(self) > other


def looks(achievements: int) -> int:
    """How often an ordinary event looks at a threshold among so many achievements."""
    every = range(1, achievements + 1)
    goals = [
        goal(n, Trigger.METRIC, metric=1, measure=1, metric_value=Threshold(n * 10 * MICRO)) for n in every
    ]
    ada = Life(book(*goals))
    ada.event(1, START)
    Threshold.looks = 0
    assert numbers(ada.event(1, START + HOUR)) == []
    assert ada.asked == []
    return Threshold.looks


def test_the_cost_of_an_event_hardly_grows_with_the_number_of_achievements():
    assert 0 < looks(10) <= 2 * 4
    assert looks(1_000) <= 2 * 10
    assert looks(10_000) <= 2 * 14
