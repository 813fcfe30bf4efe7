"""SQLite's writer: a failing disk, a busy file, a cancelled commit, and the log kept short."""

import asyncio
import threading

import apsw
import pytest
from tests.storage.people import NOON, an_event, birth, found, in_order, log_of, person, read, write

from plaudit.storage.port import Unavailable
from plaudit.storage.sqlite import writer as writer_room
from plaudit.storage.sqlite.store import open_sqlite

CROWD = 200


@pytest.fixture
async def sqlite(tmp_path):
    store = await open_sqlite(tmp_path / "plaudit.db", now=NOON)
    await found(store, "here")
    yield store
    await store.close()


def crowd(part: int = 0):
    return in_order([person(1, f"user {part}-{n}") for n in range(CROWD)])


async def test_a_full_disk_is_unavailable_and_leaves_nothing(sqlite):
    connection = sqlite._writer._connection
    connection.execute(f"PRAGMA max_page_count = {connection.pragma('page_count') + 2}")
    with pytest.raises(Unavailable, match="full"):
        await write(sqlite, users=[birth(who) for who in crowd()])
    connection.execute("PRAGMA max_page_count = 1000000")
    assert await sqlite.ledger.subjects_after(None, b"", 1) == []
    await write(sqlite, users=[birth(person(1, "ada"))])


async def test_a_file_held_by_another_process_is_unavailable(sqlite, tmp_path):
    sqlite._writer._connection.set_busy_timeout(10)
    other = apsw.Connection(str(tmp_path / "plaudit.db"))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked"):
        await write(sqlite, users=[birth(person(1, "ada"))])
    other.execute("ROLLBACK")
    other.close()
    await write(sqlite, users=[birth(person(1, "ada"))])


async def test_a_commit_that_fails_is_unavailable_and_the_next_one_works(sqlite, monkeypatch):
    def refuse(self) -> None:
        self._roll_back()
        raise apsw.IOError("disk I/O error")

    ada = person(1, "ada")
    with monkeypatch.context() as patch:
        patch.setattr(writer_room.Writer, "_commit_now", refuse)
        with pytest.raises(Unavailable, match="disk I/O error"):
            await write(sqlite, users=[birth(ada)])
    assert (await read(sqlite, ada)).user is None
    await write(sqlite, users=[birth(ada)])


async def test_a_caller_cancelled_during_the_commit_lets_it_end_first(sqlite, monkeypatch):
    begun, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()
    commit = writer_room.Writer._commit_now

    def slow(self) -> None:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(5)
        commit(self)

    ada, ben = person(1, "ada"), person(1, "ben")
    monkeypatch.setattr(writer_room.Writer, "_commit_now", slow)
    first = asyncio.create_task(write(sqlite, users=[birth(ada)], events=[an_event(ada)]))
    await begun.wait()
    first.cancel()
    second = asyncio.create_task(write(sqlite, users=[birth(ben)]))
    await asyncio.sleep(0.02)
    assert not first.done() and not second.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await first
    await second
    assert len(await log_of(sqlite, ada)) == 1
    assert (await read(sqlite, ben)).user is not None


async def test_the_log_is_moved_into_the_database_and_begun_anew(sqlite, tmp_path, monkeypatch):
    monkeypatch.setattr(writer_room, "CHECKPOINT_PAGES", 20)
    sqlite._writer._limit = 20
    for part in range(40):
        await write(sqlite, users=[birth(who) for who in crowd(part)])
    # One group is some 120 pages; without moving them the log would be some 4,800 by now.
    assert sqlite._writer._pages < 500
    assert len(await sqlite.ledger.subjects_after(None, b"", 100_000)) == 40 * CROWD


async def test_the_log_is_moved_in_small_parts_long_before_it_begins_anew(sqlite, tmp_path):
    grown = []
    for part in range(20):
        await write(sqlite, users=[birth(who) for who in crowd(part)])
        await sqlite._writer._settled(sqlite._writer._moving)
        grown.append((tmp_path / "plaudit.db").stat().st_size)
    # The database file has grown twice, and nobody has waited for it.
    assert sqlite._writer._checkpoint is None
    assert len(set(grown)) == 3


async def test_a_log_held_up_by_a_reader_is_emptied_later(sqlite, tmp_path, monkeypatch):
    monkeypatch.setattr(writer_room, "CHECKPOINT_PAGES", 20)
    sqlite._writer._limit = 20
    slow = apsw.Connection(str(tmp_path / "plaudit.db"))
    slow.execute("BEGIN; SELECT count(*) FROM users")
    lengths = []
    for part in range(10):
        await write(sqlite, users=[birth(who) for who in crowd(part)])
        lengths.append(sqlite._writer._pages)
    slow.close()
    assert lengths == sorted(set(lengths))
    for part in range(10, 20):
        await write(sqlite, users=[birth(who) for who in crowd(part)])
    assert sqlite._writer._pages < lengths[-1]


async def test_a_very_long_log_gives_its_space_back(sqlite, tmp_path, monkeypatch):
    monkeypatch.setattr(writer_room, "TRUNCATE_PAGES", 10)
    sqlite._writer._limit = 10
    await write(sqlite, users=[birth(who) for who in crowd(0)])
    await sqlite._writer._settled(sqlite._writer._checkpoint)
    assert (tmp_path / "plaudit.db-wal").stat().st_size == 0


async def test_closing_leaves_one_file(tmp_path):
    store = await open_sqlite(tmp_path / "plaudit.db")
    await found(store, "here")
    await store.close()
    assert [file.name for file in tmp_path.iterdir()] == ["plaudit.db"]
