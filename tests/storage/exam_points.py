"""The exam of points: what is written, read shallowly and deeply, counted, and due."""

import pytest
from tests.storage.people import DAY, NOON, an_id, birth, in_order, move, person, read, write

from plaudit.model.outcome import PointsDayWrite
from plaudit.model.points import NO_POINTS, PointsAward, PointsState
from plaudit.model.state import Depth, NewestDay
from plaudit.model.tally import Tally
from plaudit.storage.port import Conflict

XP, COINS = 7, 8


def an_award(n: int, system: int = XP, **more) -> PointsAward:
    plain = {"trigger": 3, "awarded": 5, "total": 5 * n, "at": NOON, "day": DAY, "seq": 1, "boosts": ()}
    return PointsAward(system=system, n=n, id=an_id(system, n), **(plain | more))


async def shallow(store, who):
    async with store.ledger.transaction() as tx:
        (snapshot,) = await tx.snapshots_for([who], [])
    return snapshot


async def held(store, who, total: int, system: int = XP, **more) -> None:
    await write(
        store,
        users=[birth(who, Tally(points={system: PointsState(total, 1)}), **more)],
    )


async def test_points_and_marks_are_read_with_the_user(store, ada):
    states = {XP: PointsState(15, 3), COINS: PointsState(2**53 - 1, 1)}
    await write(
        store,
        users=[birth(ada, Tally(points=states, marks={1: 2**53 - 1}))],
    )
    found = await shallow(store, ada)
    assert (found.points, found.marks) == (states, {1: 2**53 - 1})
    assert await store.points.held(ada.subject) == (states, {1: 2**53 - 1})


async def test_totals_and_marks_are_absolute_and_days_add_up(store, ada):
    for total, change in ((5, 5), (3, -2)):
        tally = Tally(points={XP: PointsState(total, total)}, marks={1: total})
        await write(
            store,
            users=[(birth if total == 5 else move)(ada, tally)],
            points_days=[PointsDayWrite(ada.subject, XP, DAY, change)],
        )
    found = await shallow(store, ada)
    assert (found.points, found.marks) == ({XP: PointsState(3, 3)}, {1: 3})
    assert await store.points.day_totals(ada.subject, XP, DAY, DAY) == (0, [(DAY, 3)])
    assert await store.points.day_totals(ada.subject, XP, DAY + 1, DAY + 9) == (3, [])
    newest = Tally(points_days={XP: NewestDay(DAY + 1, 8), COINS: NewestDay(DAY, 9)})
    await write(store, users=[move(ada, newest)])
    assert await store.points.day_totals(ada.subject, XP, DAY, DAY + 1) == (0, [(DAY, 3), (DAY + 1, 8)])
    assert await store.points.day_totals(ada.subject, XP, DAY + 2, DAY + 9) == (11, [])
    days = (await store.points.of_user(ada.subject)).days
    assert days == {(XP, DAY): 3, (XP, DAY + 1): 8, (COINS, DAY): 9}


async def test_awards_read_back_as_written_the_newest_first(store, ada, ben):
    awards = [an_award(1), an_award(2, seq=None, boosts=(4, 9), awarded=-5, total=0), an_award(3, seq=2)]
    others = [an_award(1, COINS, seq=2)]
    await write(
        store,
        users=[birth(one) for one in in_order([ada, ben])],
        awards=[*((ada.subject, each) for each in (*awards, *others)), (ben.subject, an_award(1))],
    )
    state, newest = await store.points.standing(ada.subject, XP, 2)
    assert (state, newest) == (NO_POINTS, [awards[2], awards[1]])
    everything = await store.points.of_user(ada.subject)
    assert everything.awards == [*awards, *others]
    deep = await read(store, ada, Depth(awards_of=(2,)))
    assert deep.details.awards == (awards[2], others[0])
    assert (await read(store, ada, Depth(awards_of=(5,)))).details.awards == ()


async def test_an_award_of_a_number_that_is_taken_is_refused(store, ada):
    await write(store, users=[birth(ada)], awards=[(ada.subject, an_award(1))])
    with pytest.raises(Conflict):
        await write(store, awards=[(ada.subject, an_award(1, awarded=6))])


async def test_users_are_counted_by_their_totals(store, here, ada, ben, cleo):
    await held(store, ada, 10, attributes={"plan": "pro", "odd'key": 'a"b'})
    await held(store, ben, 10, attributes={"plan": "free"})
    await held(store, person(here.number, "dora"), 99, COINS)
    await held(store, person(here.number, "emil", "tenant"), 10)
    await held(store, cleo, 10)
    number = here.number
    assert await store.points.histogram(number, "", XP, {}) == {0: 1, 10: 2}
    assert await store.points.histogram(number, "", XP, {"plan": "pro"}) == {10: 1}
    assert await store.points.histogram(number, "", XP, {"plan": "pro", "odd'key": 'a"b'}) == {10: 1}
    assert await store.points.histogram(number, "", XP, {"plan": "none"}) == {}
    assert await store.points.histogram(number, "tenant", XP, {}) == {10: 1}


async def due(store, who, now: int):
    async with store.ledger.transaction() as tx:
        await tx.snapshots_for([who], [])
        return (await tx.dues_of([who.subject], now))[who.subject]


async def test_instants_are_planned_moved_and_ended(store, ada, ben):
    await write(
        store,
        users=[birth(one) for one in in_order([ada, ben])],
        new_dues=[(ada.subject, 3, NOON + 5), (ada.subject, 4, NOON + 9), (ben.subject, 3, NOON + 1)],
    )
    assert await store.points.due(NOON, 9) == []
    assert await store.points.due(NOON + 1, 9) == [ben]
    assert set(await store.points.due(NOON + 9, 9)) == {ada, ben}
    assert await store.points.due(NOON + 9, 1) == [ben]
    await write(store, new_dues=[(ada.subject, 3, NOON + 7), (ada.subject, 4, NOON + 2)])
    assert await due(store, ada, NOON + 9) == [(3, NOON + 5), (4, NOON + 2)]
    await write(store, moved_dues=[(ada.subject, 3, NOON + 8)], ended_dues=[(ada.subject, 4)])
    assert await due(store, ada, NOON + 9) == [(3, NOON + 8)]
    assert await due(store, ada, NOON + 7) == []
