"""Boosts that begin and end are told once, by however many processes, and not to latecomers."""

import pytest
from tests.storage.people import NOON, found

from plaudit.jobs.tell_boosts import BoostTeller, midnight
from plaudit.model import points
from plaudit.model.ids import uuid7
from plaudit.model.webhooks import DeliveryFilter, Webhook
from plaudit.operations.rulebooks import Rulebooks
from plaudit.webhooks.signatures import new_secret

TODAY = 719_163 + NOON // 86_400_000
HOUR = 3_600_000


@pytest.fixture
async def here(store):
    made = await found(store, "here")
    async with store.catalog.edit(made.number) as edit:
        numbers = [await edit.next_number("document") for _ in range(3)]
        ids = [uuid7(NOON, bytes([n]) * 10) for n in numbers]
        secrets = (new_secret(b"s" * 32),)
        up = points.Rounding.UP
        await edit.put_document(
            Webhook(numbers[0], ids[0], "https://example.com/", (), secrets, True, NOON, NOON)
        )
        await edit.put_document(points.PointsSystem(numbers[1], ids[1], "xp", "XP", None, None, None, 1, 1))
        day = TODAY + 1
        boost = (numbers[2], ids[2], numbers[1], "Two", "", None, day, day, 2.0, up, (), 1)
        await edit.put_document(points.PointsBoost(*boost))
    return made.number


async def told(store, environment):
    return [each.type for each in await store.outbox.deliveries(environment, DeliveryFilter(), 100, 0)]


async def beat(store, now):
    teller = BoostTeller(store, Rulebooks(store.catalog), lambda: now)
    for _ in range(2):
        await teller.run_once()


async def test_beginning_and_end_are_told_once(store, here):
    await beat(store, NOON)
    assert await told(store, here) == []
    for minute in range(3):
        await beat(store, midnight(TODAY + 1) + minute * 60_000)
    assert await told(store, here) == ["points.boost_started"]
    for minute in range(3):
        await beat(store, midnight(TODAY + 2) + minute * 60_000)
    assert await told(store, here) == ["points.boost_finished", "points.boost_started"]


async def test_what_is_long_over_is_not_told(store, here):
    await beat(store, midnight(TODAY + 1) + 21 * HOUR)
    await beat(store, midnight(TODAY + 2) + 21 * HOUR)
    assert await told(store, here) == []


async def test_each_endpoint_is_told_once_of_what_its_tenant_shares_or_owns(store, here):
    secrets, up = (new_secret(b"s" * 32),), points.Rounding.UP
    async with store.catalog.edit(here) as edit:
        (shared_hook,) = edit.definitions.of(Webhook)
        (system,) = edit.definitions.of(points.PointsSystem)
    hooks = {"shared": shared_hook.number}
    for tenant in ("north", "south"):
        async with store.catalog.edit(here, None, tenant) as edit:
            hooks[tenant] = number = await edit.next_number("document")
            name = uuid7(NOON, bytes([number]) * 10)
            url = f"https://{tenant}.example.com/"
            await edit.put_document(Webhook(number, name, url, (), secrets, True, NOON, NOON))
    async with store.catalog.edit(here, None, "north") as edit:
        own = await edit.next_number("document")
        boost = (
            own,
            uuid7(NOON, b"b" * 10),
            system.number,
            "Own",
            "north",
            None,
            TODAY + 1,
            None,
            3.0,
            up,
            (),
            1,
        )
        await edit.put_document(points.PointsBoost(*boost))
    for minute in range(3):
        await beat(store, midnight(TODAY + 1) + minute * 60_000)
    heard = [each.endpoint for each in await store.outbox.deliveries(here, DeliveryFilter(), 100, 0)]
    assert sorted(heard) == sorted([hooks["shared"]] * 2 + [hooks["north"]] * 2 + [hooks["south"]])
