"""The exam, fourth part: backdate jobs and the leases by which one worker at a time holds them."""

import pytest
from msgspec.structs import replace
from tests.storage.people import NOON, an_id

from plaudit.model.catalog import Backdate

NIGHT, DAWN = b"night worker....", b"dawn worker....."
MINUTE = 60_000


def a_backdate(environment: int, name: str, created: int = NOON) -> Backdate:
    return Backdate(an_id("backdate", name), environment, 2, b"", 0, 10, 0, created)


async def ask(store, *backdates: Backdate) -> None:
    for backdate in backdates:
        async with store.catalog.edit(backdate.environment) as edit:
            await edit.put_backdate(backdate)


@pytest.fixture
async def job(store, here):
    made = a_backdate(here.number, "job")
    await ask(store, made)
    return made


async def test_backdates_are_listed_oldest_first(store, here, elsewhere):
    late, early = a_backdate(here.number, "late", NOON + 1), a_backdate(here.number, "early")
    other = a_backdate(elsewhere.number, "other", NOON + 2)
    await ask(store, late, early, other)
    assert await store.catalog.backdates(here.number, unfinished=False) == [early, late]
    assert await store.catalog.backdates(None, unfinished=True) == [early, late, other]


async def test_the_oldest_unfinished_one_is_taken_first(store, here, job):
    await ask(store, a_backdate(here.number, "later", NOON + 1))
    assert await store.catalog.lease_backdate(NIGHT, NOON, NOON + MINUTE) == job
    second = await store.catalog.lease_backdate(DAWN, NOON, NOON + MINUTE)
    assert second is not None and second.created == NOON + 1
    assert await store.catalog.lease_backdate(DAWN, NOON, NOON + MINUTE) is None


async def test_progress_is_kept_and_prolongs_the_lease(store, here, job):
    await store.catalog.lease_backdate(NIGHT, NOON, NOON + MINUTE)
    half = replace(job, cursor=b"half", done=5, completions=3, total=11)
    assert await store.catalog.save_backdate(NIGHT, half, NOON + 2 * MINUTE)
    assert await store.catalog.backdates(here.number, unfinished=True) == [half]
    assert await store.catalog.lease_backdate(DAWN, NOON + MINUTE, NOON + 3 * MINUTE) is None


async def test_a_lease_that_is_over_goes_to_whoever_asks(store, here, job):
    await store.catalog.lease_backdate(NIGHT, NOON, NOON + MINUTE)
    await store.catalog.save_backdate(NIGHT, replace(job, cursor=b"half", done=5), NOON + MINUTE)
    taken = await store.catalog.lease_backdate(DAWN, NOON + MINUTE, NOON + 2 * MINUTE)
    assert taken == replace(job, cursor=b"half", done=5)
    assert not await store.catalog.save_backdate(NIGHT, replace(job, done=6), NOON + 9 * MINUTE)
    assert await store.catalog.backdates(here.number, unfinished=True) == [taken]


async def test_a_finished_one_is_never_taken_again(store, here, job):
    await store.catalog.lease_backdate(NIGHT, NOON, NOON + MINUTE)
    done = replace(job, done=10, finished=NOON + 5)
    assert await store.catalog.save_backdate(NIGHT, done, NOON + 5)
    assert await store.catalog.lease_backdate(DAWN, NOON + 9 * MINUTE, NOON + 10 * MINUTE) is None
    assert await store.catalog.backdates(here.number, unfinished=True) == []
    assert await store.catalog.backdates(here.number, unfinished=False) == [done]


async def test_nobody_saves_what_they_never_took(store, job):
    assert not await store.catalog.save_backdate(NIGHT, replace(job, done=1), NOON + MINUTE)
