"""The sender against receivers that misbehave, on both databases, on a clock of its own."""

import asyncio
import random
from ipaddress import ip_network

import pytest
from tests.storage.people import NOON, found, person
from tests.webhooks.receiver import OK, Receiver, answer

from plaudit.jobs.deliver_webhooks import LEASE, Deliverer
from plaudit.jobs.prune_webhooks import prune_webhooks
from plaudit.model.ids import uuid7
from plaudit.model.webhooks import DeliveryFilter, DeliveryStatus, EventType, Webhook
from plaudit.operations.edit_batch import Editor
from plaudit.operations.edit_webhooks import disable_webhook
from plaudit.operations.post_messages import post_messages
from plaudit.operations.rulebooks import Rulebooks
from plaudit.webhooks.announce import post
from plaudit.webhooks.guard import Policy
from plaudit.webhooks.sending import Sender
from plaudit.webhooks.signatures import new_secret

HOUR = 3_600_000


class Night:
    """A store with one endpoint, and senders that live by a clock the test moves."""

    def __init__(self, store, environment, receiver, seconds=5.0):
        self.store, self.environment, self.receiver, self.seconds = store, environment, receiver, seconds
        self.now = NOON
        self.random = random.Random(7)
        self.sender = self.new_sender()

    def new_id(self, now):
        return uuid7(now, self.random.randbytes(10))

    def new_sender(self):
        async def disable(endpoint, environment):
            editor = Editor(self.store, environment, self.now, self.new_id)
            await disable_webhook(editor, endpoint.number, "gone")

        policy = Policy((ip_network("127.0.0.1/32"),), http=True, ports=(self.receiver.port,))
        return Deliverer(
            self.store,
            Rulebooks(self.store.catalog),
            Sender(policy, seconds=self.seconds),
            lambda: self.now,
            self.new_id,
            disable,
        )

    async def open(self):
        async with self.store.catalog.edit(self.environment) as edit:
            number = await edit.next_number("document")
            secrets = (new_secret(b"s" * 32),)
            hook = Webhook(number, self.new_id(NOON), self.receiver.url, (), secrets, True, NOON, NOON)
            await edit.put_document(hook)
        self.number = number

    async def tell(self, user, count, first=0):
        who = person(self.environment, user)
        for n in range(first, first + count):
            message = post(who, EventType.TEST, {"user": user, "n": n}, self.now, [self.number])
            await post_messages(self.store.ledger, who, [message])

    async def run(self):
        while await self.sender.run_once():
            await self.sender.settled()
        await self.sender.settled()

    async def pending(self):
        wanted = DeliveryFilter(status=DeliveryStatus.PENDING)
        return await self.store.outbox.deliveries(self.environment, wanted, 1000, 0)

    async def deliveries(self):
        return await self.store.outbox.deliveries(self.environment, DeliveryFilter(), 1000, 0)


@pytest.fixture
async def night(store):
    here = await found(store, "here")
    async with Receiver() as receiver:
        made = Night(store, here.number, receiver)
        await made.open()
        yield made
        await made.sender.close()


def taken(night):
    """What the receiver took, in order, by user; a duplicate counts once."""
    order = {}
    for body in night.accepted:
        user, n = body
        if n not in order.setdefault(user, []):
            order[user].append(n)
    return order


def unreliable(night, share=0.3):
    """Fail, hang up or hang in some cases, and remember what was accepted."""
    import json  # noqa: PLC0415 - only this receiver reads bodies

    night.accepted, night.ids = [], {}

    def behave(heard):
        body = json.loads(heard.body)
        night.ids.setdefault((body["user"], body["n"]), set()).add(heard.id)
        lot = night.random.random()
        if lot < share / 2:
            return answer(500)
        if lot < share * 0.8:
            return None
        night.accepted.append((body["user"], body["n"]))
        return None if lot < share else OK

    night.receiver.behaviour = behave


async def test_nothing_is_lost_doubled_or_out_of_order_when_a_third_fails(night):
    unreliable(night)
    for user in ("ada", "ben", "cleo"):
        await night.tell(user, 10)
    for _ in range(200):
        await night.run()
        if not await night.pending():
            break
        night.now += 10 * 60_000
    assert taken(night) == {user: list(range(10)) for user in ("ada", "ben", "cleo")}
    assert all(len(ids) == 1 for ids in night.ids.values())
    assert {each.status for each in await night.deliveries()} == {DeliveryStatus.DELIVERED}


async def test_what_waits_is_sent_as_soon_as_an_attempt_is_over(night):
    """Not at the next beat, by which an endpoint would be told sixteen things a second, and a user two."""

    async def after_a_moment(_):
        await asyncio.sleep(0.01)
        return OK

    night.receiver.behaviour = after_a_moment
    for n in range(40):
        await night.tell(f"user {n}", 1)
    await night.tell("ada", 5)
    while await night.sender.run_once():
        pass
    assert not await night.pending()


async def test_a_sender_killed_at_any_moment_loses_nothing(night):
    unreliable(night, 0.2)
    for user in ("ada", "ben"):
        await night.tell(user, 12)
    for _ in range(25):
        await night.sender.run_once()
        await asyncio.sleep(night.random.random() * 0.01)
        await night.sender.close()
        night.sender = night.new_sender()
        night.now += LEASE
    while await night.pending():
        await night.run()
        night.now += HOUR
    assert taken(night) == {user: list(range(12)) for user in ("ada", "ben")}
    assert all(len(ids) == 1 for ids in night.ids.values())


async def test_a_dead_endpoint_is_tried_ten_times_over_three_days_and_then_given_up(night):
    night.receiver.behaviour = lambda _: answer(503)
    await night.tell("ada", 1)
    began = night.now
    while waiting := await night.pending():
        night.now = max(night.now, waiting[0].due)
        await night.run()
    (delivery,) = await night.deliveries()
    _, attempts, _ = await night.store.outbox.delivery(night.environment, delivery.id)
    assert delivery.status is DeliveryStatus.FAILED
    assert len(attempts) == delivery.attempts == len(night.receiver.heard) >= 10
    assert attempts[-1].at - began >= 72 * HOUR
    assert {each.status for each in attempts} == {503}
    assert len({heard.id for heard in night.receiver.heard}) == 1


async def test_a_wish_to_wait_is_honoured(night):
    night.receiver.behaviour = lambda _: answer(429, "Retry-After: 7200")
    await night.tell("ada", 1)
    await night.run()
    assert (await night.pending())[0].due == night.now + 2 * HOUR


async def test_an_endpoint_that_is_gone_is_switched_off_and_the_rest_cancelled(night):
    night.receiver.behaviour = lambda _: answer(410)
    await night.tell("ada", 3)
    await night.run()
    assert len(night.receiver.heard) == 1
    definitions = await night.store.catalog.definitions(night.environment)
    (hook,) = definitions.of(Webhook)
    assert (hook.active, hook.disabled) == (False, "gone")
    assert sorted(each.status for each in await night.deliveries()) == ["cancelled", "cancelled", "failed"]


async def test_a_slow_user_does_not_hold_up_another(night):
    night.receiver.behaviour = lambda heard: answer(500) if b"ada" in heard.body else OK
    await night.tell("ada", 2)
    await night.tell("ben", 2)
    await night.run()
    assert [each.user_id for each in await night.pending()] == ["ada", "ada"]


async def test_what_arrived_is_cleared_away_in_time(night):
    await night.tell("ada", 2)
    await night.run()
    assert await prune_webhooks(night.store, lambda: night.now, 7) == 0
    later = night.now + 8 * 24 * HOUR
    assert await prune_webhooks(night.store, lambda: later, 7) == 2
    assert len(await night.deliveries()) == 2
    much_later = night.now + 31 * 24 * HOUR
    await prune_webhooks(night.store, lambda: much_later, 7)
    assert await night.deliveries() == []
