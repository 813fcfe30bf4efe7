"""The exam, first part: what a transaction writes, what it refuses, and what it leaves behind."""

import asyncio

import pytest
from tests.storage.people import (
    DAY,
    EVERY_FREQUENCY,
    NOON,
    Broken,
    a_completion,
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

from plaudit.model.amounts import LIMIT
from plaudit.model.catalog import Frequency
from plaudit.model.outcome import DayWrite, PeriodWrite, StreakWrite, UserWrite, Writes
from plaudit.model.state import DayChange, MeasureTotal, StreakPeriod, UsedKey
from plaudit.model.tally import Tally
from plaudit.storage.port import Conflict


async def test_a_new_user_reads_back_as_written(store, ada):
    whole = {
        "email": "ada@example.org",
        "name": "Ada Lovelace",
        "tz": "Europe/London",
        "sign_up_date": DAY,
        "device_tokens": ("phone", "tablet"),
        "subscribe_to_emails": False,
        "attributes": {"plan": "pro", "ville": "Łódź 🏙️ 'quoted' \\ \"twice\""},
        "created": NOON - 1,
        "updated": NOON,
        "seq": 3,
        "settled": 7,
        "anniversary_at": NOON + 1,
        "control": True,
    }
    await write(store, users=[birth(ada, **whole)])
    assert (await read(store, ada)).user == state(ada, **whole)


async def test_a_changed_profile_replaces_everything_but_the_birth(store, ada):
    await write(store, users=[birth(ada, name="Ada", tz="Europe/London", attributes={"plan": "free"})])
    later = state(
        ada, name=None, email="a@b.c", tz="Asia/Tokyo", attributes={}, updated=NOON + 9, seq=2, settled=4
    )
    await write(store, users=[UserWrite(ada, later, created=False, profile=True, tally=Tally())])
    assert (await read(store, ada)).user == later


async def test_an_event_alone_only_moves_the_sequence(store, ada):
    await write(store, users=[birth(ada, name="Ada", seq=1)])
    await write(store, users=[move(ada, name="Other", seq=2)])
    assert (await read(store, ada)).user == state(ada, name="Ada", seq=2)


async def test_totals_are_absolute_and_days_add_up(store, ada):
    for total, change, at in ((5, 5, NOON), (3, -2, NOON - 9)):
        await write(
            store,
            days=[DayWrite(ada.subject, 1, DAY, change, at)],
            users=[(birth if total == 5 else move)(ada, Tally({1: MeasureTotal(total, NOON)}))],
        )
    snapshot = await read(store, ada)
    assert snapshot.totals == {1: MeasureTotal(3, NOON)}
    assert snapshot.details.days == {1: {DAY: DayChange(3, NOON)}}


@pytest.mark.parametrize("amount", [LIMIT, -LIMIT, 0])
async def test_the_largest_amounts_are_exact(store, ada, amount):
    await write(
        store,
        users=[birth(ada, Tally({1: MeasureTotal(amount, NOON)}))],
        days=[DayWrite(ada.subject, 1, DAY, amount, NOON)],
        events=[an_event(ada, value=amount)],
    )
    snapshot = await read(store, ada)
    assert snapshot.totals[1].total == snapshot.details.days[1][DAY].change == amount
    assert [event.value for event in await log_of(store, ada)] == [amount]


async def test_streaks_are_replaced_frequency_by_frequency(store, ada):
    states = dict.fromkeys(EVERY_FREQUENCY, a_streak())
    first = [StreakWrite(ada.subject, frequency, state) for frequency, state in states.items()]
    await write(store, users=[birth(ada, Tally(streaks=states))], streaks=first)
    assert (await read(store, ada)).streaks == states
    longer = [StreakWrite(ada.subject, Frequency.DAILY, a_streak(2))]
    await write(
        store, users=[move(ada, Tally(streaks=states | {Frequency.DAILY: a_streak(2)}))], streaks=longer
    )
    assert (await read(store, ada)).streaks == {
        Frequency.DAILY: a_streak(2),
        Frequency.WEEKLY: a_streak(),
        Frequency.MONTHLY: a_streak(),
    }
    for frequency in EVERY_FREQUENCY:
        found = await store.ledger.stamp(ada, frequency)
        assert found.length == (2 if frequency is Frequency.DAILY else 1), (
            "jobs and stamps find it in its row"
        )


async def test_a_bridged_period_may_be_earned_after_all(store, ada):
    bridged = StreakPeriod(Frequency.DAILY, DAY, NOON + 7, NOON + 8, DAY, "freeze")
    earned = StreakPeriod(Frequency.DAILY, DAY, NOON, NOON + 9, DAY + 1, "earned", NOON + 1, 5)
    await write(store, users=[birth(ada)], periods=[PeriodWrite(ada.subject, bridged)])
    await write(store, periods=[PeriodWrite(ada.subject, earned)])
    assert (await read(store, ada)).details.periods == (earned,)


async def test_the_log_reads_back_as_written(store, ada, ben):
    plain = an_event(ada, 1)
    rich = an_event(ada, 2, value=-7, day=DAY - 1, attributes={"lesson": "3"}, key="lesson-3")
    await write(store, users=[birth(ada), birth(ben)], events=[plain, rich, an_event(ben, 1)])
    assert await log_of(store, ada) == [plain.event, rich.event]
    async with store.ledger.transaction() as tx:
        assert await tx.events_of(ada.subject) == [plain.event, rich.event]


async def test_a_used_key_is_found_by_its_user_metric_and_exact_text(store, ada, ben):
    used = an_event(ada, 1, metric=1, key="Lesson")
    await write(store, users=[birth(ada), birth(ben)], events=[used])
    near = [(ada.subject, 1, "lesson"), (ada.subject, 2, "Lesson"), (ben.subject, 1, "Lesson")]
    async with store.ledger.transaction() as tx:
        people = in_order([ada, ben])
        snapshots = await tx.snapshots_for(people, [(ada.subject, 1, "Lesson"), *near])
    keys = {snapshot.who: snapshot.keys for snapshot in snapshots}
    assert keys == {ada: {(1, "Lesson"): UsedKey(1, used.event.id, b"fingerprint")}, ben: {}}


async def test_a_key_used_twice_is_refused_and_nothing_of_the_group_stays(store, ada, ben):
    await write(store, users=[birth(ada, seq=1)], events=[an_event(ada, 1, key="k")])
    with pytest.raises(Conflict):
        await write(
            store,
            users=[birth(ben), move(ada, Tally({1: MeasureTotal(9, NOON)}), seq=2)],
            events=[an_event(ada, 2, key="k")],
        )
    snapshot = await read(store, ada)
    assert (snapshot.user.seq, snapshot.totals) == (1, {})
    assert (await read(store, ben)).user is None
    assert await store.ledger.counts(ada.environment, "") == {0: 1}
    assert len(await log_of(store, ada)) == 1


async def test_a_number_of_a_users_log_is_used_once(store, ada):
    await write(store, users=[birth(ada, seq=1)], events=[an_event(ada, 1)])
    with pytest.raises(Conflict):
        await write(store, events=[an_event(ada, 1, value=7)])
    assert await log_of(store, ada) == [an_event(ada, 1).event]


async def test_a_second_completion_is_refused_and_not_counted(store, ada):
    await write(store, users=[birth(ada)], completions=[a_completion(ada, 4)])
    with pytest.raises(Conflict):
        await write(store, completions=[a_completion(ada, 5), a_completion(ada, 4, at=NOON + 1)])
    assert list((await read(store, ada)).details.completions.values()) == [a_completion(ada, 4).completion]
    assert await store.ledger.counts(ada.environment, "") == {0: 1, 4: 1}


async def test_an_error_inside_a_transaction_passes_and_leaves_nothing(store, ada):
    async def break_off() -> None:
        async with store.ledger.transaction() as tx:
            await tx.snapshots_for([ada], [])
            await tx.apply(Writes(users=[birth(ada)], events=[an_event(ada)]))
            raise Broken

    with pytest.raises(Broken):
        await break_off()
    assert (await read(store, ada)).user is None
    assert await log_of(store, ada) == []
    assert await store.ledger.counts(ada.environment, "") == {}


async def test_a_cancelled_transaction_leaves_nothing_and_frees_its_locks(store, ada):
    written = asyncio.Event()

    async def hang() -> None:
        async with store.ledger.transaction() as tx:
            await tx.snapshots_for([ada], [])
            await tx.apply(Writes(users=[birth(ada)]))
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        await write(store, users=[birth(ada, name="Ada")])
    assert (await read(store, ada)).user.name == "Ada"


async def test_completions_and_births_are_counted_per_environment_and_tenant(store, ada, ben, cleo):
    dora = person(ada.environment, "dora", tenant="acme")
    everyone = in_order([ada, ben, cleo, dora])
    await write(
        store, users=[birth(who) for who in everyone], completions=[a_completion(ada), a_completion(ben)]
    )
    await write(store, completions=[a_completion(cleo), a_completion(dora), a_completion(ada, 2)])
    assert await store.ledger.counts(ada.environment, "") == {0: 2, 1: 2, 2: 1}
    assert await store.ledger.counts(ada.environment, "acme") == {0: 1, 1: 1}
    assert await store.ledger.counts(cleo.environment, "") == {0: 1, 1: 1}


async def test_users_settle_forwards_only(store, ada):
    await write(store, users=[birth(ada, settled=3)])
    await write(store, settled=[(ada.subject, 5)])
    await write(store, settled=[(ada.subject, 4)])
    assert (await read(store, ada)).user.settled == 5


async def test_one_id_in_two_environments_and_tenants_is_three_people(store, ada, elsewhere):
    others = [person(elsewhere.number, "ada"), person(ada.environment, "ada", tenant="acme")]
    await write(store, users=[birth(ada, Tally({1: MeasureTotal(5, NOON)}), name="Ada")])
    assert [(s.user, s.totals) for s in await store.ledger.view(others, None)] == [(None, {}), (None, {})]
