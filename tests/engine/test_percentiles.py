"""Percentile ranks: whoever leads alone has 100, and those who tie share the mean of their ranks."""

from hypothesis import given
from hypothesis import strategies as st

from plaudit.engine.percentiles import percentile
from plaudit.model.spreads import Spread, spread_of


def test_ranks_among_four():
    spread = spread_of([1, 5, 7], [1, 2, 1])
    assert [percentile(spread, amount) for amount in (1, 5, 7)] == [25.0, 62.5, 100.0]


def test_who_is_alone_leads():
    assert percentile(spread_of([3], [1]), 3) == 100.0


def test_an_amount_newer_than_the_reading_counts_in_addition():
    assert percentile(Spread(), 4) == 100.0
    assert percentile(spread_of([1, 9], [1, 1]), 4) == 66.6


def test_only_the_first_of_very_many_has_a_hundred():
    spread = spread_of(range(5_000), [1] * 5_000)
    assert (percentile(spread, 4_999), percentile(spread, 4_998)) == (100.0, 99.9)


@given(st.lists(st.integers(-50, 50), min_size=1), st.data())
def test_it_is_the_mean_of_the_ranks_of_those_who_tie(amounts, data):
    mine = data.draw(st.sampled_from(amounts))
    order = sorted(amounts)
    ranks = [place for place, amount in enumerate(order, 1) if amount == mine]
    expected = 100 * sum(ranks) / len(ranks) / len(order)
    held = sorted(set(amounts))
    found = percentile(spread_of(held, [amounts.count(each) for each in held]), mine)
    assert expected - 0.1 < found <= expected + 1e-9
