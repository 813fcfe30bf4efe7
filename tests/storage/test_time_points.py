"""The time job on both databases: every due instant pays once, however many workers come for it."""

import asyncio
from itertools import count

import pytest
from tests.engine.purse import XP, hourly, system
from tests.storage.people import NOON, in_order

from plaudit.jobs.time_points import time_points
from plaudit.model.commands import IdentifyUser
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.settle_users import settle_users
from plaudit.operations.verify import verify

HOUR = 3_600_000
_ids = count(1)


def new_id(_now: int) -> bytes:
    return next(_ids).to_bytes(16, "big")


async def define(store, environment: int, *documents) -> None:
    async with store.catalog.edit(environment) as edit:
        for document in documents:
            await edit.put_document(document)


async def total(store, who) -> int:
    state, _ = await store.points.standing(who.subject, XP, 1)
    return state.total


@pytest.fixture
async def born(store, here, ada, ben):
    """Ada and Ben, born at noon into a system that awards 2 points every hour."""
    await define(store, here.number, system(), hourly(1, 2))
    commands = [IdentifyUser(new_id(0), who, NOON) for who in (ada, ben)]
    await record(store.ledger, Rulebooks(store.catalog), commands)
    return in_order([ada, ben])


async def test_instants_pay_once_whoever_comes(store, born):
    async def work(now: int) -> int:
        return await time_points(store, Rulebooks(store.catalog), lambda: now, new_id)

    assert await work(NOON + HOUR - 1) == 0
    paid = await asyncio.gather(*(work(NOON + 3 * HOUR) for _ in range(4)))
    assert sum(paid) == 6
    assert [await total(store, who) for who in born] == [6, 6]
    assert await work(NOON + 3 * HOUR) == 0
    assert await work(NOON + 4 * HOUR) == 2
    assert (await verify(store, NOON + 4 * HOUR)).drifts == []


async def test_a_long_sleep_is_caught_up_whole(store, born):
    now = NOON + 250 * HOUR
    assert await time_points(store, Rulebooks(store.catalog), lambda: now, new_id) == 500
    assert [await total(store, who) for who in born] == [500, 500]


async def test_users_of_before_get_their_next_instant_by_settling(store, here, ada):
    books = Rulebooks(store.catalog)
    await record(store.ledger, books, [IdentifyUser(new_id(0), ada, NOON)])
    await define(store, here.number, system(), hourly(1, 2))
    late = NOON + 10 * HOUR + 5
    await settle_users(store.ledger, books, [ada], late, new_id)
    assert await time_points(store, books, lambda: late, new_id) == 0
    assert await time_points(store, books, lambda: late + HOUR, new_id) == 1


async def test_an_ended_trigger_is_forgotten(store, here, born):
    await define(store, here.number, hourly(1, 2, active=False))
    now = NOON + 5 * HOUR
    assert await time_points(store, Rulebooks(store.catalog), lambda: now, new_id) == 0
    assert await store.points.due(now, 9) == []
    assert [await total(store, who) for who in born] == [0, 0]


async def test_what_time_brings_is_noted_after_it_is_stored(store, born):
    noted = []

    def note(commands, answers):
        noted.extend(
            (command.who.user_id, award.awarded)
            for command, answer in zip(commands, answers, strict=True)
            for award in answer.awards
        )

    book = Rulebooks(store.catalog)
    assert await time_points(store, book, lambda: NOON + HOUR, new_id, note) == 2
    assert sorted(noted) == sorted((who.user_id, 2) for who in born)
