"""Rankings that several processes hold: each follows what all commit, whatever the order of numbers."""

import asyncio
from contextlib import asynccontextmanager, suppress
from itertools import count
from random import Random

import pytest
from tests.storage.exam_boards import ALL_TIME, DAILY, TEAM, TEAMS, event
from tests.storage.exam_ranks import NUMBER, go, group, is_true, truth
from tests.storage.people import NOON, a_metric, found, in_order, person
from tests.support.postgres import fresh_database, shared_cluster

from plaudit.model.catalog import Measure
from plaudit.model.leaderboards import RankKey, place_of, score_at
from plaudit.model.outcome import Writes
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.port import Conflict
from plaudit.storage.postgres.moments import moment
from plaudit.storage.postgres.ranks import KEPT_MS, _Reading
from plaudit.storage.postgres.store import open_postgres


class Processes:
    """Two stores on one database, and a board on which Ada and Ben stand."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    async def __aenter__(self):
        self.one, self.two = self.stores = [await open_postgres(self.dsn, allow_unsafe=True) for _ in "12"]
        self.here = await found(self.one, "here")
        async with self.one.catalog.edit(self.here.number) as edit:
            await edit.put_metric(a_metric(1))
            await edit.put_measure(Measure(1, 1, (), 0))
            await edit.put_attribute(TEAM)
            for board in (ALL_TIME, DAILY, TEAMS):
                await edit.put_document(board)
        self.books = Rulebooks(self.one.catalog)
        self.numbers = count(1)
        return self

    async def __aexit__(self, *_: object) -> None:
        for store in self.stores:
            await store.close()

    async def score(self, store, user: str, value: int):
        (outcome,) = await record(
            store.ledger, self.books, [event(self.here, user, value, next(self.numbers))]
        )
        return outcome

    async def users(self, store) -> list[str]:
        return [user for _, user, _ in await store.ledger.boards.page(NUMBER, 0, 100)]

    @asynccontextmanager
    async def moving(self, store, user: str, left: list[RankKey], entered: list[RankKey]):
        """Hold a user locked, then move entries, then commit."""
        async with store.ledger.transaction() as tx:
            await tx.snapshots_for([person(self.here.number, user)], [])
            yield tx
            await tx.apply(Writes(left=left, entered=entered))


@pytest.fixture
async def both():
    async with Processes(fresh_database(shared_cluster(fast=True))) as pair:
        yield pair


def held(store) -> list[bytes]:
    """What a process has in memory, without following."""
    return store.ledger._ranks._memory._held[NUMBER].ranked.part(0, 1000)


async def test_each_follows_what_the_other_commits(both):
    await both.score(both.one, "ada", 5)
    assert (await both.score(both.two, "ben", 7)).ranks[0].rank == 1
    assert (await both.score(both.one, "ada", 1)).ranks[0].rank == 2
    again = (await both.score(both.one, "ada", 5)).ranks[0]
    assert (again.previous_rank, again.rank) == (2, 1)
    assert [await both.users(store) for store in both.stores] == [["ada", "ben"]] * 2


async def test_what_commits_late_under_a_small_number_is_not_missed(both):
    await both.score(both.one, "ada", 5)
    await both.score(both.one, "ben", 4)
    for store in both.stores:
        assert await both.users(store) == ["ada", "ben"]
    late = RankKey(NUMBER, place_of(10**9, NOON, person(both.here.number, "ada").subject))
    async with both.moving(both.one, "ada", [], [late]):
        assert (await both.score(both.two, "ben", 9)).ranks[0].rank == 1
        for store in both.stores:
            assert await both.users(store) == ["ben", "ada"]
    for store in both.stores:
        await store.ledger._ranks.follow()
        assert late.place in held(store)
        assert len(held(store)) == 3


async def test_what_comes_and_goes_between_two_readings_is_gone(both):
    """Who takes an entry out has the smaller number; neither order of rows tells what came first."""
    await both.score(both.one, "ada", 5)
    assert [await both.users(store) for store in both.stores] == [["ada"]] * 2
    guest = RankKey(NUMBER, place_of(1, NOON, person(both.here.number, "guest").subject))
    async with both.moving(both.one, "ben", [guest], []), both.moving(both.two, "cleo", [], [guest]):
        pass
    for store, order in zip(both.stores, (1, -1), strict=True):
        ranks = store.ledger._ranks
        (row,) = await ranks._readers.fetch("read_moves", str(ranks._now))
        assert len(row[4]) == 2
        ranks._take(ranks._now, _Reading(*row[:4], row[4][::order]))
        assert [score_at(place) for place in held(store)] == [5_000_000]


async def test_a_reading_that_ends_late_brings_nothing_old(both):
    """A ranking is read while a reading of the log is under way that saw less."""
    await both.score(both.one, "ada", 5)
    ranks = both.two.ledger._ranks
    assert await both.users(both.two) == ["ada"]
    await both.score(both.one, "ada", 1)
    begun = ranks._now
    (row,) = await ranks._readers.fetch("read_moves", str(begun))
    await both.score(both.one, "ada", 1)
    ranks._memory.forget()
    await ranks._memory.rankings([NUMBER])
    assert [score_at(place) for place in held(both.two)] == [7_000_000]
    ranks._take(begun, _Reading(*row))
    assert [score_at(place) for place in held(both.two)] == [7_000_000]
    assert await is_true(both.two, {NUMBER})


async def test_readings_may_end_in_any_order(both):
    await both.score(both.one, "ada", 5)
    assert await both.users(both.two) == ["ada"]
    ranks, readings = both.two.ledger._ranks, []
    begun = ranks._now
    for value in (1, -2, 4, 1):
        await both.score(both.one, "ada", value)
        await both.score(both.one, "ben", value)
        readings += await ranks._readers.fetch("read_moves", str(begun))
    for n in (2, 0, 3, 1):
        ranks._take(begun, _Reading(*readings[n]))
    assert [score_at(place) for place in held(both.two)] == [9_000_000, 4_000_000]


async def test_moves_come_while_a_ranking_is_read(both):
    await both.score(both.one, "ada", 5)
    await both.users(both.two)
    ranks = both.two.ledger._ranks
    ranks._memory.forget()
    real = ranks._memory._read

    async def slow(ranked):
        saw = await real(ranked)
        await both.score(both.one, "ada", 3)
        await both.score(both.one, "ben", 4)
        await ranks.follow()
        return saw

    ranks._memory._read = slow
    await ranks._memory.rankings([NUMBER])
    assert [score_at(place) for place in held(both.two)] == [8_000_000, 4_000_000]


async def test_a_transaction_that_reads_the_log_is_followed_itself(both):
    """It does not see itself run; so a later number that has ended must not make it look ended."""
    await both.score(both.one, "ada", 5)
    assert await both.users(both.one) == ["ada"]
    late = RankKey(NUMBER, place_of(1, NOON, person(both.here.number, "cleo").subject))
    async with both.moving(both.one, "cleo", [], [late]) as tx:
        await both.score(both.two, "ben", 9)
        assert len((await tx.boards.rankings([NUMBER]))[NUMBER]) == 2
    await both.one.ledger._ranks.follow()
    assert late.place in held(both.one)


async def test_who_is_too_late_for_the_log_reads_anew(both):
    await both.score(both.one, "ada", 5)
    assert await both.users(both.two) == ["ada"]
    await both.score(both.one, "ben", 9)
    await both.one.ledger.boards.keep(NOON)
    await both.score(both.one, "cleo", 7)
    await both.one.ledger.boards.keep(NOON + KEPT_MS)
    kept = await both.one.ledger._ranks._readers.fetch("read_moves", "1:1:")
    assert len(kept[0][4]) == 1  # what came after the first call
    assert await both.users(both.two) == ["ben", "cleo", "ada"]


async def test_who_follows_in_time_reads_once(both):
    readings = []
    for store in both.stores:
        memory = store.ledger._ranks._memory
        memory._read = counted(memory._read, readings)
    for n in range(30):
        await both.score(both.stores[n % 2], "ada", 1)
        for store in both.stores:
            await store.ledger.boards.keep(NOON + n * KEPT_MS // 2)
    assert len(readings) == 4  # of two rankings, in each process
    assert len((await both.one.ledger._ranks._readers.fetch("read_moves", "1:1:"))[0][4]) < 10


def counted(read, readings: list):
    async def reading(ranked):
        readings.append(ranked.number)
        return await read(ranked)

    return reading


async def test_a_log_that_was_restored_from_another_server_is_not_followed(both):
    await both.score(both.one, "ada", 5)
    key = RankKey(NUMBER, place_of(9, NOON, b"s" * 16))
    async with both.moving(both.one, "ada", [], [key]):
        pass
    cluster, database = shared_cluster(fast=True), both.dsn.rsplit("/", 1)[1]
    cluster.sql("UPDATE rank_moves SET xid = (xid::text::bigint + 1000000)::text::xid8", database)
    cluster.sql("UPDATE rank_moves_cleared SET before = 9000000000", database)
    third = await open_postgres(both.dsn, allow_unsafe=True)
    both.stores.append(third)
    assert await both.users(third) == ["ada"]
    assert (await both.score(third, "ben", 7)).ranks[0].rank == 1
    readings: list[int] = []
    third.ledger._ranks._memory._read = counted(third.ledger._ranks._memory._read, readings)
    assert await both.users(third) == ["ben", "ada"]
    assert readings == []


@pytest.mark.parametrize("seed", range(3))
async def test_two_processes_agree_with_the_scores(both, seed):
    """Both write at once, users go and are merged, the log is cleared, rankings are forgotten."""
    random, known = Random(seed), set()

    async def live(store, seed: int) -> None:
        own = Random(seed)
        for turn in range(25):
            with suppress(Conflict):  # somebody who just went was born anew by both
                await record(store.ledger, both.books, group(both.here, own, both.numbers))
            if own.random() < 0.2:
                await go(store, both.books, both.here, own, NOON + next(both.numbers))
            if own.random() < 0.2:
                store.ledger._ranks._memory.forget()
            await store.ledger.boards.keep(NOON + turn * KEPT_MS // 3)

    for _ in range(2):
        await asyncio.gather(*(live(store, random.randint(0, 999)) for store in both.stores))
        for store in both.stores:
            assert await is_true(store, known)
    assert await truth(both.one)


async def test_answers_count_what_the_locks_waited_for(both):
    """Both move the same two users; every answer continues where the one before it ended."""
    people = [who.user_id for who in in_order([person(both.here.number, name) for name in ("ada", "ben")])]

    async def move(store, value: int):
        events = [event(both.here, user, value, next(both.numbers)) for user in people]
        return await record(store.ledger, both.books, events)

    moves = [move(both.stores[n % 2], 1 + n % 3) for n in range(30)]
    for answers in await asyncio.gather(*moves):
        for outcome in answers:
            (change,) = [it for it in outcome.ranks if it.change.board == 1]
            assert (change.previous_rank, change.rank) in {
                (None, 1),
                (None, 2),
                (1, 1),
                (1, 2),
                (2, 1),
                (2, 2),
            }
            assert change.previous_rank is None or change.change.before is not None
    assert await is_true(both.one, {NUMBER})


def test_a_moment_is_read_and_written_as_postgresql_does():
    it = moment("10:20:12,15")
    assert [n for n in range(8, 22) if not it.saw(n)] == [12, 15, 20, 21]
    assert str(it) == "10:20:12,15"
    assert str(moment("10:10:")) == "10:10:"
    own = moment("10:20:12,15", 17)
    assert str(own) == "10:20:12,15,17"
    assert it.is_after(own)
    assert not own.is_after(it)
    assert moment("10:20:", 20) == moment("10:20:")
