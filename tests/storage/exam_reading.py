"""The exam, second part: locked snapshots, details, and the readers of pages and jobs."""

import asyncio

from msgspec.structs import replace
from tests.storage.people import (
    ALL,
    DAY,
    NOON,
    a_completion,
    a_metric,
    a_streak,
    an_event,
    birth,
    in_order,
    log_of,
    move,
    person,
    read,
    state,
    write,
)

from plaudit.model.catalog import Frequency
from plaudit.model.leaderboards import NewestScore
from plaudit.model.outcome import (
    DayWrite,
    PeriodWrite,
    RevocationWrite,
    StreakWrite,
    Writes,
)
from plaudit.model.points import PointsState
from plaudit.model.preferences import Preferences, StreakPreferences
from plaudit.model.state import DayChange, Depth, Details, MeasureTotal, NewestDay, Snapshot, StreakPeriod
from plaudit.model.tally import Tally

QUIET = Preferences(streak=StreakPreferences(enabled=False))


async def test_a_user_who_is_locked_but_never_born_leaves_no_row(store, ada):
    async with store.ledger.transaction() as tx:
        assert await tx.snapshots_for([ada], [(ada.subject, 1, "k")]) == [Snapshot(ada, None, {}, {}, {})]
        await tx.apply(Writes())
    assert (await read(store, ada)).user is None
    assert await store.ledger.subjects_after(None, b"", 10) == []
    assert await store.ledger.unsettled_after(ada.environment, 99, b"", 10) == []
    assert await store.ledger.counts(ada.environment, "") == {}


async def test_a_transaction_of_nobody_is_fine(store):
    async with store.ledger.transaction() as tx:
        assert await tx.snapshots_for([], []) == []
        assert await tx.versions([]) == {}
        await tx.apply(Writes())
    assert await store.ledger.view([], Depth(1, True)) == []


async def test_snapshots_are_shallow_and_in_the_order_asked(store, ada, ben):
    tally = Tally(
        {1: MeasureTotal(5, NOON), 2: MeasureTotal(-1, NOON)},
        {Frequency.DAILY: a_streak()},
        {7: PointsState(15, 3), 8: PointsState(2**53 - 1, 1)},
        {1: 2**53 - 1},
        scores={
            3: NewestScore(2**62, 5, NOON, DAY, None, DAY - 9),
            4: NewestScore(None, -1, NOON - 1, run=DAY),
        },
    )
    await write(
        store,
        users=[birth(ada, tally, seq=1)],
        completions=[a_completion(ada)],
    )
    ada_now = Snapshot(
        ada,
        state(ada, seq=1),
        {1: MeasureTotal(5, NOON), 2: MeasureTotal(-1, NOON)},
        {Frequency.DAILY: a_streak()},
        {},
        points=tally.points,
        marks=tally.marks,
        scores={(3, DAY - 9): tally.scores[3], (4, DAY): tally.scores[4]},
    )
    people = in_order([ada, ben])
    async with store.ledger.transaction() as tx:
        snapshots = await tx.snapshots_for(people, [])
    assert snapshots == [ada_now if who == ada else Snapshot(ben, None, {}, {}, {}) for who in people]
    assert await store.ledger.view([ben, ada], None) == [Snapshot(ben, None, {}, {}, {}), ada_now]


async def test_details_are_as_deep_as_each_user_needs(store, ada, ben):
    week = StreakPeriod(Frequency.WEEKLY, DAY - 3, NOON, NOON + 1, DAY)
    days = [StreakPeriod(Frequency.DAILY, DAY + n, NOON, NOON + 1, DAY + n) for n in (1, 0)]
    for who in (ada, ben):
        await write(
            store,
            users=[birth(who)],
            days=[DayWrite(who.subject, 1, DAY + n, n, NOON) for n in (0, 1, 2)],
            periods=[PeriodWrite(who.subject, period) for period in (week, *days)],
            completions=[a_completion(who, 3, seq=None)],
        )
    wanted = {ada: Depth(days_since=DAY + 1), ben: Depth(periods=True)}
    people = in_order([ada, ben])
    async with store.ledger.transaction() as tx:
        shallow = await tx.snapshots_for(people, [])
        deep = await tx.deepen([(snapshot, wanted[snapshot.who]) for snapshot in shallow])
    assert [snapshot.depth for snapshot in deep] == [wanted[who] for who in people]
    details = {snapshot.who: snapshot.details for snapshot in deep}
    late = {1: {DAY + 1: DayChange(1, NOON), DAY + 2: DayChange(2, NOON)}}
    assert details[ada] == Details({3: a_completion(ada, 3, seq=None).completion}, late, ())
    assert details[ben] == Details(
        {3: a_completion(ben, 3, seq=None).completion}, {}, (*reversed(days), week)
    )


async def test_only_the_completions_asked_for_are_read(store, ada, ben):
    for who in (ada, ben):
        done = [a_completion(who, number) for number in (2, 3, 5)]
        lost = RevocationWrite(who, a_completion(who, 4).completion, NOON)
        await write(store, users=[birth(who)], completions=done, revoked=[lost])
    week = StreakPeriod(Frequency.WEEKLY, DAY, NOON, NOON + 1, DAY)
    await write(store, periods=[PeriodWrite(ben.subject, week)])
    few, other, none = Depth(some=(1, 2, 4)), Depth(periods=True, some=()), Depth(some=())
    people = in_order([ada, ben])
    async with store.ledger.transaction() as tx:
        shallow = await tx.snapshots_for(people, [])
        both = await tx.deepen([(snapshot, few) for snapshot in shallow])
        (nothing,) = await tx.deepen([(shallow[0], none)])
        mixed = await tx.deepen([(s, few if s.who == ada else other) for s in shallow])
    for snapshot in (*both, *(each for each in mixed if each.who == ada)):
        assert snapshot.depth == few
        assert snapshot.details.completions == {2: a_completion(snapshot.who, 2).completion}
        assert snapshot.details.revoked == {4}
    assert nothing.details == Details({}, {}, ())
    assert [each.who for each in mixed] == people
    assert next(each for each in mixed if each.who == ben).details.periods == (week,)


async def test_details_of_somebody_unborn_are_empty(store, ada):
    async with store.ledger.transaction() as tx:
        (shallow,) = await tx.snapshots_for([ada], [])
        (deep,) = await tx.deepen([(shallow, Depth(1, True))])
    assert deep.user is None and deep.details == Details({}, {}, ())


async def test_a_reading_without_locks_sees_only_what_was_committed(store, ada):
    async with store.ledger.transaction() as tx:
        await tx.snapshots_for([ada], [])
        await tx.apply(Writes(users=[birth(ada)]))
        assert (await read(store, ada)).user is None
    assert (await read(store, ada)).user == state(ada)


async def test_many_transactions_on_one_user_lose_nothing(store, ada):
    async def add_one() -> None:
        async with store.ledger.transaction() as tx:
            (before,) = await tx.snapshots_for([ada], [])
            await asyncio.sleep(0)
            seq = (before.user.seq if before.user else 0) + 1
            user = replace(birth(ada, seq=seq), created=before.user is None, profile=False)
            await tx.apply(Writes(users=[user], events=[an_event(ada, seq)]))

    await asyncio.gather(*(add_one() for _ in range(20)))
    assert (await read(store, ada)).user.seq == 20
    assert [event.seq for event in await log_of(store, ada)] == list(range(1, 21))
    assert await store.ledger.counts(ada.environment, "") == {0: 1}


async def test_versions_read_after_the_locks_are_those_last_committed(store, ada, cleo):
    async with store.catalog.edit(ada.environment) as edit:
        await edit.put_metric(a_metric(await edit.next_number("metric")))
    async with store.ledger.transaction() as tx:
        await tx.snapshots_for([ada], [])
        assert await tx.versions([ada.environment, cleo.environment]) == {
            ada.environment: 2,
            cleo.environment: 1,
        }


async def test_day_totals_give_what_was_before_and_each_day_inside(store, ada):
    changes = {DAY: 1, DAY + 1: 2, DAY + 3: -4, DAY + 4: 8}
    newest = Tally(days={1: NewestDay(DAY + 5, 16, NOON + 5), 2: NewestDay(DAY + 2, 200, NOON)})
    await write(
        store,
        users=[birth(ada, newest)],
        days=[DayWrite(ada.subject, 1, day, change, NOON) for day, change in changes.items()]
        + [DayWrite(ada.subject, 2, DAY + 1, 100, NOON)],
    )
    inside = [(DAY + 1, 2), (DAY + 3, -4), (DAY + 4, 8)]
    assert await store.ledger.day_totals(ada.subject, 1, DAY + 1, DAY + 4) == (1, inside)
    assert await store.ledger.day_totals(ada.subject, 1, DAY - 9, DAY - 1) == (0, [])
    assert await store.ledger.day_totals(ada.subject, 3, DAY, DAY + 9) == (0, [])
    assert await store.ledger.day_totals(ada.subject, 1, DAY + 4, DAY + 5) == (
        -1,
        [(DAY + 4, 8), (DAY + 5, 16)],
    )
    assert await store.ledger.day_totals(ada.subject, 1, DAY + 6, DAY + 9) == (23, [])


async def test_days_of_a_deep_reading_are_those_before_and_the_newest(store, ada, ben):
    newest = Tally(days={1: NewestDay(DAY + 5, 16, NOON + 5)}, points_days={3: NewestDay(DAY, 2)})
    rows = [DayWrite(ada.subject, 1, day, 1, NOON) for day in (DAY, DAY + 4)]
    await write(store, users=[birth(one, newest) for one in in_order([ada, ben])], days=rows)
    deep = await read(store, ada, Depth(days_since=DAY + 1))
    assert deep.details.days == {1: {DAY + 4: DayChange(1, NOON), DAY + 5: DayChange(16, NOON + 5)}}
    assert (deep.days, deep.points_days) == (newest.days, newest.points_days)
    assert (await read(store, ada, Depth(days_since=DAY + 6))).details.days == {}
    assert (await read(store, ben, ALL)).details.days == {1: {DAY + 5: DayChange(16, NOON + 5)}}
    # What stands twice adds up wherever it is read, so that verify finds it.
    await write(store, users=[move(ben, newest)], days=[DayWrite(ben.subject, 1, DAY + 5, 1, NOON)])
    assert (await read(store, ben, ALL)).details.days == {1: {DAY + 5: DayChange(17, NOON + 5)}}
    assert await store.ledger.day_totals(ben.subject, 1, DAY, DAY + 5) == (0, [(DAY + 5, 17)])


async def test_a_sweep_meets_every_user_once_page_by_page(store, here, cleo):
    people = in_order([person(here.number, f"user {n}") for n in range(7)])
    await write(store, users=[birth(who) for who in in_order([*people, cleo])])
    met, cursor = [], b""
    while page := await store.ledger.subjects_after(here.number, cursor, 3):
        met += page
        cursor = page[-1].subject
    assert met == people
    assert await store.ledger.subjects_after(None, b"", 100) == in_order([*people, cleo])


async def test_the_unsettled_are_those_below_the_version(store, here, ada, ben, cleo):
    await write(store, users=[birth(ada, settled=1), birth(ben, settled=2), birth(cleo, settled=1)])
    assert await store.ledger.unsettled_after(here.number, 2, b"", 10) == [ada]
    assert await store.ledger.unsettled_after(here.number, 2, ada.subject, 10) == []
    assert await store.ledger.unsettled_after(here.number, 3, b"", 10) == in_order([ada, ben])
    assert await store.ledger.unsettled_after(here.number, 1, b"", 10) == []


async def test_anniversaries_are_due_from_their_instant_on(store, ada, ben, cleo):
    await write(
        store, users=[birth(ada, anniversary_at=NOON), birth(ben, anniversary_at=NOON - 5), birth(cleo)]
    )
    assert await store.ledger.anniversaries_due(NOON - 6, 10) == []
    assert await store.ledger.anniversaries_due(NOON, 10) == [ben, ada]
    assert await store.ledger.anniversaries_due(NOON + 9, 1) == [ben]


async def test_a_long_log_streams_in_order(store, ada):
    await write(store, users=[birth(ada, seq=1_201)], events=[an_event(ada, n) for n in range(1, 1_202)])
    assert [event.seq for event in await log_of(store, ada)] == list(range(1, 1_202))


async def test_the_log_of_a_stranger_is_empty(store, ada):
    assert await log_of(store, ada) == []


async def test_a_moment_is_the_same_until_somebody_commits(store, ada, ben):
    first = await store.ledger.moment()
    assert await store.ledger.moment() == first
    async with store.ledger.transaction() as tx:
        await tx.apply(Writes(users=[birth(ada)]))
        during = await store.ledger.moment()
    after = await store.ledger.moment()
    assert after not in {first, during}
    await write(store, users=[birth(ben)])
    assert await store.ledger.moment() != after
    async with store.catalog.edit(ada.environment) as edit:
        before = await store.ledger.moment()
        await edit.put_metric(a_metric(9))
    assert await store.ledger.moment() != before


async def test_whatever_changes_a_standing_changes_its_stamp(store, ada):
    async def stamp():
        return await store.ledger.stamp(ada, Frequency.DAILY)

    assert await stamp() is None
    await write(store, users=[birth(ada, anniversary_at=NOON + 9)])
    seen = [await stamp()]
    assert (seen[0].anniversary_at, seen[0].recorded, seen[0].length) == (NOON + 9, None, None)
    for caused in (
        {"users": [move(ada, seq=1)]},
        {"users": [move(ada, profile=True, seq=1, updated=NOON + 1)]},
        {"completions": [a_completion(ada, 1)]},
        {"completions": [a_completion(ada, 2)]},
        {"streaks": [StreakWrite(ada.subject, Frequency.DAILY, a_streak())]},
        {"streaks": [StreakWrite(ada.subject, Frequency.DAILY, a_streak(2))]},
        {"streaks": [StreakWrite(ada.subject, Frequency.DAILY, replace(a_streak(2), lost=True))]},
        {"streaks": [StreakWrite(ada.subject, Frequency.DAILY, a_streak(3))]},
        {"users": [move(ada, profile=True, seq=1, preferences=QUIET)]},
        {"revoked": [RevocationWrite(ada, a_completion(ada, 2).completion, NOON)]},
        {"settled": [(ada.subject, 7)]},
    ):
        await write(store, **caused)
        seen.append(await stamp())
    assert len(set(map(repr, seen))) == len(seen)
    assert (seen[-1].length, seen[-1].expires_at, seen[-1].settled) == (3, a_streak(3).expires_at, 7)
    assert (seen[-1].recorded, seen[-1].revoked) == (a_completion(ada, 1).completion.recorded, 1)
    assert await store.ledger.stamp(ada, Frequency.WEEKLY) != seen[-1]
