"""The exam on comparing users: how many changed what by how much, in a span of days, in one place."""

import asyncio

import pytest
from tests.storage.people import DAY, NOON, a_metric, an_event, birth, person, write

from plaudit.engine.rulebook import compile_rulebook
from plaudit.engine.wrapped import Change, LongestStreak, Span, Year
from plaudit.model.catalog import Definitions, Environment, Measure
from plaudit.model.outcome import DayWrite, PointsDayWrite
from plaudit.model.spreads import Spread, spread_of
from plaudit.model.state import NewestDay
from plaudit.model.tally import Tally
from plaudit.operations.compare_peers import Comparer

NOTHING = Spread()


@pytest.fixture
async def crowd(store, here):
    people = [person(here.number, name) for name in ("ada", "ben", "cy", "dee")]
    strangers = [person(here.number, "ada", "acme"), person(here.number + 1, "ada")]
    days = [
        DayWrite(who.subject, 1, DAY + day, amount, 1)
        for who, amount in zip(people, (5, 5, 2, -1), strict=True)
        for day in (0, 3)
    ]
    days += [DayWrite(who.subject, 1, DAY, 99, 1) for who in strangers]
    days.append(DayWrite(people[0].subject, 2, DAY, 7, 1))
    points = [PointsDayWrite(who.subject, 3, DAY, place) for place, who in enumerate(people)]
    newest = [
        birth(who, Tally(days={1: NewestDay(DAY + 30, amount, 1)}, points_days={5: NewestDay(DAY, amount)}))
        for who, amount in zip(people, (5, 5, 2, -1), strict=True)
    ]
    users = [*newest, *(birth(who) for who in strangers)]
    await write(store, users=users, days=days, points_days=points)
    return here.number


async def test_a_measure_is_summed_per_user_and_counted(store, crowd):
    place = (crowd, "")
    of = store.peers.of_measure
    assert await of(place, 1, (DAY, DAY + 6)) == spread_of([-2, 4, 10], [1, 1, 2])
    assert await of(place, 1, (DAY + 30, DAY + 30)) == spread_of([-1, 2, 5], [1, 1, 2])
    assert await of(place, 1, (DAY, DAY + 30)) == spread_of([-3, 6, 15], [1, 1, 2])
    assert await of(place, 2, (DAY, DAY + 6)) == spread_of([7], [1])
    assert await of(place, 1, (DAY - 9, DAY - 1)) == NOTHING


async def test_points_are_summed_per_user_and_counted(store, crowd):
    found = await store.peers.of_points((crowd, ""), 3, (DAY, DAY + 6))
    assert found == spread_of([0, 1, 2, 3], [1, 1, 1, 1])
    assert await store.peers.of_points((crowd, ""), 5, (DAY, DAY)) == spread_of([-1, 2, 5], [1, 1, 2])
    assert await store.peers.of_points((crowd, ""), 4, (DAY, DAY + 6)) == NOTHING


async def test_tenants_and_environments_are_apart(store, crowd):
    assert await store.peers.of_measure((crowd, "acme"), 1, (DAY, DAY)) == spread_of([99], [1])
    assert await store.peers.of_measure((crowd, "other"), 1, (DAY, DAY)) == NOTHING


async def test_values_of_attributes_are_summed_per_user_and_counted(store, here):
    ada, ben = person(here.number, "ada"), person(here.number, "ben")
    events = [
        an_event(ada, 1, value=3, attributes={"source": "web", 'od"d': "x"}),
        an_event(ada, 2, value=4, attributes={"source": "web"}),
        an_event(ada, 3, value=50, attributes={"source": "web"}, metric=2),
        an_event(ada, 4, value=60, attributes={"source": "web"}, day=DAY + 1),
        an_event(ben, 1, value=7, attributes={"source": "web"}),
        an_event(ben, 2, value=9, attributes={"source": "app"}),
        an_event(ben, 3, value=11),
    ]
    await write(store, users=[birth(ada, seq=4), birth(ben, seq=3)], events=events)
    asked = [(1, "source", "none"), (1, "source", "web"), (1, 'od"d', "x"), (1, "source", "app")]
    found = await store.peers.of_values((here.number, ""), asked, (DAY, DAY))
    assert found == [NOTHING, spread_of([7], [2]), spread_of([3], [1]), spread_of([9], [1])]


def year_of(days, amount):
    span = Span(*days, {1: Change(9, amount)}, {}, {}, [], {})
    return Year(1, 1, 1, span, span, span, span, LongestStreak(0))


class Counting:
    """Counts the readings, and makes them wait."""

    def __init__(self, peers, go=True):
        self._peers = peers
        self._go = asyncio.Event()
        if go:
            self._go.set()
        self.read = 0

    def go(self):
        self._go.set()

    async def of_measure(self, *asked):
        self.read += 1
        await self._go.wait()
        return await self._peers.of_measure(*asked)


@pytest.fixture
def book(crowd):
    environment = Environment(crowd, b"e" * 16, "here", "Here", 0, 1, NOON)
    return compile_rulebook(Definitions(environment, (a_metric(1),), (), (Measure(1, 1, (), 1),), ()))


async def ranks(comparer, peers, book, days, now=0, amount=10):
    place = (book.environment.number, "")
    found = await comparer.compare(peers, book, place, year_of(days, amount), now)
    assert found.day.metrics[1].percentile is None
    return {span.metrics[1].percentile for span in (found.week, found.month, found.whole)}


async def test_a_reading_is_kept_for_a_while_and_not_without_bound(store, crowd, book):
    comparer, peers = Comparer(most=8), Counting(store.peers)
    for at, days, read in (
        (0, (DAY, DAY + 6), 1),
        (599_999, (DAY, DAY + 6), 1),
        (600_000, (DAY, DAY + 6), 1),
        (600_000, (DAY, DAY + 5), 3),
        (600_001, (DAY, DAY + 6), 4),
    ):
        assert await ranks(comparer, peers, book, days, at) == {87.5}
        assert peers.read == read, at
    await comparer.close()


async def test_a_page_does_not_wait_for_long(store, crowd, book):
    comparer, peers = Comparer(patience=0.05), Counting(store.peers, go=False)
    assert await ranks(comparer, peers, book, (DAY, DAY + 6)) == {None}
    peers.go()
    comparer._patience = 10
    assert await ranks(comparer, peers, book, (DAY, DAY + 6)) == {87.5}
    assert peers.read == 1
