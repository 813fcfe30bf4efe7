"""The exam on the outbox: messages with their cause, leases, order per user, lanes, attempts, clearing."""

import pytest
from msgspec.structs import replace
from tests.storage.people import NOON, Broken, a_metric, an_id, person

from plaudit.engine.periods import DAY_MS
from plaudit.model.catalog import Measure
from plaudit.model.commands import RecordEvent
from plaudit.model.ids import uuid7
from plaudit.model.outcome import Writes
from plaudit.model.webhooks import (
    Attempt,
    DeliveryFilter,
    DeliveryStatus,
    EventType,
    Message,
    Posting,
    Secret,
    Step,
    Webhook,
)
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Conflict

ME, RIVAL = b"sender..........", b"rival..........."
MINUTE = 60_000
SOON = NOON + MINUTE


def a_posting(who, name, endpoints=(1,), created=NOON, lane=0):
    message = Message(an_id(name), who.environment, who.tenant, "streak.lost", created, name.encode())
    deliveries = tuple((e, uuid7(created, an_id(name, e)[:10])) for e in endpoints)
    return Posting(who.subject, who.user_id, message, deliveries, lane)


async def put(store, who, *postings):
    async with store.ledger.transaction() as tx:
        await tx.snapshots_for([who], [])
        await tx.apply(Writes(outbox=list(postings)))


async def take(store, now=NOON, owner=ME, limit=10, busy=()):
    leased = await store.outbox.lease(owner, now, now + MINUTE, limit, busy)
    return {each.payload.decode(): each.delivery for each in leased}


def delivered(delivery):
    return Step(
        replace(delivery, status=DeliveryStatus.DELIVERED, attempts=1, round=1, finished=NOON),
        Attempt(1, NOON, 200, 12, None, "thanks"),
    )


def failed(delivery, due):
    return Step(replace(delivery, attempts=1, round=1, due=due), Attempt(1, NOON, None, 9, "refused", None))


async def test_messages_leave_in_the_order_of_their_user(store, ada, ben):
    await put(store, ada, a_posting(ada, "one"), a_posting(ada, "two"))
    await put(store, ada, a_posting(ada, "three"))
    await put(store, ben, a_posting(ben, "other"))
    for expected in ("one", "two", "three"):
        taken = await take(store)
        assert expected in taken and len(taken.keys() - {"other"}) == 1
        await store.outbox.finish(ME, [delivered(each) for each in taken.values()])
    assert await take(store) == {}


async def test_a_message_waits_for_each_endpoint_by_itself(store, ada):
    await put(store, ada, a_posting(ada, "one", (1, 2)), a_posting(ada, "two", (2,)))
    leased = await store.outbox.lease(ME, NOON, SOON, 10, [])
    assert [(each.payload, each.delivery.endpoint) for each in leased] == [(b"one", 1), (b"one", 2)]
    assert len({each.delivery.message for each in leased}) == 1


async def test_nothing_is_left_of_work_that_was_rolled_back(store, here, ada):
    with pytest.raises(Broken):  # noqa: PT012 - the transaction is what breaks
        async with store.ledger.transaction() as tx:
            await tx.snapshots_for([ada], [])
            await tx.apply(Writes(outbox=[a_posting(ada, "one")]))
            raise Broken
    assert await take(store) == {}
    assert await store.outbox.deliveries(here.number, DeliveryFilter(), 10, 0) == []


async def test_a_doubled_message_is_refused_with_everything_beside_it(store, here, ada):
    await put(store, ada, a_posting(ada, "one"))
    with pytest.raises(Conflict):
        await put(store, ada, a_posting(ada, "two"), a_posting(ada, "one"))
    assert list(await take(store)) == ["one"]
    assert len(await store.outbox.deliveries(here.number, DeliveryFilter(), 10, 0)) == 1


async def test_messages_of_one_group_are_numbered_and_wait_for_each_endpoint_apart(store, here, ada, ben):
    await put(store, ada, a_posting(ada, "one", (1,)))
    taken = await take(store)
    await store.outbox.finish(ME, [failed(taken["one"], SOON)])
    group = [
        a_posting(ada, "two", (1, 2)),
        a_posting(ada, "lane", (1,), lane=7),
        a_posting(ada, "three", (2,)),
        a_posting(ada, "another lane", (1,), lane=8),
        a_posting(ben, "other", (1,)),
    ]
    async with store.ledger.transaction() as tx:
        await tx.snapshots_for(sorted((ada, ben), key=lambda who: who.subject), [])
        await tx.apply(Writes(outbox=group))
    listed = await store.outbox.deliveries(here.number, DeliveryFilter(subject=ada.subject), 10, 0)
    assert sorted((each.position, each.endpoint, each.lane, each.due - NOON) for each in listed) == [
        (1, 1, 0, MINUTE),
        (2, 1, 0, MINUTE),
        (2, 2, 0, 0),
        (3, 1, 7, 0),
        (4, 2, 0, 0),
        (5, 1, 8, 0),
    ]
    (other,) = await store.outbox.deliveries(here.number, DeliveryFilter(subject=ben.subject), 10, 0)
    assert (other.position, other.due) == (1, NOON)


async def test_a_lease_keeps_rivals_away_until_it_is_over(store, ada):
    await put(store, ada, a_posting(ada, "one"))
    mine = await take(store)
    assert await take(store, NOON + 1, RIVAL) == {}
    theirs = await take(store, SOON, RIVAL)
    assert theirs == mine
    await store.outbox.finish(ME, [delivered(mine["one"])])
    assert await take(store, SOON + 1, ME) == {}
    await store.outbox.finish(RIVAL, [delivered(theirs["one"])])
    assert await take(store, SOON * 2) == {}


async def test_busy_endpoints_are_passed_over(store, ada):
    await put(store, ada, a_posting(ada, "one", (1, 2)))
    leased = await store.outbox.lease(ME, NOON, SOON, 10, [1])
    assert [each.delivery.endpoint for each in leased] == [2]


async def test_what_follows_a_failed_message_waits_with_it(store, ada):
    await put(store, ada, a_posting(ada, "one"), a_posting(ada, "two"))
    taken = await take(store)
    await store.outbox.finish(ME, [failed(taken["one"], SOON)])
    await put(store, ada, a_posting(ada, "three", created=NOON + 1))
    assert await take(store, SOON - 1) == {}
    assert list(await take(store, SOON)) == ["one"]


async def test_a_lane_is_told_at_once_then_once_in_fifteen_minutes_with_the_newest_state(store, ada):
    await put(store, ada, a_posting(ada, "first", (1, 2), lane=7))
    await put(store, ada, a_posting(ada, "second", (1, 2), NOON + MINUTE, lane=7))
    await put(store, ada, a_posting(ada, "third", (1, 2), NOON + 2 * MINUTE, lane=7))
    await put(store, ada, a_posting(ada, "another", (1,), NOON + 2 * MINUTE, lane=8))
    taken = await store.outbox.lease(ME, NOON + 3 * MINUTE, NOON + 4 * MINUTE, 10, [])
    assert sorted(each.payload for each in taken) == [b"another", b"first", b"first"]
    await store.outbox.finish(ME, [delivered(each.delivery) for each in taken])
    assert await take(store, NOON + 14 * MINUTE) == {}
    later = await store.outbox.lease(ME, NOON + 15 * MINUTE, NOON + 16 * MINUTE, 10, [])
    assert [each.payload for each in later] == [b"third", b"third"]


async def test_every_attempt_is_kept_and_shown(store, here, elsewhere, ada):
    await put(store, ada, a_posting(ada, "one"))
    taken = (await take(store))["one"]
    await store.outbox.finish(ME, [failed(taken, SOON)])
    again = (await take(store, SOON))["one"]
    done = delivered(again)
    done = Step(replace(done.delivery, attempts=2), replace(done.attempt, number=2))
    await store.outbox.finish(ME, [done])
    delivery, attempts, payload = await store.outbox.delivery(here.number, taken.id)
    assert (delivery.status, delivery.attempts, payload) == (DeliveryStatus.DELIVERED, 2, b"one")
    assert [(each.number, each.status, each.error) for each in attempts] == [
        (1, None, "refused"),
        (2, 200, None),
    ]
    assert await store.outbox.delivery(elsewhere.number, taken.id) is None


async def test_deliveries_are_found_by_what_they_are(store, here, ada, ben):
    await put(store, ada, a_posting(ada, "one", (1, 2)))
    await put(store, ben, a_posting(ben, "two", (1,), NOON + 1))
    await store.outbox.finish(ME, [delivered((await take(store, limit=1))["one"])])

    async def count(**wanted):
        return len(await store.outbox.deliveries(here.number, DeliveryFilter(**wanted), 10, 0))

    assert (await count(), await count(endpoint=2), await count(subject=ben.subject)) == (3, 1, 1)
    assert (await count(type="streak.lost"), await count(type="webhook.test")) == (3, 0)
    assert await count(status=DeliveryStatus.DELIVERED) == 1
    newest = await store.outbox.deliveries(here.number, DeliveryFilter(), 1, 0)
    assert newest[0].user_id == "ben"


async def test_a_replay_sends_the_same_message_again(store, here, ada):
    await put(store, ada, a_posting(ada, "one"))
    taken = (await take(store))["one"]
    await store.outbox.finish(ME, [delivered(taken)])
    delivery, _, _ = await store.outbox.delivery(here.number, taken.id)
    await store.outbox.replay(delivery, SOON)
    again = (await take(store, SOON))["one"]
    assert (again.message, again.id, again.attempts, again.round) == (taken.message, taken.id, 1, 0)


async def test_old_messages_are_cleared_away_and_their_attempts_later(store, here, ada, ben):
    await put(store, ada, a_posting(ada, "one"), a_posting(ada, "two"))
    taken = (await take(store))["one"]
    await store.outbox.finish(ME, [delivered(taken)])
    nothing = uuid7(0, bytes(10))
    assert await store.outbox.prune(here.number, NOON + 1, NOON + 1, nothing, 10) == 1
    assert (await store.outbox.delivery(here.number, taken.id))[2] is None
    assert await store.outbox.prune(here.number, NOON + 1, NOON + 1, uuid7(NOON + 1, bytes(10)), 10) == 2
    assert await store.outbox.delivery(here.number, taken.id) is None
    assert list(await take(store)) == ["two"]
    await put(store, ben, a_posting(ben, "three"))


async def test_people_of_other_environments_have_outboxes_of_their_own(store, here, elsewhere, cleo):
    await put(store, cleo, a_posting(cleo, "one"))
    assert await store.outbox.deliveries(here.number, DeliveryFilter(), 10, 0) == []
    assert person(elsewhere.number, "cleo") == cleo


async def test_a_batch_from_the_past_tells_of_each_streak_that_was_lost(store, here, ada):
    """Two of one length are lost in the same words, at the same time."""
    hook = Webhook(9, b"h" * 16, "https://a.example", (), (Secret("whsec_c2VjcmV0"),), True, NOON, NOON)
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        await edit.put_measure(Measure(1, 1, (), 0))
        await edit.put_document(hook)
    events = [
        RecordEvent(an_id("late", days), ada, NOON, "words", 1_000_000, NOON - days * DAY_MS)
        for days in (20, 10, 0)
    ]
    await record(store.ledger, Rulebooks(store.catalog), events, atomic=True)
    told = await store.outbox.deliveries(here.number, DeliveryFilter(type=EventType.STREAK_LOST), 9, 0)
    assert len({each.message for each in told}) == 2
