"""With the write lock of SQLite taken out, two connections count wrongly: so it is what keeps them apart.

Two writers in threads of their own decide on one user at once. A server claims its file, so in the house
there is one writer; here the claim is gone in every test, and BEGIN IMMEDIATE is all there is.
"""

import asyncio
import threading
from contextlib import asynccontextmanager, suppress

import pytest
from tests.storage.people import a_metric, an_achievement, birth, found, person, read, write
from tests.support.unsafe import drop_constraints

from plaudit.compose import clock, new_id
from plaudit.model.catalog import Measure
from plaudit.model.commands import RecordEvent
from plaudit.model.outcome import Outcome
from plaudit.operations.record_events import record
from plaudit.operations.rulebooks import Rulebooks
from plaudit.operations.verify import verify
from plaudit.storage.port import Conflict, Unavailable
from plaudit.storage.sqlite.store import open_sqlite

ADA = person(1, "ada")
KEYS = [(None, None), ("lesson-1", "lesson-1")]


class Changed:
    """A cursor that begins transactions in another way; "" begins none before the first write."""

    def __init__(self, cursor, begin):
        self._cursor = cursor
        self._begin = begin

    def __getattr__(self, name):
        return getattr(self._cursor, name)

    def execute(self, sql, *given):
        if sql != "BEGIN IMMEDIATE":
            return self._cursor.execute(sql, *given)
        return self._cursor.execute(self._begin) if self._begin else None

    def begin_late(self):
        if not self._begin:
            self._cursor.execute("BEGIN IMMEDIATE")


class Meeting:
    """A ledger whose transactions wait for the other thread's between reading and writing."""

    def __init__(self, ledger, barrier):
        self._ledger = ledger
        self._barrier = barrier

    @asynccontextmanager
    async def transaction(self):
        async with self._ledger.transaction() as inner:
            yield _MeetingTransaction(inner, self._barrier)


class _MeetingTransaction:
    def __init__(self, inner, barrier):
        self._inner = inner
        self._barrier = barrier

    def __getattr__(self, name):
        return getattr(self._inner, name)

    async def apply(self, writes):
        with suppress(threading.BrokenBarrierError):
            self._barrier.wait()
        if isinstance(self._inner._cursor, Changed):
            self._inner._cursor.begin_late()
        await self._inner.apply(writes)


@pytest.fixture
async def path(tmp_path):
    """A database with Ada in it, and an achievement for ten words."""
    file = tmp_path / "plaudit.db"
    store = await open_sqlite(file)
    here = await found(store, "here")
    async with store.catalog.edit(here.number) as edit:
        await edit.put_metric(a_metric(1))
        await edit.put_measure(Measure(1, 1, (), 0))
        await edit.put_achievement(an_achievement(1, metric_value=10_000_000))
    await write(store, users=[birth(ADA, settled=2)])
    await store.close()
    return file


async def two_at_once(path, keys, begin="BEGIN IMMEDIATE"):
    """Let Ada have two events of ten words at once; gives both answers, what she has, and the drifts."""
    barrier = threading.Barrier(2, timeout=0.5)
    answers = await asyncio.gather(
        *(asyncio.to_thread(asyncio.run, one_event(path, key, begin, barrier)) for key in keys),
        return_exceptions=True,
    )
    store = await open_sqlite(path)
    drifts = (await verify(store, clock())).drifts
    ada = await read(store, ADA)
    await store.close()
    return answers, ada.totals[1].total, drifts


async def one_event(path, key, begin, barrier):
    store = await open_sqlite(path)
    store._writer._cursor = Changed(store._writer._cursor, begin)
    now = clock()
    command = RecordEvent(new_id(now), ADA, now, "words", 10_000_000, now, key=key)
    try:
        (answer,) = await record(Meeting(store.ledger, barrier), Rulebooks(store.catalog), [command])
        return answer
    finally:
        await store.close()


def counted_right(answers, total, drifts, keys):
    """Tell whether both are answered, and everything happened as if one had come after the other."""
    if not all(isinstance(answer, Outcome) for answer in answers):
        return False
    completed = sorted(len(answer.completed) for answer in answers if answer.replay is None)
    once = keys[0] is not None
    return (completed, total, drifts) == (([1], 10_000_000, []) if once else ([0, 1], 20_000_000, []))


@pytest.mark.parametrize("keys", KEYS)
async def test_two_connections_count_right_while_each_locks_before_it_reads(path, keys):
    assert counted_right(*await two_at_once(path, keys), keys)


@pytest.mark.parametrize(
    ("begin", "refusal"), [("BEGIN", Unavailable), ("", Conflict)], ids=["to write only", "none"]
)
@pytest.mark.parametrize("keys", KEYS)
async def test_without_the_lock_before_reading_the_second_writer_is_refused(path, keys, begin, refusal):
    """SQLite itself notices that what was read is old, and without any lock the constraints do.

    The facts fail, but nothing is counted wrongly.
    """
    answers, total, drifts = await two_at_once(path, keys, begin=begin)
    assert not counted_right(answers, total, drifts, keys)
    assert sum(isinstance(answer, refusal) for answer in answers) == 1
    assert (total, drifts) == (10_000_000, [])


@pytest.mark.parametrize("keys", KEYS)
async def test_without_both_an_achievement_is_completed_twice_and_the_audit_says_so(path, keys):
    drop_constraints(f"sqlite:{path}")
    answers, total, drifts = await two_at_once(path, keys, begin="")
    assert not counted_right(answers, total, drifts, keys)
    assert [len(answer.completed) for answer in answers] == [1, 1]
    assert drifts
