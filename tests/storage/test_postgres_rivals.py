"""Processes that share one PostgreSQL database: who waits for whom, and what the one who waited sees."""

import asyncio
import random

import pytest
from tests.storage.people import (
    ALL,
    a_completion,
    a_metric,
    an_event,
    birth,
    found,
    in_order,
    log_of,
    move,
    person,
    read,
    write,
)
from tests.support.postgres import fresh_database, shared_cluster

from plaudit.model.outcome import Writes
from plaudit.storage.port import Conflict, Unavailable
from plaudit.storage.postgres.store import open_postgres

A_MOMENT = 0.2


class Twins:
    """Two stores on one database, as two worker processes have them."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.database = dsn.rsplit("/", 1)[1]

    async def __aenter__(self):
        self.one = await open_postgres(self.dsn, allow_unsafe=True)
        self.two = await open_postgres(self.dsn, allow_unsafe=True)
        self.here = (await found(self.one, "here")).number
        self.ada, self.ben = person(self.here, "ada"), person(self.here, "ben")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.one.close()
        await self.two.close()

    def sql(self, statement: str) -> str:
        return shared_cluster(fast=True).sql(statement, self.database)


@pytest.fixture
async def twins():
    async with Twins(fresh_database(shared_cluster(fast=True))) as pair:
        yield pair


async def waits(task: "asyncio.Task[object]") -> bool:
    await asyncio.wait([task], timeout=A_MOMENT)
    return not task.done()


async def see(store, who, keys=()):
    async with store.ledger.transaction() as tx:
        (snapshot,) = await tx.snapshots_for([who], keys)
        return snapshot


async def test_a_rival_waits_for_a_birth_and_sees_the_newborn(twins):
    async with twins.one.ledger.transaction() as tx:
        (unborn,) = await tx.snapshots_for([twins.ada], [])
        assert unborn.user is None
        rival = asyncio.create_task(see(twins.two, twins.ada))
        assert await waits(rival)
        await tx.apply(Writes(users=[birth(twins.ada, name="Ada")]))
    assert (await rival).user.name == "Ada"


async def test_a_rival_waits_for_a_birth_that_does_not_happen(twins):
    async with twins.one.ledger.transaction() as tx:
        await tx.snapshots_for([twins.ada], [])
        rival = asyncio.create_task(see(twins.two, twins.ada))
        assert await waits(rival)
    assert (await rival).user is None
    assert twins.sql("SELECT count(*) FROM users") == "0"


async def test_the_one_who_waited_sees_the_key_as_used(twins):
    await write(twins.one, users=[birth(twins.ada)])
    asked = [(twins.ada.subject, 1, "lesson-1")]
    async with twins.one.ledger.transaction() as tx:
        await tx.snapshots_for([twins.ada], asked)
        rival = asyncio.create_task(see(twins.two, twins.ada, asked))
        assert await waits(rival)
        moved = move(twins.ada, seq=1)
        await tx.apply(Writes(users=[moved], events=[an_event(twins.ada, key="lesson-1")]))
    seen = await rival
    assert seen.user.seq == 1
    assert seen.keys[1, "lesson-1"].seq == 1


async def test_the_one_who_waited_sees_the_completion(twins):
    await write(twins.one, users=[birth(twins.ada)])

    async def look() -> object:
        async with twins.two.ledger.transaction() as tx:
            (shallow,) = await tx.snapshots_for([twins.ada], [])
            (deep,) = await tx.deepen([(shallow, ALL)])
            return deep.details.completions

    async with twins.one.ledger.transaction() as tx:
        await tx.snapshots_for([twins.ada], [])
        rival = asyncio.create_task(look())
        assert await waits(rival)
        await tx.apply(Writes(completions=[a_completion(twins.ada)]))
    assert set(await rival) == {1}


async def test_a_completion_decided_on_a_stale_reading_is_refused(twins):
    await write(twins.one, users=[birth(twins.ada)], completions=[a_completion(twins.ada)])
    with pytest.raises(Conflict):
        await write(twins.two, completions=[a_completion(twins.ada)])
    assert await twins.two.ledger.counts(twins.here, "") == {0: 1, 1: 1}


async def test_nobody_is_born_twice(twins):
    await write(twins.one, users=[birth(twins.ada, name="Ada")])
    with pytest.raises(Conflict, match="born twice"):
        await write(twins.two, users=[birth(twins.ada, name="Impostor")])
    assert (await read(twins.one, twins.ada)).user.name == "Ada"


async def test_rivals_over_the_same_people_never_lock_each_other_up(twins):
    people = [person(twins.here, f"user-{number}") for number in range(12)]
    dice = random.Random(7)

    async def meet(store) -> None:
        for _ in range(25):
            group = in_order(dice.sample(people, 5))
            async with store.ledger.transaction() as tx:
                read = await tx.snapshots_for(group, [])
                await tx.versions([twins.here])
                await asyncio.sleep(0)
                writes = Writes()
                for snapshot in read:
                    who, seq = snapshot.who, snapshot.user.seq + 1 if snapshot.user else 1
                    born = snapshot.user is None and dice.random() < 0.3
                    if born or snapshot.user:
                        writes.users.append(birth(who, seq=seq) if born else move(who, seq=seq))
                        writes.events.append(an_event(who, seq))
                        writes.completions.append(a_completion(who, 100 + seq))
                await tx.apply(writes)

    await asyncio.gather(*(meet(store) for store in (twins.one, twins.two) * 3))
    logs = [len(await log_of(twins.one, who)) for who in people]
    assert [(await read(twins.one, who)).user.seq for who in people] == logs
    counted = await twins.one.ledger.counts(twins.here, "")
    assert counted.pop(0) == len(people) and sum(counted.values()) == sum(logs)
    assert twins.sql(f"SELECT deadlocks FROM pg_stat_database WHERE datname = '{twins.database}'") == "0"


async def cut_off(twins, *, before_apply: bool) -> None:
    """Give birth to Ada over a connection that the server ends before or after everything is written."""
    async with twins.one.ledger.transaction() as tx:
        end = f"SELECT pg_terminate_backend({tx._connection.get_server_pid()})"
        await tx.snapshots_for([twins.ada], [])
        if before_apply:
            twins.sql(end)
        await tx.apply(Writes(users=[birth(twins.ada)]))
        twins.sql(end)


async def test_a_lost_connection_before_the_commit_may_be_tried_again(twins):
    with pytest.raises(Unavailable) as lost:
        await cut_off(twins, before_apply=True)
    assert lost.value.retry
    await write(twins.one, users=[birth(twins.ada)])


async def test_a_connection_lost_while_committing_leaves_the_outcome_unknown(twins):
    with pytest.raises(Unavailable) as lost:
        await cut_off(twins, before_apply=False)
    assert not lost.value.retry


async def test_every_process_sees_a_new_version_at_once(twins):
    before = await twins.two.catalog.generation()
    async with twins.one.catalog.edit(twins.here) as edit:
        await edit.put_metric(a_metric(1))
    assert await twins.two.catalog.generation() > before
    async with twins.two.ledger.transaction() as tx:
        await tx.snapshots_for([twins.ada], [])
        assert await tx.versions([twins.here]) == {twins.here: 2}


async def edited(store, environment: int) -> None:
    async with store.catalog.edit(environment) as edit:
        await edit.put_metric(a_metric(1))


async def test_an_edit_waits_for_users_being_born_under_the_old_version(twins):
    async with twins.one.ledger.transaction() as tx:
        await tx.snapshots_for([twins.ada], [])
        assert await tx.versions([twins.here]) == {twins.here: 1}
        edit = asyncio.create_task(edited(twins.two, twins.here))
        assert await waits(edit)
        await tx.apply(Writes(users=[birth(twins.ada, settled=1)]))
    await edit
    assert await twins.two.ledger.unsettled_after(twins.here, 2, b"", 10) == [twins.ada]


async def test_an_edit_does_not_wait_for_events_of_users_there_are(twins):
    await write(twins.one, users=[birth(twins.ada)])
    async with twins.one.ledger.transaction() as tx:
        await tx.snapshots_for([twins.ada], [])
        await tx.versions([twins.here])
        await asyncio.wait_for(edited(twins.two, twins.here), 5)


async def test_two_edits_take_their_turns_and_never_share_a_number(twins):
    async def add(store, key: str) -> int:
        async with store.catalog.edit(twins.here) as edit:
            number = await edit.next_number("metric")
            await asyncio.sleep(0.01)
            await edit.put_metric(a_metric(number, key))
            return number

    numbers = await asyncio.gather(*(add(s, f"m-{i}") for i, s in enumerate([twins.one, twins.two] * 3)))
    assert sorted(numbers) == [1, 2, 3, 4, 5, 6]
    assert (await twins.one.catalog.definitions(twins.here)).environment.version == 7
