"""Rankings of the one serving process: they follow its own commits, and see those of others."""

import asyncio
import time

import pytest
from tests.storage.exam_boards import ALL_TIME, books, event
from tests.storage.exam_ranks import NUMBER, is_true
from tests.storage.people import person
from tests.storage.test_postgres_ranks import counted

from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.storage.boards_port import Cold
from plaudit.storage.rank_memory import RankMemory, nothing
from plaudit.storage.ranked import Ranked
from plaudit.storage.sqlite import ranks, writer
from plaudit.storage.sqlite.store import open_sqlite

__all__ = ["books"]


@pytest.fixture
async def store(tmp_path):
    opened = await open_sqlite(tmp_path / "plaudit.db")
    yield opened
    await opened.close()


async def users(store) -> list[str]:
    return [user for _, user, _ in await store.ledger.boards.page(NUMBER, 0, 100)]


async def test_what_another_process_writes_is_seen(store, here, books, tmp_path):
    await record(store.ledger, books, [event(here, "ada", 5, 1)])
    assert await users(store) == ["ada"]
    other = await open_sqlite(tmp_path / "plaudit.db")
    await record(other.ledger, Rulebooks(other.catalog), [event(here, "ben", 7, 2)])
    assert await users(store) == ["ben", "ada"]
    await record(other.ledger, Rulebooks(other.catalog), [event(here, "cleo", 6, 3)])
    await other.close()
    (outcome,) = await record(store.ledger, books, [event(here, "ada", 2, 4)])
    assert (outcome.ranks[0].previous_rank, outcome.ranks[0].rank) == (3, 2)
    assert await is_true(store, set())


async def test_own_commits_and_checkpoints_let_nothing_be_read_again(store, here, books, monkeypatch):
    monkeypatch.setattr(writer, "CHECKPOINT_PAGES", 5)
    store.ledger._writer._limit = 5
    readings: list[int] = []
    memory = store.ledger._ranks._memory
    memory._read = counted(memory._read, readings)
    for n in range(60):
        await record(store.ledger, books, [event(here, f"user {n % 7}", 1, n)])
        assert await store.ledger.boards.score(
            person(here.number, f"user {n % 7}").subject, 1, ALL_TIME.start
        )
    assert len(readings) == 2
    assert await is_true(store, set())


async def test_commits_between_two_pages_of_a_reading_are_carried_out(store, here, books, monkeypatch):
    monkeypatch.setattr(ranks, "PAGE", 2)
    people = [event(here, f"user {n}", n + 1, n) for n in range(20)]
    await record(store.ledger, books, people)
    for turn in range(8):
        store.ledger._ranks._memory.forget()
        moves = [event(here, f"user {n}", [-9, 4][n % 2], 100 + 20 * turn + n) for n in range(20)]
        reading = asyncio.create_task(users(store))
        for first in range(0, 20, 5):
            await asyncio.sleep(0)
            await record(store.ledger, books, moves[first : first + 5])
        await reading
        assert await is_true(store, {NUMBER})


async def test_who_is_cancelled_while_committing_has_moved_the_rankings(store, here, books, monkeypatch):
    await record(store.ledger, books, [event(here, "ada", 5, 1)])
    assert await users(store) == ["ada"]
    slowly(store, monkeypatch, before=0.2)
    writing = asyncio.create_task(record(store.ledger, books, [event(here, "ben", 7, 2)]))
    await asyncio.sleep(0.1)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await users(store) == ["ben", "ada"]


async def test_a_commit_that_readers_see_already_is_waited_for(store, here, books, monkeypatch):
    await record(store.ledger, books, [event(here, "ada", 9, 1), event(here, "ben", 6, 2)])
    assert await users(store) == ["ada", "ben"]
    slowly(store, monkeypatch, after=0.3)
    writing = asyncio.create_task(record(store.ledger, books, [event(here, "ada", -2, 3)]))
    await asyncio.sleep(0.15)
    assert not writing.done()
    ada = person(here.number, "ada").subject
    score, before = await store.ledger.boards.score(ada, 1, ALL_TIME.start)
    assert (score.score, before) == (7_000_000, 0)  # not behind her own last score
    await writing


def slowly(store, monkeypatch, before: float = 0, after: float = 0) -> None:
    """Let the thread that commits sleep."""
    commit = store.ledger._writer._commit_now

    def slow() -> None:
        time.sleep(before)
        commit()
        time.sleep(after)

    monkeypatch.setattr(store.ledger._writer, "_commit_now", slow)


async def test_rankings_that_cannot_be_moved_are_read_again(store, here, books, monkeypatch):
    await record(store.ledger, books, [event(here, "ada", 5, 1)])
    assert await users(store) == ["ada"]
    with monkeypatch.context() as broken:
        broken.setattr(Ranked, "add", lambda *_: 1 / 0)
        (outcome,) = await record(store.ledger, books, [event(here, "ben", 7, 2)])
    assert outcome.ranks[0].rank == 1
    assert await users(store) == ["ben", "ada"]


async def test_what_was_not_asked_for_longest_goes_first():
    readings: list[int] = []

    async def read(ranked):
        readings.append(ranked.number)
        return nothing

    memory = RankMemory(read, most=100)  # three rankings that are empty
    for number in (1, 2, 3, 1, 4, 1, 2):
        await memory.rankings([number])
    assert readings == [1, 2, 3, 4, 2]
    both = await memory.rankings([5, 6, 7, 8])
    assert [each.number for each in both.values()] == [5, 6, 7, 8]


async def test_a_reading_that_fails_is_begun_anew_by_the_next_call():
    tries = []

    async def read(ranked):
        tries.append(ranked.number)
        await asyncio.sleep(0)
        if len(tries) == 1:
            raise OSError
        return nothing

    memory = RankMemory(read)
    both = await asyncio.gather(*(memory.rankings([1]) for _ in "12"), return_exceptions=True)
    assert [type(each) for each in both] == [OSError, OSError]
    assert list(await memory.rankings([1])) == [1]
    assert tries == [1, 1]


async def test_a_reading_goes_on_when_who_asked_has_gone():
    tries = []

    async def read(ranked):
        tries.append(ranked.number)
        await asyncio.sleep(0.05)
        return nothing

    memory = RankMemory(read, most=0)
    asking = asyncio.create_task(memory.rankings([1]))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(Cold) as cold:
        await memory.rankings([1], patience=0.01)
    async with cold.value.read():
        await memory.rankings([2])
        assert list(await memory.rankings([1], patience=0)) == [1]
    assert tries == [1, 2]
